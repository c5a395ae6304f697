package io.sotto.rpc.pool;

import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of the calls that a node makes, as far as they concern more than one connection; {@link RpcPoolState#metrics}
 * reads them.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 */
public enum PoolMetric {
    PEERS(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.rpc.pool.peers", "Members and servers that can be called"),
    SERVERS(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.pool.servers",
            "Servers that calls to servers can go to, of all datacenters"),
    EXCLUDED(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.pool.excluded",
            "Servers that get no call because their certificate is not a server's"),
    ALARMS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.alarms",
            "Times that somebody who acts as a server showed a certificate that is not a server's"),
    WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.rpc.pool.waiting",
            "Calls that wait for a connection, or to be tried again"),
    RETRIES(MetricKind.COUNTER, MetricUnit.COUNT, "sotto.rpc.pool.retries", "Times that a call was tried again"),
    REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.refused",
            "Calls that were turned away at once: too many to wait, or more than the rate allows",
            "bound"),
    REPLACED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.replaced",
            "Connections that were replaced before they ended: the TLS settings changed, or the peer asked for it"),
    IDLE_CLOSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.idle_closed",
            "Connections that were closed because no call used them"),
    REBALANCES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.rebalances",
            "Times that the servers of a datacenter were shuffled and one of them was asked whether it is there, by whether one was",
            "outcome"),
    RESTARTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.rpc.pool.restarts",
            "Times that the actor of a connection failed and began anew");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    PoolMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        this.metric = new MetricName(dotted, kind, unit, List.of(labels), meaning);
    }

    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order of the documents. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(PoolMetric::metric).toList();
    }
}
