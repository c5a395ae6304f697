package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;

/** A pool of connections in virtual time, and the servers that it dials. */
final class PoolWorld implements AutoCloseable {
    static final String HOME = "dc1";

    final VirtualTime virtual = VirtualTime.create(
            "rpc", ConfigFactory.parseString("pekko.loglevel = OFF").withFallback(ConfigFactory.load()));
    final AtomicLong generation = new AtomicLong(1);
    final AtomicBoolean namesServers = new AtomicBoolean();
    final AtomicLong throwing = new AtomicLong();
    /** How often the pool's own actor fails from now on, when it is told of peers. */
    final AtomicLong faults = new AtomicLong();

    final List<RpcAlarm> alarms = new ArrayList<>();
    final Map<String, ScriptedServer> servers = new TreeMap<>();
    final Map<String, RpcPeer> peers = new TreeMap<>();
    final RpcPoolState state;
    final ActorRef<RpcPool.Command> pool;
    final RpcCalls calls;

    PoolWorld(RpcPoolSettings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RpcPoolEnvironment environment = new RpcPoolEnvironment(
                peer -> {
                    if (throwing.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                        throw new IllegalStateException("a dialer that is broken");
                    }
                    return server(peer.name()).dial();
                },
                virtual::nanos,
                generation::get,
                () -> {
                    if (faults.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                        throw new IllegalStateException("made to fail");
                    }
                    return namesServers.get();
                },
                random::split,
                alarms::add);
        state = RpcPoolState.create(settings, environment);
        pool = virtual.spawn(RpcPool.create(state), "pool");
        calls = RpcCalls.over(virtual.system(), pool, state);
        virtual.settle();
    }

    PoolWorld() {
        this(RpcPoolSettings.defaults(), 1);
    }

    ScriptedServer server(String name) {
        return servers.computeIfAbsent(name, none -> new ScriptedServer(virtual, generation::get));
    }

    /** Servers of these names are there, and no others of them. */
    PoolWorld withServers(String... names) {
        for (String name : names) {
            peers.put(name, peer(name, "consul", PeerRole.SERVER));
            server(name);
        }
        tellPeers();
        return this;
    }

    PoolWorld withMembers(String role, String... names) {
        for (String name : names) {
            peers.put(name, peer(name, role, PeerRole.MEMBER));
            server(name);
        }
        tellPeers();
        return this;
    }

    private static RpcPeer peer(String name, String role, PeerRole expected) {
        return new RpcPeer(
                name, InetSocketAddress.createUnresolved(name + ".test", 8300), false, HOME, role, true, expected);
    }

    void tellPeers() {
        pool.tell(new RpcPool.Peers(List.copyOf(peers.values())));
        virtual.settle();
    }

    void renew() {
        generation.incrementAndGet();
        pool.tell(RpcPool.Renewed.INSTANCE);
        virtual.settle();
    }

    /** The server that calls go to. */
    ScriptedServer head() {
        return server(state.servers(HOME).get(0).name());
    }

    RpcCaller toServers() {
        return calls.to(Callee.servers(HOME), ReadMethods::contains);
    }

    CompletableFuture<RpcResult> call(String method) {
        return call(toServers(), method, Duration.ofSeconds(30));
    }

    static CompletableFuture<RpcResult> call(RpcCaller caller, String method, Duration timeout) {
        return caller.call(new RpcRequest(method, Octets.hex("80"), timeout));
    }

    /** How it ends, and that it does within {@code most}. */
    RpcResult end(CompletableFuture<RpcResult> call, Duration most) {
        return virtual.await(call, most);
    }

    void pass(Duration duration) {
        virtual.run(duration);
    }

    /** Nobody waits who has an answer, and nothing came from aside. */
    @Override
    public void close() {
        try {
            assertThat(state.waiting()).as("calls that wait").isZero();
            assertThat(virtual.stranger()).isEmpty();
        } finally {
            virtual.close();
        }
    }
}
