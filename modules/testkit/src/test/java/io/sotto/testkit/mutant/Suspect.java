package io.sotto.testkit.mutant;

import io.sotto.testkit.schedule.Schedule;
import io.sotto.testkit.schedule.ScheduleRun;
import java.util.Optional;
import java.util.function.LongFunction;

/** Loaded anew for each mutant: runs the schedule of a number, and gives what was violated, or an empty text. */
public final class Suspect implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        Optional<ScheduleRun.Failure> failure =
                ScheduleRun.run(Schedule.random(seed)).failure();
        return failure.map(found -> String.join("; ", found.what())).orElse("");
    }
}
