package io.sotto.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sotto.cluster.NodeMetrics;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A node's figures as meters: counters as {@link FunctionCounter}, gauges as {@link Gauge}, labels as tags.
 *
 * <pre>{@code
 * new SottoMetrics(sotto.metrics()).bindTo(registry);
 * }</pre>
 *
 * <p>Values are read when the registry reads them, all of them together and at most ten times a second. The meters are taken out of
 * their registries when the node's actor system stops, and by {@link #close}. Several nodes in one registry need tags that tell them
 * apart. For any thread.
 */
public final class SottoMetrics implements MeterBinder, AutoCloseable {
    private final NodeMetrics metrics;
    private final Tags tags;
    private final List<Bound> bound = new ArrayList<>();
    private boolean isClosed;

    private record Bound(MeterRegistry registry, Meter meter) {}

    /** The figures of {@code Sotto.metrics()}. */
    public SottoMetrics(NodeMetrics metrics) {
        this(metrics, List.of());
    }

    /** @param tags added to those of each meter */
    public SottoMetrics(NodeMetrics metrics, Iterable<Tag> tags) {
        this.metrics = metrics;
        this.tags = Tags.of(tags);
        metrics.ended().thenRun(this::close);
    }

    /** Does nothing once the node has stopped. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (isClosed) {
            return;
        }
        Readings readings =
                new Readings(metrics, () -> registry.config().clock().monotonicTime());
        Set<Series> all = new LinkedHashSet<>();
        for (Metric metric : metrics.read()) {
            all.add(Series.of(metric));
        }
        for (MetricName name : metrics.catalogue()) {
            if (name.labels().isEmpty()) {
                // It may come later.
                all.add(new Series(name, List.of()));
            }
        }
        all.forEach(series -> bound.add(new Bound(registry, meter(registry, series, readings))));
    }

    private Meter meter(MeterRegistry registry, Series series, Readings readings) {
        MetricName name = series.name();
        Tags own = tags;
        for (int i = 0; i < series.labels().size(); i++) {
            own = own.and(name.labels().get(i), series.labels().get(i));
        }
        String unit = name.unit().word();
        if (name.kind() == MetricKind.COUNTER) {
            return FunctionCounter.builder(name.dotted(), readings, from -> from.value(series, 0))
                    .tags(own)
                    .description(name.meaning())
                    .baseUnit(unit)
                    .register(registry);
        }
        return Gauge.builder(name.dotted(), readings, from -> from.value(series, Double.NaN))
                .tags(own)
                .description(name.meaning())
                .baseUnit(unit)
                // Holds the readings for the counters too, which hold them weakly.
                .strongReference(true)
                .register(registry);
    }

    /** Takes the meters out of their registries. */
    @Override
    public synchronized void close() {
        isClosed = true;
        bound.forEach(each -> each.registry().remove(each.meter()));
        bound.clear();
    }
}
