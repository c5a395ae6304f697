package io.sotto.cluster;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * Every figure of a node, its pools, calls and certificates, for whoever hands figures to a monitoring system: what there is
 * ({@link #catalogue}), how it stands ({@link #read}), and when there will be no more of it ({@link #ended}). The names are those of
 * docs/reference/metrics.md. May be called from any thread, at any time, also after the node has stopped.
 */
public interface NodeMetrics {
    /** All names, in the order of the page. The same in every node; it never changes. */
    List<MetricName> catalogue();

    /**
     * The values of this moment, zeros included. Labels come from closed sets, so the same series are there from the beginning to
     * the end; but for those without labels that a node may lack for a while, such as what is left of a certificate.
     */
    List<Metric> read();

    /** Completes when the actor system of the node has stopped: no figure moves from then on. Never fails. */
    CompletionStage<Done> ended();
}
