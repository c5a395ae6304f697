package io.sotto.testkit.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Gossip upshifts of production actors in virtual time, with trouble at random moments: nobody is cut off, and all end equal. */
final class UpshiftSimTest {
    private static final int SEEDS = Integer.getInteger("sotto.upshift-simulations", 500);

    /** Whole clusters in trouble would write a line about each member that comes, goes or is suspected. */
    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.INFO);
    }

    @Test
    void nobodyIsCutOffAndAllEndEqual() {
        SimulatedUpshift upshift = new SimulatedUpshift();
        LongStream.rangeClosed(1, SEEDS)
                .forEach(seed ->
                        assertThat(upshift.apply(seed)).as("seed %d", seed).isEmpty());
    }
}
