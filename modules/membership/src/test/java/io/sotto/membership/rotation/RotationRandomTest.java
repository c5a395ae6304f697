package io.sotto.membership.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rotations while members go away, return, join and leave, answers get lost, and the driver dies: nobody is ever cut off. */
class RotationRandomTest {
    private static final String NEW = "00000010";

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyIsCutOffAndAllEndEqual(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ModelPool pool = new ModelPool(random.split(), "a", "b", "c", "d", "e").loss(0.2);
        pool.start();
        boolean isCalledOff = false;
        for (int i = 0; i < 60 && pool.end.isEmpty(); i++) {
            pool.pass(Duration.ofSeconds(random.nextInt(1, 20)));
            String name = List.of("b", "c", "d", "e").get(random.nextInt(4));
            switch (random.nextInt(12)) {
                case 0, 1 -> pool.member(name).isReachable = false;
                case 2, 3, 4 -> pool.member(name).isReachable = true;
                case 5 -> pool.members.putIfAbsent("f" + i, joining(pool));
                case 6 -> pool.member(name).hasLeft = true;
                case 7 -> {
                    if (pool.end.isEmpty() && pool.journal.isPresent()) {
                        pool.restart("b");
                    }
                }
                case 8 -> {
                    if (random.nextInt(6) == 0) {
                        isCalledOff = true;
                        pool.carryOut(pool.machine.abort(pool.present(), pool.now));
                    }
                }
                default -> {
                    // Nothing happens for a while.
                }
            }
        }
        pool.members.values().forEach(member -> member.isReachable = true);
        RotationProgress end = pool.finish();

        String kept = end.outcome().equals(Optional.of(RotationOutcome.FINISHED)) ? NEW : ModelPool.OLD;
        assertThat(end.outcome().orElseThrow())
                .as("seed %d: %s", seed, pool.told)
                .isIn(
                        isCalledOff
                                ? Set.of(RotationOutcome.FINISHED, RotationOutcome.ABORTED)
                                : Set.of(RotationOutcome.FINISHED));
        assertThat(pool.members.values().stream().filter(member -> !member.hasLeft))
                .as("seed %d: %s", seed, pool.told)
                .allMatch(member -> end.text().contains("already")
                        ? member.primary().equals(NEW)
                        : member.primary().equals(kept));
    }

    /** Whoever joins has the key that its seed seals with at that moment. */
    private static ModelPool.Member joining(ModelPool pool) {
        return new ModelPool.Member(pool.driver().primary());
    }
}
