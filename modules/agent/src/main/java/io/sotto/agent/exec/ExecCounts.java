package io.sotto.agent.exec;

import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what came of the commands of others. Safe to use from every thread. */
public final class ExecCounts {
    /** What came of a request to run a command. */
    enum Outcome {
        /** It ran to its end. */
        EXITED,
        /** It was ended for taking too long. */
        KILLED,
        /** It was ended since nobody waits for it any more. */
        ABANDONED,
        /** It could not be read, or not be started. */
        FAILED,
        /** It may not run here: commands of others are off, too many run, or this one ran before. */
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Outcome, LongAdder> jobs = new EnumMap<>(Outcome.class);
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder output = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    public ExecCounts() {
        for (Outcome outcome : Outcome.values()) {
            jobs.put(outcome, new LongAdder());
        }
    }

    void began() {
        running.incrementAndGet();
    }

    void ended() {
        running.decrementAndGet();
    }

    void count(Outcome outcome) {
        LongAdder adder = jobs.get(outcome);
        if (adder != null) {
            adder.increment();
        }
    }

    void wrote(JobOutput of) {
        output.add(of.taken());
        dropped.add(of.dropped());
    }

    /** Every metric of {@link ExecMetric}. */
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        jobs.forEach((outcome, count) -> metrics.add(Metric.of(ExecMetric.JOBS.metric(), count.sum(), outcome.word())));
        metrics.add(Metric.of(ExecMetric.RUNNING.metric(), running.get()));
        metrics.add(Metric.of(ExecMetric.OUTPUT.metric(), output.sum()));
        metrics.add(Metric.of(ExecMetric.DROPPED.metric(), dropped.sum()));
        return metrics;
    }
}
