package io.sotto.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sotto.cluster.Sotto;
import io.sotto.wire.Octets;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The figures of a node on loopback, in a registry. */
class SottoMetricsTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `(sotto\\.(?:gossip|rpc|tls)\\.[a-z_.]+)` \\| (counter|gauge) \\|.*");

    private final ActorTestKit kit = ActorTestKit.create("metrics", ConfigFactory.load());
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void everyFigureOfThePageIsThereAndOfItsKind() throws IOException {
        new SottoMetrics(start("a").metrics()).bindTo(registry);

        for (String line : page()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(registry.find(row.group(1)).meters())
                        .as(row.group(1))
                        .isNotEmpty()
                        .allSatisfy(meter -> assertThat(meter)
                                .isInstanceOf(row.group(2).equals("counter") ? FunctionCounter.class : Gauge.class));
            }
        }
        assertThat(names())
                .containsExactlyInAnyOrderElementsOf(start("b").metrics().catalogue().stream()
                        .map(MetricName::dotted)
                        .toList());
    }

    @Test
    void valuesAreThoseOfNow() {
        Sotto a = start("a");
        new SottoMetrics(a.metrics()).bindTo(registry);
        Sotto b = start("b");
        b.join(List.of(a.self().address().toString())).toCompletableFuture().join();

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            clock.add(Duration.ofSeconds(1));
            assertThat(registry.get("sotto.gossip.members")
                            .tags("pool", "lan", "status", "alive")
                            .gauge()
                            .value())
                    .isEqualTo(2);
            assertThat(registry.get("sotto.gossip.datagrams.sent")
                            .functionCounter()
                            .count())
                    .isPositive();
        });
        assertThat(registry.get("sotto.tls.certificate.left.seconds").gauge().value())
                .isNaN();
    }

    @Test
    void nodesInOneRegistryAreToldApartByTags() {
        new SottoMetrics(start("a").metrics(), List.of(Tag.of("node", "a"))).bindTo(registry);
        new SottoMetrics(start("b").metrics(), List.of(Tag.of("node", "b"))).bindTo(registry);

        assertThat(registry.find("sotto.gossip.health.score").gauges())
                .extracting(gauge -> gauge.getId().getTag("node"))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void metersGoWithTheActorSystem() {
        SottoMetrics metrics = new SottoMetrics(start("a").metrics());
        metrics.bindTo(registry);
        kit.shutdownTestKit();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> registry.getMeters().isEmpty());
        metrics.bindTo(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void countersOutliveTheGarbageCollectorThoughNobodyKeepsTheBinder() {
        Sotto a = start("a");
        new SottoMetrics(a.metrics()).bindTo(registry);
        System.gc();
        a.broadcast("e", Octets.utf8("x")).toCompletableFuture().join();
        clock.add(Duration.ofSeconds(1));

        assertThat(registry.get("sotto.gossip.user_events")
                        .tag("outcome", "sent")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(a.metrics().catalogue()).anyMatch(name -> name.kind() == MetricKind.GAUGE);
    }

    private Set<String> names() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toSet());
    }

    private static List<String> page() throws IOException {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("docs/reference/metrics.md"))) {
            at = Objects.requireNonNull(at.getParent(), "no page");
        }
        List<String> lines = Files.readAllLines(at.resolve("docs/reference/metrics.md"));
        assertThat(lines.stream().filter(line -> ROW.matcher(line).matches())).hasSizeGreaterThan(60);
        return lines;
    }

    private Sotto start(String name) {
        Sotto sotto = Sotto.builder(kit.system())
                .nodeName(name)
                .profile("serf")
                .bindAddr("127.0.0.1")
                .portsSerfLan(0)
                .leaveOnShutdown(false)
                .create();
        assertThat(Stream.of(sotto.started().toCompletableFuture().join().name()))
                .containsExactly(name);
        return sotto;
    }
}
