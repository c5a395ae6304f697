package io.sotto.cluster.enrolment;

import io.sotto.pki.enrolment.EnrolRefusal;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What came of requests. Any thread. */
final class EnrolmentCounters {
    final LongAdder tokens = new LongAdder();
    final LongAdder granted = new LongAdder();
    private final Map<EnrolRefusal, LongAdder> refused = new EnumMap<>(EnrolRefusal.class);

    EnrolmentCounters() {
        for (EnrolRefusal why : EnrolRefusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    void refused(EnrolRefusal why) {
        of(why).increment();
    }

    List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.of(EnrolmentMetric.TOKENS.metric(), tokens.sum()));
        metrics.add(Metric.of(EnrolmentMetric.GRANTED.metric(), granted.sum()));
        for (EnrolRefusal why : EnrolRefusal.values()) {
            metrics.add(Metric.of(EnrolmentMetric.REFUSED.metric(), of(why).sum(), why.label()));
        }
        return List.copyOf(metrics);
    }

    private LongAdder of(EnrolRefusal why) {
        return Objects.requireNonNull(refused.get(why));
    }
}
