package io.sotto.testkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whole schedules; many more are run by {@code modules/bench/run schedules}. */
class ScheduleSimTest {
    /** Whole pools in trouble would write a line about each member that comes, goes or is suspected. */
    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.INFO);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void everyInvariantHolds(long seed) {
        ScheduleRun.Outcome outcome = ScheduleRun.run(Schedule.random(seed));
        assertThat(outcome.failure().map(ScheduleRun.Failure::text)).isEmpty();
    }

    /**
     * Once a member that had left came back under loss, somebody had heard its join but not that it lived, and told others
     * that it had left again: they listed it as leaving for good.
     */
    @ParameterizedTest
    @ValueSource(longs = {28, 60, 62, 67, 69, 77, 87, 88})
    void whoComesBackIsNotListedAsLeaving(long seed) {
        Schedule schedule = Schedule.parse("seed " + seed
                + ", 8 members, quick timing, plain\n8 leave n4\n16 loss 0.4\n17 restart n4 n1\n27 loss 0\n27 heal");
        assertThat(ScheduleRun.run(schedule).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /**
     * Of many members that are gone and one that lives, now and then none was chosen to help with a probe: who could not be
     * reached directly was then accused.
     */
    @Test
    void theOneHelperThereIsIsAsked() {
        Schedule schedule = Schedule.random(1_549);
        assertThat(ScheduleRun.run(schedule).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /** Once helpers refused, without a word, to ping whom they did not know there, and nobody else ever found out that it was gone. */
    @Test
    void whomNobodyElseKnowsIsFoundOutToo() {
        assertThat(ScheduleRun.run(Schedule.random(1_326)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /** Once the farewell of a leaver overtook its leave intent, and five of six listed it as failed for half a minute. */
    @Test
    void whoLeavesIsNotListedAsFailed() {
        assertThat(ScheduleRun.run(Schedule.random(7_144)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /**
     * Once the acks to those who suspected a member no longer took its refutation along, and where news is sent twice in all,
     * it stayed with a few.
     */
    @ParameterizedTest
    @ValueSource(longs = {2_215, 2_286, 4_016, 6_968, 8_925})
    void whoSuspectsAMemberHearsItsRefutation(long seed) {
        assertThat(ScheduleRun.run(Schedule.random(seed)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /**
     * Once a member that left and came back announced its join with the time that an exchange gives to its leave: who had been
     * paused meanwhile listed it as leaving for good.
     */
    @Test
    void whoMissedALeaveAndAReturnListsTheMemberAsAlive() {
        assertThat(ScheduleRun.run(Schedule.random(3_065)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /** Once who had missed all the news of a death suspected the dead member alone, for the longest time there is. */
    @Test
    void whoSuspectsTheDeadLateIsConfirmed() {
        assertThat(ScheduleRun.run(Schedule.random(9_916)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }

    /**
     * These the checkers once took for violations: a leaver's witnesses who stopped later, a name that was free again
     * and a member that was forgotten while a process stood still, and late farewells and accusations of who had the name
     * before; and probes of the address where a process had been that claimed the name of another.
     */
    @ParameterizedTest
    @ValueSource(longs = {616, 1_797, 1_804, 4_313, 5_636, 7_610, 7_898})
    void whatIsLawfulIsNoViolation(long seed) {
        assertThat(ScheduleRun.run(Schedule.random(seed)).failure().map(ScheduleRun.Failure::text))
                .isEmpty();
    }
}
