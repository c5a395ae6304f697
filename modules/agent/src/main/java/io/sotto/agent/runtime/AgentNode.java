package io.sotto.agent.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.agent.access.TokenFile;
import io.sotto.agent.access.TokenFileException;
import io.sotto.agent.access.TokenKeeper;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.http.AgentApi;
import io.sotto.agent.http.AgentControl;
import io.sotto.agent.http.AgentFacts;
import io.sotto.agent.http.DebugConfig;
import io.sotto.agent.http.HttpListener;
import io.sotto.agent.http.IpText;
import io.sotto.agent.port.Guests;
import io.sotto.agent.port.PortCounters;
import io.sotto.agent.port.PortSettings;
import io.sotto.cluster.Pool;
import io.sotto.cluster.PoolStartException;
import io.sotto.cluster.Reloaded;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.UpshiftRequest;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.pki.TlsSnapshot;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An agent without a process around it: an actor system, the node in it, and its HTTP API. Several may run in one JVM.
 *
 * <p>{@link #create} builds it, {@link #listen} makes it reachable, {@link #leave} and {@link #stop} end it; {@link #stop}
 * alone is an abrupt end, which other members see as a failure. All methods but {@link #create} may be called from any
 * thread and do not block.
 */
public final class AgentNode {
    private static final String ENCRYPT = "sotto.encrypt";
    static final String ACL_TOKEN = "sotto.acl-token";
    private static final List<String> SECRETS = List.of(
            ENCRYPT,
            ACL_TOKEN,
            "sotto.acl.tokens.initial-management",
            "sotto.acl.tokens.agent-recovery",
            "sotto.acl.tokens.default");
    private static final Duration TOKENS_LOOK = Duration.ofSeconds(2);
    private static final String SYSTEM_NAME = "sotto";
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
            NodeDuties duties = new NodeDuties(
                    system,
                    sotto,
                    loaded.settings(),
                    config,
                    Clock.systemUTC(),
                    () -> ThreadLocalRandom.current().nextLong());
            Optional<ConsulServer> server = duties.serve(control);
            if (server.isEmpty()) {
                duties.beClient(nodeId);
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
            AgentApi api = NodeApi.create(
                    system, sotto, facts, duties, server, control, loaded, connections, tokens, Clock.systemUTC());
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

    static String advertised(Pool pool) {
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

    /** Runs an upshift, as its verbs do, and hands over how far it is; completes with its end. */
    public CompletionStage<Done> upshift(UpshiftRequest request, Consumer<UpshiftProgress> follower) {
        return sotto.upshift().run(request).runForeach(follower::accept, system);
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
