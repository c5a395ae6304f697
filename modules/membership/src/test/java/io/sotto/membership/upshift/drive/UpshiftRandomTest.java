package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Upshifts while members die, return with or without their disk, join and leave, answers and orders get lost or come late, the
 * driver dies and others take over: nobody is cut off by it, and all end where they should.
 */
class UpshiftRandomTest {
    private static final int SEEDS = Integer.getInteger("sotto.upshift-models", 1_000);

    @Test
    void nobodyIsCutOffAndAllEndEqual() {
        RandomUpshift upshift = new RandomUpshift();
        LongStream.rangeClosed(1, SEEDS)
                .forEach(seed ->
                        assertThat(upshift.apply(seed)).as("seed %d", seed).isEmpty());
    }
}
