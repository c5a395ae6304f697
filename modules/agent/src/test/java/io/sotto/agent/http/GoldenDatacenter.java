package io.sotto.agent.http;

import io.sotto.agent.access.AccessControl;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.events.AgentEvents;
import io.sotto.cluster.Member;
import io.sotto.cluster.Profile;
import io.sotto.cluster.UserEvent;
import io.sotto.cluster.server.ConsulServer;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.cluster.server.Federation;
import io.sotto.cluster.server.ServerSettings;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.Cancellation;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.message.ConsulEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The datacenter of the golden captures with sotto agents in the place of the real ones: the server {@code srv} in a pool with the
 * client {@code cli} and in a WAN pool of its own. All of their code for HTTP and for servers runs; only the pools are made up.
 */
public final class GoldenDatacenter implements AutoCloseable {
    private static final String BUILD = "1.8.7:";
    private static final String VERSION = "1.8.7";
    private static final UUID X = UUID.fromString("414bf30a-05ae-5827-6a8f-0524a5f07aef");
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "golden");
    private final FakeKeyring lanKeys = new FakeKeyring("srv", "cli");
    private final FakeKeyring wanKeys = new FakeKeyring("srv.dc1");
    private final AtomicReference<List<Member>> members = new AtomicReference<>(FakePool.members(BUILD));
    private final FakePool srv = new FakePool("srv", "127.0.21.13", members, lanKeys);
    private final FakePool cli = new FakePool("cli", "127.0.21.11", members, lanKeys);
    private final FakePool wan = new FakePool(
            "srv.dc1",
            "127.0.21.11",
            new AtomicReference<>(List.of(FakePool.server("srv.dc1", 8302, Map.of()))),
            wanKeys);
    private final ConsulServer server;
    private final AgentApi ofServer;
    private final AgentApi ofClient;

    /**
     * All members hold this key.
     *
     * @param directory for the configuration
     */
    public GoldenDatacenter(Path directory, String key) throws IOException {
        lanKeys.with(key);
        wanKeys.with(key);
        wan.memberTime = 1;
        wan.eventTime = 1;
        wan.queryTime = 22;
        RpcCaller nobody = request -> CompletableFuture.completedFuture(new RpcResult.Failed("No path to datacenter"));
        this.server = ConsulServer.create(
                system,
                srv,
                Optional.of(new Federation(wan, datacenter -> nobody, () -> false)),
                new ServerSettings("dc1", Duration.ofSeconds(7)),
                rival -> {});
        this.ofServer = api(
                srv,
                facts(directory, "srv", "127.0.21.11", FakePool.SERVER_ID, """
                        "server": true, "disable_remote_exec": true"""),
                Optional.of(new Wan(wan, Optional::empty, server::knownDatacenters)),
                new KeyringApi(server.keyrings(), srv, Optional.of(wan), "dc1", "srv"));
        this.ofClient = api(
                cli,
                facts(directory, "cli", "127.0.21.13", FakePool.CLIENT_ID, """
                        "disable_remote_exec": false, "leave_on_terminate": false, "retry_join": ["127.0.21.11"]"""),
                Optional.empty(),
                new KeyringApi(DatacenterKeyrings.of("dc1", cli), cli, Optional.empty(), "dc1", "cli"));
    }

    /** Has all agents see a member so. */
    public GoldenDatacenter seeing(String member, Member.Status status) {
        srv.sees(member, status);
        return this;
    }

    /** The clocks of the LAN pool as they are in a capture. */
    public GoldenDatacenter clocks(long memberTime, long eventTime) {
        for (FakePool pool : List.of(srv, cli)) {
            pool.memberTime = memberTime;
            pool.eventTime = eventTime;
        }
        return this;
    }

    /** What waits to be gossiped. */
    public GoldenDatacenter queues(int events, int queriesOfServer, int queriesOfClient) {
        srv.eventQueue = events;
        cli.eventQueue = events;
        srv.queryQueue = queriesOfServer;
        cli.queryQueue = queriesOfClient;
        wan.queryQueue = 21;
        return this;
    }

    private static AgentFacts facts(Path directory, String name, String address, String id, String more)
            throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".json"), """
                {"node_name": "%s", "datacenter": "dc1", "bind_addr": "%s", "client_addr": "%s", "log_level": "DEBUG",
                 "data_dir": "/opt/consul/data", "encrypt": "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=", %s}
                """.formatted(name, address, address, more));
        LoadResult.Loaded loaded = (LoadResult.Loaded) new SettingsLoader(() -> name, () -> "")
                .load(new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), Map.of(), false));
        return new AgentFacts(
                "dc1", name, id, VERSION, "", "", DebugConfig.of(loaded.settings(), id, VERSION, "", address));
    }

    private AgentApi api(FakePool pool, AgentFacts facts, Optional<Wan> beyond, KeyringApi keyring) {
        AgentEvents events =
                AgentEvents.create(pool, Profile.CONSUL_CLIENT, pool.self().name(), commands -> {});
        ConsulEvent x = new ConsulEvent(X.toString(), "x", Octets.empty(), "", "", "", ConsulEvent.VERSION);
        events.received(new UserEvent(3, x.serfName(), x.encode(), false));
        Servers servers = new Servers(this::call, "dc1", facts.nodeName(), () -> "");
        return new AgentApi(
                facts,
                pool,
                beyond,
                new PoolControl(pool),
                () -> Instant.parse("2026-11-22T01:22:00Z"),
                pool::metrics,
                AccessControl.open(),
                keyring,
                new EventApi(events, servers, UUID::randomUUID),
                new CoordinateApi(pool, servers),
                new CatalogApi(servers),
                new HealthApi(servers),
                new KvApi(servers, 512 * 1024),
                new SessionApi(servers),
                new AgentListsApi(),
                new StatusApi("dc1", this::call),
                new MonitorApi(level -> Source.empty()),
                new UpshiftApi(pool, beyond.map(Wan::pool)));
    }

    /** A call to the server, as the pool of connections would bring it there. */
    private CompletableFuture<RpcResult> call(RpcRequest request) {
        Cancellation never = new Cancellation() {
            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void onCancel(Runnable action) {}
        };
        Endpoints.Served served = Optional.ofNullable(server.methods().get(request.method()))
                .orElseThrow(() -> new AssertionError("not served: " + request.method()));
        return served.endpoint()
                .answer(new IncomingCall(request.method(), request.body(), CLIENT, PeerRole.UNPROVEN, Set.of(), never))
                .toCompletableFuture()
                .thenApply(answer -> answer instanceof RpcAnswer.Reply reply
                        ? new RpcResult.Answered(reply.body())
                        : new RpcResult.Failed("rpc error making call: " + ((RpcAnswer.Fault) answer).text()));
    }

    /** An agent, to be asked. */
    public GoldenAgent agent(String name) {
        return new GoldenAgent(name.equals("srv") ? ofServer : ofClient);
    }

    @Override
    public void close() {
        system.terminate();
    }
}
