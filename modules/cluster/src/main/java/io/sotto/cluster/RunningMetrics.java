package io.sotto.cluster;

import io.sotto.cluster.enrolment.EnrolmentMetric;
import io.sotto.cluster.upshift.UpshiftMetric;
import io.sotto.gossip.GossipMetric;
import io.sotto.rpc.link.LinkMetric;
import io.sotto.rpc.pool.PoolMetric;
import io.sotto.rpc.tls.TlsMetric;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** The figures of a node's pools and of its calls, together. */
record RunningMetrics(
        ActorSystem<?> system,
        Pool lan,
        Optional<? extends Pool> wan,
        Rpc rpc,
        RunningEnrolment enrolment,
        Upshifts upshifts)
        implements NodeMetrics {
    @Override
    public List<MetricName> catalogue() {
        return Stream.of(
                        GossipMetric.catalogue(),
                        LinkMetric.catalogue(),
                        PoolMetric.catalogue(),
                        TlsMetric.catalogue(),
                        EnrolmentMetric.catalogue(),
                        UpshiftMetric.catalogue())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<Metric> read() {
        List<Metric> all = new ArrayList<>(lan.metrics());
        wan.ifPresent(pool -> all.addAll(pool.metrics()));
        all.addAll(rpc.metrics());
        all.addAll(enrolment.metrics());
        all.addAll(upshifts.metrics());
        return List.copyOf(all);
    }

    @Override
    public CompletionStage<Done> ended() {
        return system.getWhenTerminated().handle((terminated, failure) -> Done.getInstance());
    }
}
