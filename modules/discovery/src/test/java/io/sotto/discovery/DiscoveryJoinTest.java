package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated members that know nobody but a discovery method. */
class DiscoveryJoinTest {
    private final SimCluster cluster = SimCluster.builder().members(4).build();

    @AfterEach
    void tearDown() {
        cluster.close();
    }

    @Test
    void membersThatFindEachOthersAddressesBecomeOnePoolAndLookNowAndThen() {
        cluster.start();
        FoundAddresses all = finds(() -> cluster.members());
        cluster.members().forEach(member -> join(member, all, ""));

        cluster.runUntil("all members to see all", cluster::seesItself, Duration.ofSeconds(20));
        all.asked().clear();
        cluster.run(Duration.ofMinutes(5).plusSeconds(30));
        assertThat(all.asked()).hasSize(4 * 5);
        assertThat(cluster.virtual().stranger()).isEmpty();
    }

    @Test
    void whoIsAloneLooksAgainAfterOneTwoFourSecondsUpToTheBoundWhateverGoesWrong() {
        cluster.start();
        List<String> troubles =
                List.of("throws", "fails", "is late", "finds nobody", "finds only this node", "finds a dead end");
        AtomicInteger turn = new AtomicInteger();
        SimMember first = cluster.member("n1");
        FoundAddresses method = new FoundAddresses(cluster::now, lookup -> {
            String trouble = troubles.get(Math.min(turn.getAndIncrement(), troubles.size() - 1));
            return switch (trouble) {
                case "throws" -> throw new IllegalStateException("the resolver is broken");
                case "fails" -> CompletableFuture.failedFuture(new IllegalStateException("no such host"));
                case "is late" -> new CompletableFuture<>();
                case "finds nobody" -> FoundAddresses.of(List.of());
                case "finds only this node" -> FoundAddresses.of(List.of(ip(first)));
                default -> FoundAddresses.of(List.of(address("10.99.0.1")));
            };
        });
        DiscoveryJoin joining = join(first, method, "retry-interval = 8s, resolve-timeout = 2s");
        cluster.run(Duration.ofMinutes(2));

        List<Duration> pauses = IntStream.range(1, 6)
                .mapToObj(i -> method.asked().get(i).minus(method.asked().get(i - 1)))
                .toList();
        // The third answer never came: 2 seconds, and one more for the method to say so itself.
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3 + 4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(8));
        assertThat(joining.status().failedLookups()).isEqualTo(3);
        assertThat(joining.status().lookups()).isEqualTo(method.asked().size());
        assertThat(joining.status().contacted()).isZero();
        assertThat(joining.status().problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("10.99.0.1:"));
    }

    @Test
    void poolsThatForgotEachOtherBecomeOneAgain() {
        cluster.start();
        cluster.join(cluster.member("n2"), cluster.member("n1"));
        cluster.join(cluster.member("n4"), cluster.member("n3"));
        cluster.run(Duration.ofSeconds(10));
        FoundAddresses all = finds(() -> cluster.members());
        join(cluster.member("n1"), all, "interval = 5m");
        cluster.runUntil("all members to see all", cluster::seesItself, Duration.ofMinutes(1));
        assertThat(all.asked()).hasSize(1);
    }

    @Test
    void withoutAnIntervalItEndsOnceSomebodyIsThere() {
        cluster.start();
        FoundAddresses nextToCome = finds(() -> cluster.members("n1", "n2"));
        SimMember first = cluster.member("n1");
        DiscoveryJoin joining = join(first, nextToCome, "interval = 0s");
        cluster.run(Duration.ofMinutes(1));
        assertThat(joining.status().contacted()).isEqualTo(1);
        assertThat(joining.status().problem()).isEmpty();
        int lookups = nextToCome.asked().size();
        cluster.run(Duration.ofMinutes(10));
        assertThat(nextToCome.asked()).hasSize(lookups);
    }

    @Test
    void itEndsWithThePoolAndWhenToldTo() {
        cluster.start();
        FoundAddresses nobody = finds(() -> List.of());
        join(cluster.member("n1"), nobody, "").stop();
        SimMember second = cluster.member("n2");
        join(second, nobody, "");
        cluster.leave(second);
        cluster.run(Duration.ofMinutes(2));
        int lookups = nobody.asked().size();
        cluster.run(Duration.ofMinutes(10));
        assertThat(nobody.asked()).hasSize(lookups);
    }

    @Test
    void moreAddressesThanTheBoundAreCountedAndHaveTheirTurn() {
        cluster.start();
        List<InetAddress> many = Stream.concat(
                        IntStream.range(1, 30).mapToObj(i -> address("10.99.1." + i)),
                        Stream.of(ip(cluster.member("n2"))))
                .toList();
        FoundAddresses method = new FoundAddresses(cluster::now, lookup -> FoundAddresses.of(many));
        DiscoveryJoin joining =
                join(cluster.member("n1"), method, "addresses-max = 10, retry-interval = 1s, interval = 0s");
        cluster.runUntil(
                "the last address to have had its turn",
                () -> joining.status().contacted() == 1,
                Duration.ofMinutes(5));
        assertThat(method.asked()).hasSize(3);
        assertThat(joining.status().leftOut()).isEqualTo(3 * 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "method = config, service = \" \"",
                "retry-interval = 500ms",
                "interval = -1s",
                "addresses-max = 0",
                "port = 65536",
                "resolve-timeout = soon"
            })
    void settingsThatCannotBeAreRefused(String settings) {
        assertThatThrownBy(() -> settings(settings)).isInstanceOf(ConfigException.class);
    }

    private DiscoveryJoin join(SimMember member, ServiceDiscovery method, String settings) {
        return DiscoveryJoin.start(cluster.virtual().system(), member.lan(), method, settings(settings));
    }

    private static DiscoveryJoinSettings settings(String text) {
        Config usual = ConfigFactory.load().getConfig("sotto.discovery-join");
        return DiscoveryJoinSettings.of(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.parseString("service = sotto"))
                .withFallback(usual));
    }

    private FoundAddresses finds(Supplier<List<SimMember>> members) {
        return new FoundAddresses(
                cluster::now,
                lookup -> FoundAddresses.of(
                        members.get().stream().map(DiscoveryJoinTest::ip).toList()));
    }

    private static InetAddress ip(SimMember member) {
        return member.address().getAddress();
    }

    private static InetAddress address(String ip) {
        return new InetSocketAddress(ip, 0).getAddress();
    }
}
