package io.sotto.agent.access;

import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What became of requests at the door. Safe from any thread. */
public final class AccessCounters {
    private final Map<Verdict, LongAdder> verdicts = new EnumMap<>(Verdict.class);

    /** The words that metrics carry. */
    enum Verdict {
        GRANTED,
        DENIED,
        UNKNOWN,
        THROTTLED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AccessCounters() {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    void count(Verdict verdict) {
        Objects.requireNonNull(verdicts.get(verdict)).increment();
    }

    long of(Verdict verdict) {
        return Objects.requireNonNull(verdicts.get(verdict)).sum();
    }

    /**
     * Every metric of {@link AccessMetric}, as it is now.
     *
     * @param tokens how many are in force
     */
    public List<Metric> metrics(int tokens) {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(AccessMetric.TOKENS.of(tokens));
        for (Verdict verdict : Verdict.values()) {
            metrics.add(AccessMetric.DECISIONS.of(of(verdict), verdict.label()));
        }
        return List.copyOf(metrics);
    }
}
