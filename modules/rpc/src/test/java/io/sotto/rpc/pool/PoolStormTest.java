package io.sotto.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, every call ends in time, in a value, and no write runs twice. A seed repeats its storm. */
class PoolStormTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private record Made(CompletableFuture<RpcResult> future, long atNanos) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyCallEndsInTimeAndNoWriteRunsTwice(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (PoolWorld world = new PoolWorld(RpcPoolSettings.defaults(), seed).withServers("a", "b", "c")) {
            Set<String> ranOnce = new HashSet<>();
            List<String> ranTwice = new ArrayList<>();
            for (ScriptedServer server : world.servers.values()) {
                server.answers = request -> {
                    String id = request.body().toHex();
                    if (random.nextInt(10) == 0) {
                        return Optional.of(new RpcResult.Failed("No cluster leader"));
                    }
                    if (request.method().equals("KVS.Apply") && !ranOnce.add(id)) {
                        ranTwice.add(id);
                    }
                    return random.nextInt(20) == 0
                            ? Optional.empty()
                            : Optional.of(new RpcResult.Answered(request.body()));
                };
            }
            List<Made> all = new ArrayList<>();
            for (int step = 0; step < 3_000; step++) {
                disturb(world, random);
                String method = random.nextBoolean() ? "KVS.Apply" : "KVS.Get";
                Octets body = Octets.wrap(new byte[] {(byte) (step >>> 8), (byte) step});
                CompletableFuture<RpcResult> call = world.toServers().call(new RpcRequest(method, body, TIMEOUT));
                all.add(new Made(call, world.virtual.nanos()));
                if (random.nextInt(50) == 0) {
                    call.cancel(false);
                }
                world.pass(Duration.ofMillis(random.nextInt(40)));
            }
            world.pass(TIMEOUT);

            assertThat(all)
                    .as("seed %d", seed)
                    .allMatch(made -> made.future.isDone() && !made.future.isCompletedExceptionally());
            assertThat(ranTwice).as("seed %d", seed).isEmpty();
            long answered = all.stream()
                    .filter(made -> made.future.join() instanceof RpcResult.Answered)
                    .count();
            assertThat(answered).as("seed %d", seed).isGreaterThan(1_500);
            for (ScriptedServer server : world.servers.values()) {
                assertThat(server.open()).as("seed %d", seed).hasSizeLessThanOrEqualTo(2);
                assertThat(server.diallingAtMost).as("seed %d", seed).isLessThanOrEqualTo(1);
            }
        }
    }

    private static void disturb(PoolWorld world, SplittableRandom random) {
        List<ScriptedServer> servers = List.copyOf(world.servers.values());
        ScriptedServer server = servers.get(random.nextInt(servers.size()));
        switch (random.nextInt(200)) {
            case 0 -> server.open().forEach(ScriptedServer.Link::breakDown);
            case 1, 2 -> server.open().forEach(ScriptedServer.Link::drain);
            case 3 -> server.down = Optional.of("connection refused");
            case 4, 5, 6 -> server.down = Optional.empty();
            case 7 -> world.renew();
            case 8 -> {
                List<String> names = List.copyOf(world.servers.keySet());
                world.peers.remove(names.get(random.nextInt(names.size())));
                world.tellPeers();
            }
            case 9, 10 -> world.withServers("a", "b", "c");
            case 11 -> server.dialTime = Duration.ofMillis(random.nextInt(500));
            default -> {
                // Nothing, most of the time.
            }
        }
    }
}
