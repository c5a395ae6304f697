package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A gossip port under siege, by a process of its own: 10,000 connections that send nothing, from 100 addresses, and 2,000
 * that send a byte every 3 s, from the very address that joins come from. Where the descriptors do not suffice, fewer, and
 * it says so.
 */
final class SiegeIT {
    private static final int IDLE = 10_000;
    private static final int SLOW = 2_000;
    private static final int SPARE_DESCRIPTORS = 500;
    private static final int JOINS_AT_ONSET = 20;
    /** Longer than the deadline of a connection. */
    private static final Duration SIEGE = Duration.ofSeconds(12);

    private static final int JOINS_IN_PEACE = 50;
    private static final Duration JOIN_MAX = Duration.ofSeconds(2);
    private static final int SLOWER_THAN_IN_PEACE_MAX = 10;
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(30);
    private static final long HEAP_TOLERANCE_BYTES = 8L << 20;
    private static final int DESCRIPTOR_TOLERANCE = 8;
    private static final Config QUIET = ConfigFactory.parseString("""
            sotto { profile = "serf", bind-addr = "127.0.0.1", ports.serf-lan = 0 }
            pekko.loglevel = "WARNING"
            """).withFallback(ConfigFactory.load());

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @AfterEach
    void endTheSystems() throws Exception {
        systems.forEach(ActorSystem::terminate);
        for (var system : systems) {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void joinsGetThroughThousandsOfIdleAndSlowConnectionsAndAllIsGivenBackAfterwards() throws Exception {
        Pool target = start("target");
        Pool joiner = start("joiner");
        List<String> address = List.of("127.0.0.1:" + target.self().address().port());
        long inPeace = 0;
        for (int i = 0; i < JOINS_IN_PEACE; i++) {
            inPeace = Math.max(inPeace, joinMillis(joiner, address));
        }
        long descriptors = descriptors();
        long heap = heapBytes();

        Process siege = besiege(target.self().address().port());
        List<Long> joins = new ArrayList<>();
        try {
            for (int i = 0; i < JOINS_AT_ONSET; i++) {
                joins.add(joinMillis(joiner, address));
            }
            awaitOpened(siege);
            long end = System.nanoTime() + SIEGE.toNanos();
            while (System.nanoTime() < end) {
                joins.add(joinMillis(joiner, address));
            }
            List<Long> sorted = joins.stream().sorted().toList();
            System.out.println("SiegeIT: " + joins.size() + " joins, in ms: median " + sorted.get(joins.size() / 2)
                    + ", the slowest " + sorted.subList(Math.max(0, joins.size() - 10), joins.size())
                    + ", in peace " + inPeace + "; descriptors " + descriptors + " before, " + descriptors()
                    + " in the siege");
            assertThat(siege.isAlive()).isTrue();
        } finally {
            siege.destroyForcibly().waitFor();
        }

        // A machine that is slow in peace may be slower in a siege.
        long slowest = Math.max(JOIN_MAX.toMillis(), SLOWER_THAN_IN_PEACE_MAX * inPeace);
        assertThat(joins).allMatch(millis -> millis < slowest, "takes less than " + slowest + " ms");
        Awaitility.await()
                .atMost(RECOVERY_MAX)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    assertThat(descriptors()).isLessThanOrEqualTo(descriptors + DESCRIPTOR_TOLERANCE);
                    assertThat(heapBytes()).isLessThanOrEqualTo(heap + HEAP_TOLERANCE_BYTES);
                });
        assertThat(joinMillis(joiner, address)).as("a join afterwards").isLessThan(slowest);
    }

    private static long joinMillis(Pool joiner, List<String> address) throws Exception {
        long begun = System.nanoTime();
        JoinOutcome outcome = joiner.join(address).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.contacted()).isEqualTo(1);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private static Process besiege(int port) throws IOException {
        long most = bean().getMaxFileDescriptorCount() - SPARE_DESCRIPTORS;
        int idle = (int) Math.min(IDLE, most * IDLE / (IDLE + SLOW));
        int slow = (int) Math.min(SLOW, most * SLOW / (IDLE + SLOW));
        if (idle < IDLE || slow < SLOW) {
            System.out.println("SiegeIT: ATTENTION, ulimit -n of " + bean().getMaxFileDescriptorCount()
                    + " allows only " + idle + " idle and " + slow + " slow connections");
        }
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Besieger.class.getName(),
                        String.valueOf(port),
                        String.valueOf(idle),
                        String.valueOf(slow))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitOpened(Process siege) throws IOException {
        try (var out = new BufferedReader(new InputStreamReader(siege.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("opened");
        }
    }

    private Pool start(String name) throws Exception {
        Config settings = ConfigFactory.parseString("sotto.node-name = " + name).withFallback(QUIET);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), name, settings);
        systems.add(system);
        Pool pool = Sotto.get(system).lan();
        pool.started().toCompletableFuture().get(30, TimeUnit.SECONDS);
        return pool;
    }

    private static long descriptors() {
        return bean().getOpenFileDescriptorCount();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static UnixOperatingSystemMXBean bean() {
        return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }
}
