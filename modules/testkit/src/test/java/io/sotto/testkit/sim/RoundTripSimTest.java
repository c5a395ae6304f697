package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sotto.gossip.CoordinatesView;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolSettings.NetworkCoordinates;
import io.sotto.membership.coordinate.Coordinate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a pool comes to know how far its members are from each other. */
class RoundTripSimTest {
    private static final double NEAR_MILLIS = 2;
    private static final double FAR_MILLIS = 40;
    private static final Duration NEAR = Duration.ofMillis((long) NEAR_MILLIS);
    private static final Duration FAR = Duration.ofMillis((long) FAR_MILLIS);

    @Test
    void twoSitesFarApartAreKnownToBeFarApart() {
        try (SimCluster cluster = SimCluster.builder().seed(2).members(6).build()) {
            List<SimMember> east = cluster.members().subList(0, 3);
            for (SimMember from : cluster.members()) {
                for (SimMember to : cluster.members()) {
                    if (from != to) {
                        boolean sameSite = east.contains(from) == east.contains(to);
                        cluster.network().link(from, to).latency(Latency.constant(sameSite ? NEAR : FAR));
                    }
                }
            }
            cluster.formed();
            cluster.run(Duration.ofMinutes(15));

            for (SimMember observer : cluster.members()) {
                CoordinatesView view = observer.state().coordinates();
                assertThat(view.others()).hasSize(5);
                assertThat(millis(view, "n1", "n2")).isCloseTo(2 * NEAR_MILLIS, within(4.0));
                assertThat(millis(view, "n5", "n6")).isCloseTo(2 * NEAR_MILLIS, within(4.0));
                assertThat(millis(view, "n1", "n6")).isCloseTo(2 * FAR_MILLIS, within(16.0));
                assertThat(millis(view, "n4", "n3")).isCloseTo(2 * FAR_MILLIS, within(16.0));
            }
        }
    }

    @Test
    void aMemberThatKeepsNoCoordinatesTellsNoneAndIsAMemberLikeAnyOther() {
        try (SimCluster cluster = SimCluster.builder()
                .seed(2)
                .members(3)
                .change(RoundTripSimTest::offAtTheThird)
                .build()) {
            cluster.formed();
            cluster.run(Duration.ofMinutes(1));
            assertThat(cluster.seesItself()).isTrue();
            assertThat(cluster.member("n1").state().coordinates().others()).containsOnlyKeys("n2");
            CoordinatesView third = cluster.member("n3").state().coordinates();
            assertThat(third.others()).isEmpty();
            assertThat(third.own()).isEqualTo(Coordinate.initial());
        }
    }

    private static PoolSettings offAtTheThird(PoolSettings settings) {
        return settings.rules().self().equals("n3") ? settings.withCoordinates(NetworkCoordinates.OFF) : settings;
    }

    private static double millis(CoordinatesView view, String a, String b) {
        return view.distance(a, b).orElseThrow().toNanos() / 1e6;
    }
}
