package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.supervision.FailsOnce;
import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of docs/internals/supervision.md: each actor of the calls is made to fail on every kind of message that it gets, before it has
 * done anything and after all of it, while calls go on, connections are replaced, and peers come and go. No call fails.
 */
class CallsUnderFaultsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(20);
    private static final int CALLS_OF_A_ROUND = 50;
    private static final int ROUNDS_MAX = 400;

    /** Short, so that every timer has its turn. */
    private static final RpcPoolSettings SETTINGS = settings();

    private final List<Made> calls = new ArrayList<>();
    private int round;

    private record Made(String what, CompletableFuture<RpcResult> end) {}

    private static RpcPoolSettings settings() {
        RpcPoolSettings defaults = RpcPoolSettings.defaults();
        return new RpcPoolSettings(
                defaults.holdTimeout(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                defaults.backoffMin(),
                defaults.backoffMax(),
                defaults.maxWaiting(),
                defaults.limit());
    }

    @ParameterizedTest
    @ValueSource(classes = {RpcPool.class, RpcConnection.class})
    void aFaultOnAnyMessageLosesNoCallAndNoConnection(Class<?> actor) {
        FailsOnce faults = new FailsOnce();
        Set<String> expected = kinds(actor);
        try (PoolWorld world = new PoolWorld(SETTINGS, 1)) {
            world.namesServers.set(true);
            world.withServers("a", "b", "c").withMembers("web", "m1", "m2", "m3");
            world.pass(Duration.ofSeconds(1));
            world.state.inject(kind -> kind == actor ? faults : SecondTry.Faults.NONE);
            while (!faults.kinds().containsAll(expected) && round < ROUNDS_MAX) {
                round++;
                faults.arm();
                disturb(world);
                work(world);
            }
            faults.disarm();
            world.servers.values().forEach(server -> server.down = Optional.empty());
            world.pass(TIMEOUT);

            assertThat(faults.kinds()).as("messages that were failed on").containsAll(expected);
            assertThat(calls)
                    .as("calls that were not answered after %s", faults.fired())
                    .allMatch(call -> call.end.getNow(null) instanceof RpcResult.Answered);
            assertThat(world.state.servers(PoolWorld.HOME)).hasSize(3);
            work(world);
            world.servers.forEach((name, server) ->
                    assertThat(server.open()).as("links to %s", name).hasSizeLessThanOrEqualTo(1));
            stop(world, actor == RpcPool.class ? faults : new FailsOnce());
        }
    }

    /** All that it can be told but its end. */
    private static Set<String> kinds(Class<?> actor) {
        Class<?> commands = actor == RpcPool.class ? RpcPool.Command.class : RpcConnection.Command.class;
        return Arrays.stream(commands.getPermittedSubclasses())
                .filter(kind -> kind != RpcPool.Stop.class)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    }

    /** Whatever happens to the connections of a node that is well. */
    private void disturb(PoolWorld world) {
        ScriptedServer server = world.server(List.of("a", "b", "c").get(round % 3));
        world.server("c").down = Optional.empty();
        world.server("m3").dialTime = Duration.ofMillis(1);
        switch (round % 8) {
            case 0 -> world.renew();
            case 1 -> server.open().forEach(ScriptedServer.Link::drain);
            case 2 -> {
                world.server("c").down = Optional.of("connection refused");
                world.server("c").open().forEach(ScriptedServer.Link::drain);
            }
            case 3 -> {
                world.peers.remove("m3");
                world.tellPeers();
            }
            case 4 -> world.withMembers("web", "m3");
            case 5 -> {
                world.peers.computeIfPresent("m1", (name, peer) -> offersTls(peer, !peer.offersTls()));
                world.tellPeers();
            }
            case 6 -> {
                // Its successor comes too late.
                world.server("m1").dialTime = Duration.ofSeconds(6);
                world.renew();
            }
            default -> {
                world.server("m1").dialTime = Duration.ofMillis(1);
                server.answers = request -> Optional.of(new RpcResult.Failed("No cluster leader"));
            }
        }
    }

    private static RpcPeer offersTls(RpcPeer peer, boolean offers) {
        return new RpcPeer(
                peer.name(), peer.address(), offers, peer.datacenter(), peer.role(), peer.isSotto(), peer.expected());
    }

    /** A second of calls; every few rounds some of those called are left alone until their connections go. */
    private void work(PoolWorld world) {
        for (int i = 0; i < CALLS_OF_A_ROUND; i++) {
            call(world, Callee.servers(PoolWorld.HOME), "Catalog.ListNodes");
            if (round / 8 % 2 == 0) {
                call(world, Callee.member("m1"), "Shop.Buy");
            }
            call(world, Callee.member("m2"), "Shop.Buy");
            if (world.peers.containsKey("m3") && i == 0) {
                call(world, Callee.member("m3"), "Shop.Buy");
            }
            world.pass(BETWEEN_CALLS);
        }
        world.servers
                .values()
                .forEach(
                        server -> server.answers = request -> Optional.of(new RpcResult.Answered(ScriptedServer.PONG)));
    }

    private void call(PoolWorld world, Callee callee, String method) {
        CompletableFuture<RpcResult> end =
                world.calls.to(callee, ReadMethods::contains).call(new RpcRequest(method, Octets.hex("80"), TIMEOUT));
        calls.add(new Made(callee + " in round " + round, end));
    }

    private static void stop(PoolWorld world, FailsOnce faults) {
        faults.arm();
        var recorder = world.virtual.<Done>recorder();
        world.pool.tell(new RpcPool.Stop(recorder.ref()));
        world.pass(Duration.ofSeconds(20));
        assertThat(recorder.all()).as("told that all has ended").isNotEmpty();
        assertThat(world.servers.values())
                .allSatisfy(server -> assertThat(server.open()).isEmpty());
    }
}
