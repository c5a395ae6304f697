package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRefused;
import io.sotto.pki.Reason;
import io.sotto.rpc.RpcResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever acts as a server has to be one, where the certificates of servers are looked at. */
class ProvenServersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final PeerRefused CLIENT = new PeerRefused(
            Reason.WRONG_NAME, "x509: certificate is valid for client.dc1.consul, localhost, not server.dc1.consul");
    private static final PeerRefused STRANGER =
            new PeerRefused(Reason.UNKNOWN_AUTHORITY, "x509: certificate signed by unknown authority");
    private static final RpcResult ANSWERED = new RpcResult.Answered(ScriptedServer.PONG);

    private final PoolWorld world = new PoolWorld();

    private void naming() {
        world.namesServers.set(true);
        world.generation.incrementAndGet();
    }

    @Test
    void aClientThatActsAsServerIsFoundOutWithoutACallAndNeverListed() {
        try (world) {
            naming();
            world.server("thief").refused = Optional.of(CLIENT);
            world.withServers("a", "thief", "b");
            assertThat(world.state.servers(PoolWorld.HOME))
                    .as("nobody has proven anything")
                    .isEmpty();
            world.pass(SECOND);

            assertThat(world.state.servers(PoolWorld.HOME))
                    .extracting(RpcPeer::name)
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(world.alarms).singleElement().satisfies(alarm -> {
                assertThat(alarm.peer().name()).isEqualTo("thief");
                assertThat(alarm.refused()).isEqualTo(CLIENT);
            });
            for (int i = 0; i < 100; i++) {
                assertThat(world.end(world.call("KVS.Get"), SECOND)).isEqualTo(ANSWERED);
                world.pass(Duration.ofSeconds(30));
            }
            assertThat(world.server("thief").ran).isEmpty();
            assertThat(world.server("thief").dials)
                    .as("it gets another chance now and then")
                    .isGreaterThan(5);
            assertThat(world.alarms).as("told once").hasSize(1);
        }
    }

    @Test
    void callsDoNotWaitForServersToProveThemselves() {
        try (world) {
            naming();
            world.withServers("a");
            assertThat(world.end(world.call("KVS.Get"), SECOND)).isEqualTo(ANSWERED);
            assertThat(world.server("a").dials).isEqualTo(1);
        }
    }

    @Test
    void whereAllAreRefusedACallSaysWhyAndDoesNotWait() {
        try (world) {
            naming();
            world.server("thief").refused = Optional.of(CLIENT);
            world.withServers("thief");
            CompletableFuture<RpcResult> first = world.call("KVS.Get");
            world.pass(Duration.ofMillis(100));
            assertThat(first)
                    .isCompletedWithValue(new RpcResult.Unreachable(
                            "rpc error getting client: failed to get conn: " + CLIENT.text(), false));
            assertThat(world.call("KVS.Get"))
                    .isCompletedWithValue(
                            new RpcResult.Unreachable("No known Consul servers: " + CLIENT.text(), false));
        }
    }

    @Test
    void aRefusalThatIsNoTheftIsNoAlarmAndDoesNotHoldTheCallUp() {
        try (world) {
            world.withServers("a", "b");
            world.servers.values().forEach(server -> server.refused = Optional.of(STRANGER));
            CompletableFuture<RpcResult> call = world.call("KVS.Get");
            world.pass(Duration.ofMillis(100));
            assertThat(call)
                    .isCompletedWithValue(new RpcResult.Unreachable(
                            "rpc error getting client: failed to get conn: " + STRANGER.text(), false));
            assertThat(world.alarms).isEmpty();
            assertThat(world.state.servers(PoolWorld.HOME)).hasSize(2);
        }
    }

    @Test
    void otherSettingsMakeEveryServerProveItselfAnew() {
        try (world) {
            world.withServers("a", "b");
            world.end(world.call("KVS.Get"), SECOND);
            world.server("b").refused = Optional.of(CLIENT);
            world.namesServers.set(true);
            world.renew();
            world.pass(Duration.ofSeconds(3));
            assertThat(world.state.servers(PoolWorld.HOME))
                    .extracting(RpcPeer::name)
                    .containsExactly("a");
            assertThat(world.alarms).hasSize(1);

            world.server("b").refused = Optional.empty();
            world.renew();
            world.pass(Duration.ofSeconds(12));
            assertThat(world.state.servers(PoolWorld.HOME)).hasSize(2);
            world.namesServers.set(false);
            world.server("b").refused = Optional.of(CLIENT);
            world.renew();
            assertThat(world.state.servers(PoolWorld.HOME)).as("nobody looks").hasSize(2);
        }
    }
}
