package io.sotto.agent.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.agent.access.AccessControl;
import io.sotto.agent.access.AccessCounters;
import io.sotto.agent.access.Token;
import io.sotto.agent.access.TokenControl;
import io.sotto.agent.access.TokenFile;
import io.sotto.agent.access.TokenFileException;
import io.sotto.agent.access.TokenKeeper;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.HttpLimits;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.events.AgentEvents;
import io.sotto.agent.events.MemberHistory;
import io.sotto.agent.exec.ExecCounts;
import io.sotto.agent.exec.ExecSettings;
import io.sotto.agent.exec.RemoteExec;
import io.sotto.agent.http.AgentApi;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.http.AgentFacts;
import io.sotto.agent.http.AgentListsApi;
import io.sotto.agent.http.CatalogApi;
import io.sotto.agent.http.CoordinateApi;
import io.sotto.agent.http.DebugConfig;
import io.sotto.agent.http.EventApi;
import io.sotto.agent.http.HealthApi;
import io.sotto.agent.http.HistoryApi;
import io.sotto.agent.http.HostApi;
import io.sotto.agent.http.HostFacts;
import io.sotto.agent.http.HttpListener;
import io.sotto.agent.http.IpText;
import io.sotto.agent.http.KeyringApi;
import io.sotto.agent.http.KvApi;
import io.sotto.agent.http.LogLines;
import io.sotto.agent.http.MonitorApi;
import io.sotto.agent.http.NomadApi;
import io.sotto.agent.http.PoolWatch;
import io.sotto.agent.http.QueryApi;
import io.sotto.agent.http.RotationApi;
import io.sotto.agent.http.RpcApi;
import io.sotto.agent.http.Servers;
import io.sotto.agent.http.SessionApi;
import io.sotto.agent.http.StatusApi;
import io.sotto.agent.http.UpshiftApi;
import io.sotto.agent.http.Wan;
import io.sotto.agent.http.WatchApi;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.agent.page.PageApi;
import io.sotto.agent.port.Guests;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortSettings;
import io.sotto.cluster.Pool;
import io.sotto.cluster.PoolStartException;
import io.sotto.cluster.Profile;
import io.sotto.cluster.Reloaded;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.client.ClientDuties;
import io.sotto.cluster.client.ClientIdentity;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.cluster.server.Federation;
import io.sotto.cluster.server.NomadRegion;
import io.sotto.cluster.server.ServerSettings;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.consul.ConsulRpc;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent without a process around it: an actor system, the node in it, and its HTTP API. Several may run in one JVM.
 *
 * <p>{@link #create} builds it, {@link #listen} makes it reachable, {@link #leave} and {@link #stop} end it; {@link #stop}
 * alone is an abrupt end, which other members see as a failure. All methods but {@link #create} may be called from any
 * thread and do not block.
 */
public final class AgentNode {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String ENCRYPT = "sotto.encrypt";
    private static final String ACL_TOKEN = "sotto.acl-token";
    private static final List<String> SECRETS = List.of(
            ENCRYPT,
            ACL_TOKEN,
            "sotto.acl.tokens.initial-management",
            "sotto.acl.tokens.agent-recovery",
            "sotto.acl.tokens.default");
    private static final Duration TOKENS_LOOK = Duration.ofSeconds(2);
    private static final String SYSTEM_NAME = "sotto";
    private static final Duration EXEC_CALL_TIME = Duration.ofSeconds(10);
    /** How long answers just given have until connections are closed. */
    private static final Duration HTTP_LINGER = Duration.ofMillis(300);

    private final ActorSystem<Void> system;
    private final Sotto sotto;
    private final AgentSettings settings;
    private final String nodeId;
    private final AgentApi api;
    private volatile GivenKey givenKey;
    private final Guests guests;
    private final Optional<TokenKeeper> tokens;
    private final List<HttpListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * The key of the settings last taken up, and the text in its place that went to the cluster module: none where a ring
     * on disk won over it at the start.
     */
    private record GivenKey(Optional<GossipKey> key, String text) {
        /** Without the text. */
        @Override
        public String toString() {
            return "GivenKey[" + key + "]";
        }
    }

    private AgentNode(
            ActorSystem<Void> system,
            Sotto sotto,
            LoadResult.Loaded loaded,
            String nodeId,
            AgentApi api,
            Guests guests,
            Optional<TokenKeeper> tokens) {
        this.system = system;
        this.sotto = sotto;
        this.settings = loaded.settings();
        this.nodeId = nodeId;
        this.api = api;
        this.guests = guests;
        this.tokens = tokens;
        this.givenKey = new GivenKey(settings.encrypt(), loaded.config().getString(ENCRYPT));
    }

    /**
     * Starts the actor system and the node in it; takes a moment, on the caller's thread.
     *
     * @param loaded what to run
     * @param nodeId the id that the node has, whatever {@code loaded} says
     * @param build the version that runs
     * @param control what the HTTP API may ask of whoever runs this node
     * @throws StartFailure if settings contradict themselves
     */
    public static AgentNode create(LoadResult.Loaded loaded, String nodeId, Build build, AgentControl control) {
        Config config = SystemTuning.tune(ofNode(loaded.config(), nodeId));
        // Pekko shows the configuration of a system to whoever asks, and logs it if told to: the key stays out of it.
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), SYSTEM_NAME, withoutSecrets(config));
        if (loaded.settings().ports().http() >= 0 || loaded.settings().web().httpsPort() >= 0) {
            Headstart.begin(system);
        }
        try {
            Sotto sotto = Sotto.create(system, config.getConfig("sotto"));
            AgentFacts facts = facts(loaded.settings(), nodeId, build, sotto.lan());
            Optional<ConsulServer> server = serve(system, sotto, config, loaded.settings(), control);
            if (server.isEmpty()) {
                beClient(system, sotto, config, loaded.settings(), nodeId);
            }
            PortCounters connections = new PortCounters();
            Guests guests = new Guests(PortSettings.from(config.getConfig("sotto.http")), connections);
            Optional<TokenKeeper> tokens = tokens(loaded.settings());
            tokens.ifPresent(keeper -> system.scheduler()
                    .scheduleWithFixedDelay(
                            TOKENS_LOOK,
                            TOKENS_LOOK,
                            keeper::look,
                            system.dispatchers().lookup(DispatcherSelector.blocking())));
            AgentApi api = api(system, sotto, facts, server, control, loaded, connections, tokens);
            return new AgentNode(system, sotto, loaded, nodeId, api, guests, tokens);
        } catch (RuntimeException e) {
            system.terminate();
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static Config withoutSecrets(Config config) {
        Config rest = config;
        for (String path : SECRETS) {
            rest = rest.withValue(path, ConfigValueFactory.fromAnyRef(""));
        }
        return rest;
    }

    /** What a server does for its datacenter and, by the WAN pool, for others; empty for agents that are none. */
    private static Optional<ConsulServer> serve(
            ActorSystem<Void> system, Sotto sotto, Config config, AgentSettings settings, AgentControl control) {
        if (settings.profile() == Profile.NOMAD) {
            beARegion(system, sotto, control);
            return Optional.empty();
        }
        if (!settings.server()) {
            return Optional.empty();
        }
        Optional<Federation> federation = sotto.wan()
                .map(wan -> new Federation(
                        wan,
                        datacenter -> sotto.rpc().to(Callee.servers(datacenter)),
                        () -> sotto.rpc().provesServers()));
        ServerSettings settled =
                new ServerSettings(settings.datacenter(), config.getDuration("sotto.rpc.hold-timeout"));
        ConsulServer server = ConsulServer.create(system, sotto.lan(), federation, settled, rival -> {
            LOG.error(
                    "Member \"{}\" is a real Consul server, beside which this one must not be in a datacenter: leaving",
                    rival.name());
            control.leave();
        });
        server.methods().forEach((method, served) -> sotto.rpc().serve(method, served.required(), served.endpoint()));
        return Optional.of(server);
    }

    /** What a server of Nomad's other regions expects of one of this. */
    private static void beARegion(ActorSystem<Void> system, Sotto sotto, AgentControl control) {
        NomadRegion.methods(sotto.lan())
                .forEach((method, endpoint) -> sotto.rpc().serve(method, PeerRole.UNPROVEN, endpoint));
        NomadRegion.watch(system, sotto.lan(), rival -> {
            LOG.error(
                    "Member \"{}\" is a real Nomad server in the region of this agent, which it would count as a peer:"
                            + " leaving the pool; set region to another",
                    rival.name());
            control.leave();
        });
    }

    /** What a client agent does for its datacenter. */
    private static void beClient(
            ActorSystem<Void> system, Sotto sotto, Config config, AgentSettings settings, String nodeId) {
        if (settings.profile() == Profile.CONSUL_CLIENT) {
            ClientIdentity self = new ClientIdentity(
                    settings.datacenter(),
                    settings.nodeName(),
                    nodeId,
                    advertised(sotto.lan()),
                    settings.nodeMeta(),
                    config.getString(ACL_TOKEN));
            RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
            system.systemActorOf(
                    ClientDuties.create(sotto.lan(), self, servers(sotto, settings), random),
                    "client-duties",
                    Props.empty());
        }
    }

    private static RpcCaller servers(Sotto sotto, AgentSettings settings) {
        return sotto.rpc().to(Callee.servers(settings.datacenter()));
    }

    private static Config ofNode(Config config, String nodeId) {
        return config.withValue("sotto.node-id", ConfigValueFactory.fromAnyRef(nodeId))
                // Whether to leave depends on why the agent ends; that is decided here and not by the actor system.
                .withValue("sotto.leave-on-shutdown", ConfigValueFactory.fromAnyRef(false));
    }

    /**
     * Takes up what can change while the node runs, all of it or nothing; never fails. Call it again only when the last
     * reload is done.
     */
    public CompletionStage<Reloaded> reload(LoadResult.Loaded read) {
        tokens.ifPresent(TokenKeeper::look);
        AgentSettings next = read.settings();
        boolean isSameId = next.nodeId().equals(settings.nodeId());
        Config config = ofNode(read.config(), isSameId ? nodeId : next.nodeId().orElse(""));
        // A key that stands there as before is no new one, whatever became of the ring since.
        GivenKey key = next.encrypt().equals(givenKey.key)
                ? givenKey
                : new GivenKey(next.encrypt(), read.config().getString(ENCRYPT));
        return sotto.reload(config.withValue(ENCRYPT, ConfigValueFactory.fromAnyRef(key.text))
                        .getConfig("sotto"))
                .thenApply(outcome -> {
                    if (outcome instanceof Reloaded.Applied) {
                        givenKey = key;
                    }
                    return outcome;
                });
    }

    /** None where everybody may do everything. */
    private static Optional<TokenKeeper> tokens(AgentSettings settings) {
        if (!settings.access().enabled()) {
            return Optional.empty();
        }
        byte[] salt = new byte[TokenKeeper.SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        try {
            return Optional.of(
                    TokenKeeper.load(settings.access(), salt, settings.dataDir().map(TokenFile::in)));
        } catch (TokenFileException e) {
            throw new StartFailure(e.text(), e);
        }
    }

    private static AgentApi api(
            ActorSystem<Void> system,
            Sotto sotto,
            AgentFacts facts,
            Optional<ConsulServer> server,
            AgentControl control,
            LoadResult.Loaded loaded,
            PortCounters connections,
            Optional<TokenKeeper> tokens) {
        AgentSettings settings = loaded.settings();
        HttpLimits limits = HttpLimits.of(loaded.config().getConfig("sotto"));
        Pool pool = sotto.lan();
        RpcCaller servers = servers(sotto, settings);
        ExecCounts commands = new ExecCounts();
        ActorRef<RemoteExec.Command> exec = exec(system, servers, settings, loaded.config(), commands);
        AgentEvents events = AgentEvents.create(
                pool, settings.profile(), settings.nodeName(), event -> exec.tell(new RemoteExec.Asked(event)));
        pool.userEvents().runForeach(events::received, system);
        String defaultToken =
                settings.access().fallbackToken().map(Token::secret).orElse("");
        Servers asked = new Servers(servers, settings.datacenter(), settings.nodeName(), () -> defaultToken);
        AccessCounters decisions = new AccessCounters();
        Clock clock = Clock.systemUTC();
        AccessControl access = tokens.<AccessControl>map(keeper -> TokenControl.create(
                        settings.access(),
                        keeper,
                        new AclOfServers(pool, settings.datacenter(), clock),
                        clock,
                        decisions))
                .orElseGet(AccessControl::open);
        PoolWatch watch = PoolWatch.of(
                facts, pool, sotto.rpc()::metrics, Clock.systemUTC(), limits.watchersMax(), limits.watcherBuffer());
        watch.run(system);
        MemberHistory history =
                MemberHistory.create(Clock.systemUTC(), loaded.config().getInt("sotto.member-history-max"));
        pool.memberEvents().runForeach(history::seen, system);
        LogLines log = level -> ConsoleLogging.tap()
                .map(tap -> tap.lines(ConsoleLogging.logback(level)))
                .orElse(Source.empty());
        return new AgentApi(
                facts,
                pool,
                sotto.wan()
                        .map(wan -> new Wan(
                                wan,
                                sotto::keyMismatch,
                                () -> server.map(ConsulServer::knownDatacenters).orElse(1))),
                control,
                Clock.systemUTC(),
                () -> Stream.of(
                                Stream.of(
                                        pool.metrics(),
                                        sotto.rpc().metrics(),
                                        connections.metrics(),
                                        commands.metrics(),
                                        watch.metrics(),
                                        decisions.metrics(
                                                tokens.map(TokenKeeper::tokens).orElse(0))),
                                sotto.wan().map(Pool::metrics).stream())
                        .flatMap(lists -> lists.flatMap(List::stream))
                        .toList(),
                access,
                loaded.config().getStringList("sotto.http.allowed-hosts"),
                new EventApi(events, asked, UUID::randomUUID),
                new QueryApi(pool, system),
                new KeyringApi(
                        server.map(ConsulServer::keyrings)
                                .orElseGet(() -> DatacenterKeyrings.of(settings.datacenter(), pool)),
                        pool,
                        sotto.wan(),
                        settings.datacenter(),
                        settings.nodeName()),
                new RotationApi(pool.clusterKeyring(), sotto.wan().isPresent(), system),
                new CoordinateApi(pool, asked),
                new CatalogApi(asked),
                new HealthApi(asked),
                new KvApi(asked, limits.kvValueMaxBytes()),
                new SessionApi(asked),
                new AgentListsApi(),
                new HostApi(
                        HostFacts.ofThisMachine(
                                settings.dataDir().orElse(Path.of(System.getProperty("java.io.tmpdir", ".")))),
                        system.dispatchers().lookup(DispatcherSelector.blocking()),
                        Clock.systemUTC()),
                new WatchApi(watch),
                new HistoryApi(history),
                new PageApi(loaded.config().getBoolean("sotto.ui")),
                new UpshiftApi(pool, sotto.wan()),
                settings.profile() == Profile.NOMAD
                        ? new NomadApi(pool)
                        : new StatusApi(settings.datacenter(), servers),
                new RpcApi(settings.datacenter(), servers, () -> defaultToken),
                new MonitorApi(log));
    }

    /** Runs commands of others, if it may, where nothing of this agent's is. */
    private static ActorRef<RemoteExec.Command> exec(
            ActorSystem<Void> system, RpcCaller servers, AgentSettings settings, Config config, ExecCounts counts) {
        ConsulRpc consul =
                ConsulRpc.create(servers, settings.datacenter(), EXEC_CALL_TIME).as(config.getString(ACL_TOKEN));
        return system.systemActorOf(
                RemoteExec.create(
                        ExecSettings.of(config.getConfig("sotto")),
                        settings.nodeName(),
                        consul,
                        Path.of(System.getProperty("java.io.tmpdir")),
                        System.getenv(),
                        counts,
                        Clock.systemUTC()),
                "remote-exec",
                Props.empty());
    }

    private static AgentFacts facts(AgentSettings settings, String nodeId, Build build, Pool pool) {
        return new AgentFacts(
                settings.datacenter(),
                settings.nodeName(),
                nodeId,
                build.version(),
                build.prerelease(),
                build.revision(),
                DebugConfig.of(settings, nodeId, build.version(), build.prerelease(), advertised(pool)));
    }

    private static String advertised(Pool pool) {
        return IpText.of(pool.self().address().ip());
    }

    /**
     * Completes once UDP, TCP and HTTP listen and the members to join at start have answered.
     *
     * @return fails with a {@link StartFailure}; the node is then stopped
     */
    public CompletionStage<AgentNode> listen() {
        List<CompletableFuture<?>> parts = new ArrayList<>();
        parts.add(sotto.lan().started().toCompletableFuture());
        parts.add(sotto.rpc().started().toCompletableFuture());
        sotto.wan().ifPresent(wan -> parts.add(wan.started().toCompletableFuture()));
        if (settings.ports().http() >= 0) {
            settings.httpAddrs()
                    .forEach(host -> parts.add(listen(host, settings.ports().http(), Optional.empty())));
        }
        if (settings.web().httpsPort() >= 0) {
            Optional<Supplier<TlsSnapshot>> tls = Optional.of(sotto.rpc()::tls);
            settings.httpsAddrs()
                    .forEach(host -> parts.add(listen(host, settings.web().httpsPort(), tls)));
        }
        CompletableFuture<AgentNode> ready = new CompletableFuture<>();
        // The first failure decides; the others need not be waited for.
        for (CompletionStage<?> part : parts) {
            part.whenComplete((done, failure) -> {
                if (failure != null) {
                    ready.completeExceptionally(reason(failure));
                }
            });
        }
        CompletionStage<?> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        all.whenComplete((done, failure) -> {
            if (failure == null) {
                ready.complete(this);
            }
        });
        return ready.whenComplete((node, failure) -> {
            if (failure != null) {
                stop(Duration.ZERO);
            }
        });
    }

    private CompletableFuture<HttpListener> listen(String host, int port, Optional<Supplier<TlsSnapshot>> tls) {
        CompletableFuture<HttpListener> bound = new CompletableFuture<>();
        HttpListener.start(system, host, port, guests, tls, api, Clock.systemUTC())
                .whenComplete((listener, failure) -> {
                    if (failure != null) {
                        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
                        bound.completeExceptionally(StartFailure.http(shown + ":" + port, failure));
                    } else {
                        listeners.add(listener);
                        bound.complete(listener);
                    }
                });
        return bound;
    }

    private static StartFailure reason(Throwable failure) {
        Throwable cause = StartFailure.unwrap(failure);
        if (cause instanceof StartFailure known) {
            return known;
        }
        return new StartFailure(
                cause instanceof PoolStartException ? String.valueOf(cause.getMessage()) : cause.toString(), cause);
    }

    /** The literal address that other members are told. */
    public String advertised() {
        return advertised(sotto.lan());
    }

    public Pool pool() {
        return sotto.lan();
    }

    /** The sockets of the HTTP API without TLS; empty before {@link #listen} completes or when it is turned off. */
    public List<InetSocketAddress> http() {
        return addresses(false);
    }

    /** The same over TLS. */
    public List<InetSocketAddress> https() {
        return addresses(true);
    }

    private List<InetSocketAddress> addresses(boolean secure) {
        return listeners.stream()
                .filter(listener -> listener.isSecure() == secure)
                .map(HttpListener::address)
                .toList();
    }

    /** For work that reads files or names; never for protocol work. */
    Executor blocking() {
        return system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Leaves the pool; completes when the leave has spread. The HTTP API still answers. */
    public CompletionStage<Done> leave() {
        return sotto.leave();
    }

    /**
     * Ends everything.
     *
     * @param grace for HTTP answers under way
     */
    public CompletionStage<Done> stop(Duration grace) {
        CompletableFuture<Done> stopped = new CompletableFuture<>();
        // An answer that was given a moment ago, such as that to a leave, may not be on the wire yet, and the HTTP
        // library would cut it off.
        Duration linger = grace.isZero() || listeners.isEmpty() ? Duration.ZERO : HTTP_LINGER;
        CompletableFuture.delayedExecutor(linger.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    CompletionStage<?> closing = CompletableFuture.allOf(listeners.stream()
                            .map(listener -> listener.stop(grace).toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new));
                    closing.whenComplete((closed, failure) -> {
                        system.terminate();
                        system.getWhenTerminated().whenComplete((done, fault) -> stopped.complete(Done.getInstance()));
                    });
                });
        return stopped;
    }
}
