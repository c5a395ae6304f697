package io.sotto.membership.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VivaldiTest {
    @Test
    void begunAtTheSamePlaceTwoMembersPartInARandomDirection() {
        Vivaldi a = Vivaldi.create(new SplittableRandom(1));
        a.update("b", Coordinate.initial(), Duration.ofMillis(100));
        assertThat(a.own().distanceTo(Coordinate.initial())).isGreaterThan(Duration.ofMillis(1));

        Vivaldi again = Vivaldi.create(new SplittableRandom(1));
        again.update("b", Coordinate.initial(), Duration.ofMillis(100));
        assertThat(again.own()).as("with the same chance").isEqualTo(a.own());
    }

    @Test
    void aSingleLateAnswerAmongPunctualOnesMovesNothingFar() {
        LatencyFilter filter = new LatencyFilter();
        assertThat(filter.take(0.1)).isEqualTo(0.1);
        assertThat(filter.take(5)).as("of two the greater").isEqualTo(5);
        assertThat(filter.take(0.2)).isEqualTo(0.2);
        assertThat(filter.take(0.3)).isEqualTo(0.3);
        assertThat(filter.take(7)).isEqualTo(0.3);
        assertThat(filter.take(7)).isEqualTo(7);
        assertThat(filter.take(0.1)).isEqualTo(7);
        assertThat(filter.take(0.1)).isEqualTo(0.1);
    }

    @Test
    void aForgottenMembersLatencyCountsNoMore() {
        Vivaldi remembering = Vivaldi.create(new SplittableRandom(1));
        Vivaldi forgetting = Vivaldi.create(new SplittableRandom(1));
        for (Vivaldi each : List.of(remembering, forgetting)) {
            each.update("b", Coordinate.initial(), Duration.ofMillis(1));
            each.update("b", Coordinate.initial(), Duration.ofMillis(1));
        }
        forgetting.forget("b");
        for (Vivaldi each : List.of(remembering, forgetting)) {
            each.update("b", Coordinate.initial(), Duration.ofSeconds(1));
        }
        assertThat(forgetting.own()).isNotEqualTo(remembering.own());
    }

    @Test
    void membersThatMeasureEachOtherComeToKnowTheirDistances() {
        Random random = Seeds.random();
        int members = 12;
        double[][] places = new double[members][2];
        List<Vivaldi> all = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            places[i] = new double[] {random.nextDouble(0.1), random.nextDouble(0.1)};
            all.add(Vivaldi.create(new SplittableRandom(random.nextLong())));
        }
        for (int round = 0; round < 400; round++) {
            for (int i = 0; i < members; i++) {
                int peer = (i + 1 + random.nextInt(members - 1)) % members;
                Vivaldi.Update update =
                        all.get(i).update("m" + peer, all.get(peer).own(), roundTrip(places[i], places[peer]));
                assertThat(update).isEqualTo(Vivaldi.Update.APPLIED);
            }
        }
        double wrong = 0;
        for (int i = 0; i < members; i++) {
            for (int j = 0; j < i; j++) {
                double real = roundTrip(places[i], places[j]).toNanos();
                double estimated = all.get(i).own().distanceTo(all.get(j).own()).toNanos();
                wrong += Math.abs(estimated - real) / real;
            }
        }
        assertThat(wrong / (members * (members - 1) / 2.0))
                .as("mean relative error")
                .isLessThan(0.3);
    }

    private static Duration roundTrip(double[] from, double[] to) {
        return Duration.ofNanos((long) ((0.01 + Math.hypot(from[0] - to[0], from[1] - to[1])) * 1e9));
    }
}
