package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.rpc.pool.RpcPeer;
import io.sotto.rpc.pool.RpcPool;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who follow a pool for a node go on after a fault, and do what it lost. */
class PoolFollowersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> SERVER =
            Map.of("role", "consul", "dc", "dc1", "port", "8300", "sotto", "1", "wan_join_port", "8302");

    private final ActorTestKit kit = ActorTestKit.create("followers", ConfigFactory.load());
    private final List<ActorRef<MemberEvent>> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicInteger faults = new AtomicInteger();
    private final LinkedBlockingQueue<List<String>> joined = new LinkedBlockingQueue<>();

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void whoTellsOfPeersTellsThemAgainAfterAFault() {
        TestProbe<RpcPool.Command> connections = kit.createTestProbe();
        kit.spawn(RpcPeers.create(pool(true), Optional.empty(), "dc1", connections.ref()));
        connections.expectMessageClass(RpcPool.Peers.class, PATIENCE);

        faults.set(1);
        happened();

        RpcPool.Peers again = connections.expectMessageClass(RpcPool.Peers.class, PATIENCE);
        assertThat(again.peers()).extracting(RpcPeer::name).containsExactly("a");
        assertThat(faults).hasValue(0);
        happened();
        connections.expectMessageClass(RpcPool.Peers.class, PATIENCE);
        assertThat(subscribers).hasSize(1);
    }

    @Test
    void whoJoinsServersToTheWanDoesSoAfterAFault() throws Exception {
        faults.set(1);
        kit.spawn(FloodJoin.create(pool(true), pool(false), "dc1", Duration.ofMillis(100)));

        assertThat(joined.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsExactly("127.0.0.1:8302");
        assertThat(faults).hasValue(0);
        assertThat(subscribers).hasSize(1);
    }

    @Test
    void whoMeetsOtherDatacentersDoesSoAfterAFault() throws Exception {
        kit.spawn(FirstContact.create(pool(true), "dc9"));
        kit.createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(subscribers).hasSize(1);
            return true;
        });
        faults.set(1);
        happened();
        happened();

        assertThat(joined.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsExactly("127.0.0.1:8301");
        assertThat(subscribers).hasSize(1);
    }

    private void happened() {
        subscribers.forEach(subscriber -> subscriber.tell(new MemberEvent(MemberEvent.Kind.JOINED, member())));
    }

    private static Member member() {
        return WanMembers.alive("a", "127.0.0.1", 8301, SERVER);
    }

    /** A pool with one other member, whose questions fail as often as {@link #faults} says. */
    private Pool pool(boolean hasMember) {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "subscribe" -> {
                            @SuppressWarnings("unchecked")
                            ActorRef<MemberEvent> subscriber = (ActorRef<MemberEvent>) arguments[0];
                            subscribers.add(subscriber);
                            return null;
                        }
                        case "members" -> {
                            fail();
                            return hasMember ? List.of(member()) : List.of();
                        }
                        case "self" -> {
                            return WanMembers.alive("self.dc1", "127.0.0.2", 8302, SERVER);
                        }
                        case "join" -> {
                            fail();
                            List<String> addresses = new ArrayList<>();
                            ((List<?>) arguments[0]).forEach(address -> addresses.add(String.valueOf(address)));
                            joined.add(addresses);
                            return CompletableFuture.completedFuture(new JoinOutcome(1, List.of()));
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private void fail() {
        if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("made to fail");
        }
    }
}
