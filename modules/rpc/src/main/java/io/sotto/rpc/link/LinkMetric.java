package io.sotto.rpc.link;

import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of connections and the calls on them; {@link LinkCounters#metrics} reads them.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum LinkMetric {
    ACCEPTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.connections.accepted",
            "RPC connections that others opened, whatever became of them"),
    HANDSHAKING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.connections.handshaking",
            "RPC connections of others that have not said yet what they want"),
    OPEN(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.connections.open",
            "RPC connections of others that are being served"),
    DIALLED(MetricKind.COUNTER, MetricUnit.COUNT, "sotto.rpc.dials", "RPC connections that we tried to open"),
    DIALS_FAILED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.dials.failed",
            "RPC connections that we tried to open and could not, or that the peer did not confirm"),
    LINKED(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.links",
            "RPC connections that we opened and that are there now"),
    RECEIVED_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.rpc.received.bytes",
            "Bytes read from RPC connections, those of TLS included"),
    SENT_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.rpc.sent.bytes",
            "Bytes written to RPC connections, those of TLS included"),
    SERVED(MetricKind.COUNTER, MetricUnit.COUNT, "sotto.rpc.served", "Calls of others that were answered"),
    FAULTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.served.faults",
            "Calls of others that were answered with an error, or that were cut off"),
    SERVING(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.rpc.serving", "Calls of others that are being answered"),
    BUFFERED_BYTES(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.rpc.buffered.bytes",
            "What requests hold that are not whole yet, or that wait for the one before them"),
    CALLS(MetricKind.COUNTER, MetricUnit.COUNT, "sotto.rpc.calls", "Calls that we made, by how they ended", "outcome"),
    REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.refused",
            "Connections that were closed, streams that were ended and calls that were turned away, by why",
            "cause");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    LinkMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        this.metric = new MetricName(dotted, kind, unit, List.of(labels), meaning);
    }

    /** Name, kind, unit and labels. */
    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order of the documents. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(LinkMetric::metric).toList();
    }
}
