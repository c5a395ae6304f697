package io.sotto.agent.port;

import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What came of connections to the HTTP API. Safe to use from any thread. */
public final class PortCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder open = new LongAdder();
    private final Map<PortRefusal, LongAdder> refused = new EnumMap<>(PortRefusal.class);

    public PortCounters() {
        for (PortRefusal reason : PortRefusal.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    void refuse(PortRefusal reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
    }

    long refused(PortRefusal reason) {
        return Objects.requireNonNull(refused.get(reason)).sum();
    }

    /** Every metric of {@link PortMetric}, as it is now. */
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(PortMetric.ACCEPTED.of(accepted.sum()));
        metrics.add(PortMetric.OPEN.of(open.sum()));
        for (PortRefusal reason : PortRefusal.values()) {
            metrics.add(PortMetric.REFUSED.of(refused(reason), reason.label()));
        }
        return List.copyOf(metrics);
    }
}
