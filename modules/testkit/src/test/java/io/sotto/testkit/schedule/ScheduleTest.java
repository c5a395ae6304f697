package io.sotto.testkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int SCHEDULES = 2_000;

    @Test
    void theTextOfAScheduleIsTheSchedule() {
        LongStream.range(0, SCHEDULES)
                .mapToObj(Schedule::random)
                .forEach(schedule -> assertThat(Schedule.parse(schedule.text())).isEqualTo(schedule));
    }

    @Test
    void aSeedGivesTheSameScheduleEachTime() {
        assertThat(Schedule.random(7)).isEqualTo(Schedule.random(7)).isNotEqualTo(Schedule.random(8));
    }

    @Test
    void schedulesDoAllThatCanBeDoneToPoolsOfFiveToThirty() {
        Set<Action.Verb> verbs = EnumSet.noneOf(Action.Verb.class);
        Set<Timing> timings = EnumSet.noneOf(Timing.class);
        List<Schedule> schedules =
                LongStream.range(0, SCHEDULES).mapToObj(Schedule::random).toList();
        for (Schedule schedule : schedules) {
            timings.add(schedule.timing());
            schedule.steps().forEach(step -> verbs.add(step.action().verb()));
            assertThat(schedule.members()).isBetween(5, 30);
            assertThat(schedule.healAt()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(4));
        }
        assertThat(verbs).isEqualTo(EnumSet.allOf(Action.Verb.class));
        assertThat(timings).isEqualTo(EnumSet.allOf(Timing.class));
        assertThat(schedules)
                .anyMatch(Schedule::sealed)
                .anyMatch(schedule -> schedule.members() == 30)
                .anyMatch(schedule -> has(schedule, Action.Verb.LOSS, 0.4))
                .anyMatch(schedule -> has(schedule, Action.Verb.CLOCK, 3_600))
                .anyMatch(schedule -> has(schedule, Action.Verb.CLOCK, -3_600));
    }

    private static boolean has(Schedule schedule, Action.Verb verb, double amount) {
        return schedule.steps().stream()
                .map(Schedule.Step::action)
                .anyMatch(action -> action.verb() == verb && Math.abs(action.amount() - amount) < 1e-9);
    }

    @Test
    void aScheduleIsWrittenForPeople() {
        assertThat(Schedule.parse("seed 1, 5 members, lan timing, plain\n1.5 loss 0.25\n 2.000 split n1 n2,n3 \n3 heal")
                        .text())
                .isEqualTo("seed 1, 5 members, lan timing, plain\n1.500 loss 0.25\n2.000 split n1 n2,n3\n3.000 heal\n");
    }

    @Test
    void whatIsNoScheduleIsRefused() {
        assertThatThrownBy(() -> Schedule.parse("seed 1, 5 members")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.parse("seed 1, 5 members, lan timing, plain\n2 mend\n1 mend\n3 heal"))
                .hasMessageContaining("must be in order");
        assertThatThrownBy(() -> Schedule.parse("seed 1, 5 members, lan timing, plain\n1 split n1\n3 heal"))
                .hasMessageContaining("must have 2 parts");
    }

    @Test
    void aFailureTellsAllThatIsNeededToRunItAgain() {
        Schedule schedule = Schedule.random(4_711);
        String text = new ScheduleRun.Failure(
                        schedule, 3, Duration.ofMillis(12_250), List.of("this must not be"), List.of("n1 starts"))
                .text();
        assertThat(text)
                .startsWith("schedule 4711 failed after step 3 at 12.25 s of virtual time:\n  this must not be\n")
                .contains("n1 starts")
                .contains(schedule.steps().get(0).action().text())
                .endsWith("to run it again: modules/bench/run schedules -n 1 -from 4711\n");
    }
}
