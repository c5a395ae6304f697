package io.sotto.agent.http;

import io.sotto.agent.access.Access;
import io.sotto.cluster.Upshifts;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How upshifts stand, for those who watch. To know it takes asking all members, so that it is asked for seldom while none is under
 * way, and at once when this node's own figures of it change. For any thread. Source: ours.
 */
final class UpshiftLook {
    /** Between two questions while one is under way. */
    static final Duration WHILE_UNDER_WAY = Duration.ofSeconds(2);
    /** Between two questions while none is. */
    static final Duration WHILE_NONE = Duration.ofMinutes(1);

    private final Upshifts upshifts;
    private final InstantSource clock;
    private final Map<UpshiftKind, UpshiftProgress> known = new EnumMap<>(UpshiftKind.class);
    private final Map<UpshiftKind, Instant> due = new EnumMap<>(UpshiftKind.class);
    private final Set<UpshiftKind> asking = EnumSet.noneOf(UpshiftKind.class);
    private List<Metric> figures = List.of();

    UpshiftLook(Upshifts upshifts, InstantSource clock) {
        this.upshifts = upshifts;
        this.clock = clock;
    }

    /** Forgets what has grown old while nobody watched. */
    synchronized void begin() {
        known.clear();
        due.clear();
    }

    /** Asks for what is due; the answer is in {@link #states} once it is here. */
    void look() {
        Set<UpshiftKind> now = EnumSet.noneOf(UpshiftKind.class);
        synchronized (this) {
            Instant time = clock.instant();
            List<Metric> gauges = upshifts.metrics().stream()
                    .filter(metric -> metric.name().kind() == MetricKind.GAUGE)
                    .toList();
            boolean isNews = !gauges.equals(figures);
            figures = gauges;
            for (UpshiftKind kind : UpshiftKind.values()) {
                if (isNews || !time.isBefore(due.getOrDefault(kind, time))) {
                    if (asking.add(kind)) {
                        now.add(kind);
                    }
                }
            }
        }
        for (UpshiftKind kind : now) {
            upshifts.status(kind)
                    .whenComplete((progress, failure) ->
                            answered(kind, failure == null ? Optional.of(progress) : Optional.empty()));
        }
    }

    private synchronized void answered(UpshiftKind kind, Optional<UpshiftProgress> progress) {
        asking.remove(kind);
        progress.ifPresent(told -> known.put(kind, told));
        boolean isUnderWay = progress.filter(UpshiftProgress::isUnderWay).isPresent();
        due.put(kind, clock.instant().plus(isUnderWay ? WHILE_UNDER_WAY : WHILE_NONE));
    }

    /** What is known, by what it is about. */
    synchronized Map<String, WatchEvent> states() {
        Map<String, WatchEvent> states = new LinkedHashMap<>();
        known.forEach((kind, progress) -> states.put(
                "upshift " + kind,
                WatchEvent.of("upshift", UpshiftShapes.progress(kind, progress), Access.OPERATOR_READ)));
        return states;
    }
}
