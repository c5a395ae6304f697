package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** What came of orders and of driving. Safe to use from any thread. */
public final class UpshiftCounters {
    private final Map<UpshiftKind, LongAdder> taken = adders(UpshiftKind.class);
    private final Map<UpshiftKind, LongAdder> takeovers = adders(UpshiftKind.class);
    private final Map<OrderRefusal, LongAdder> refused = adders(OrderRefusal.class);
    private final Map<UpshiftKind, AtomicInteger> waiting = new EnumMap<>(UpshiftKind.class);
    private final Map<UpshiftKind, AtomicInteger> driving = new EnumMap<>(UpshiftKind.class);

    public UpshiftCounters() {
        for (UpshiftKind kind : UpshiftKind.values()) {
            waiting.put(kind, new AtomicInteger());
            driving.put(kind, new AtomicInteger());
        }
    }

    void took(UpshiftKind kind) {
        of(taken, kind).increment();
    }

    void tookOver(UpshiftKind kind) {
        of(takeovers, kind).increment();
    }

    void refused(OrderRefusal cause) {
        of(refused, cause).increment();
    }

    void waits(UpshiftKind kind, boolean isDriving, int members) {
        of(driving, kind).set(isDriving ? 1 : 0);
        of(waiting, kind).set(members);
    }

    /** Orders of this kind that were obeyed. */
    public long taken(UpshiftKind kind) {
        return of(taken, kind).sum();
    }

    /** Orders that were not, for this reason. */
    public long refusals(OrderRefusal cause) {
        return of(refused, cause).sum();
    }

    /** Upshifts of this kind that were taken over. */
    public long takeovers(UpshiftKind kind) {
        return of(takeovers, kind).sum();
    }

    /** Every metric of {@link UpshiftMetric}, as it is now. */
    public List<Metric> metrics(Function<UpshiftKind, UpshiftStage> stages) {
        List<Metric> metrics = new ArrayList<>();
        for (UpshiftKind kind : UpshiftKind.values()) {
            String label = kind.name().toLowerCase(Locale.ROOT);
            metrics.add(Metric.of(UpshiftMetric.STAGE.metric(), rung(stages.apply(kind)), label));
            metrics.add(
                    Metric.of(UpshiftMetric.DRIVING.metric(), of(driving, kind).get(), label));
            metrics.add(
                    Metric.of(UpshiftMetric.WAITING.metric(), of(waiting, kind).get(), label));
            metrics.add(Metric.of(UpshiftMetric.TAKEN.metric(), taken(kind), label));
            metrics.add(Metric.of(UpshiftMetric.TAKEOVERS.metric(), takeovers(kind), label));
        }
        for (OrderRefusal cause : OrderRefusal.values()) {
            metrics.add(Metric.of(UpshiftMetric.REFUSED.metric(), refusals(cause), cause.label()));
        }
        return List.copyOf(metrics);
    }

    private static int rung(UpshiftStage stage) {
        return switch (stage) {
            case NONE -> 0;
            case READY -> 1;
            case SENDING -> 2;
            case ENFORCED -> 3;
        };
    }

    private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> kinds) {
        Map<K, LongAdder> adders = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            adders.put(kind, new LongAdder());
        }
        return adders;
    }

    private static <K, V> V of(Map<K, V> all, K one) {
        return Objects.requireNonNull(all.get(one));
    }
}
