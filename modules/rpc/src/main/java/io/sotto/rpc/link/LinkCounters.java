package io.sotto.rpc.link;

import io.sotto.rpc.RpcResult;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came of connections and calls, dialled and accepted. {@code accepted = turned away + handshaking + open + ended}; only
 * the gauges shrink. Safe to use from any thread.
 */
public final class LinkCounters {
    /** How calls that we made ended, in the words of the metric. */
    enum CallEnd {
        ANSWERED,
        FAILED,
        UNREACHABLE,
        TIMED_OUT,
        CANCELLED,
        OVERLOADED;

        static CallEnd of(RpcResult result) {
            if (result instanceof RpcResult.Answered) {
                return ANSWERED;
            } else if (result instanceof RpcResult.Failed) {
                return FAILED;
            } else if (result instanceof RpcResult.Unreachable) {
                return UNREACHABLE;
            } else if (result instanceof RpcResult.TimedOut) {
                return TIMED_OUT;
            } else if (result instanceof RpcResult.Cancelled) {
                return CANCELLED;
            }
            return OVERLOADED;
        }
    }

    private static final long NEVER = Long.MIN_VALUE;

    final LongAdder accepted = new LongAdder();
    final LongAdder handshaking = new LongAdder();
    final LongAdder open = new LongAdder();
    final LongAdder dialled = new LongAdder();
    final LongAdder dialsFailed = new LongAdder();
    final LongAdder linked = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder served = new LongAdder();
    final LongAdder faults = new LongAdder();
    final LongAdder serving = new LongAdder();
    final LongAdder bufferedBytes = new LongAdder();
    private final AtomicLong lastPlain = new AtomicLong(NEVER);
    private final Map<LinkRefusal, LongAdder> refused = adders(LinkRefusal.class);
    private final Map<CallEnd, LongAdder> calls = adders(CallEnd.class);

    /** Connections taken from the kernel, whatever became of them. */
    public long accepted() {
        return accepted.sum();
    }

    /** Accepted connections that have not said yet what they want. */
    public long handshaking() {
        return handshaking.sum();
    }

    /** Accepted connections that are served now. */
    public long open() {
        return open.sum();
    }

    /** Dials begun. */
    public long dialled() {
        return dialled.sum();
    }

    /** Dials that gave no link. */
    public long dialsFailed() {
        return dialsFailed.sum();
    }

    /** Links that are there now. */
    public long linked() {
        return linked.sum();
    }

    /** Calls of others that an endpoint has answered, with an error or without. */
    public long served() {
        return served.sum();
    }

    /** Calls of others that are being answered. */
    public long serving() {
        return serving.sum();
    }

    /** What requests hold that are not whole yet, or wait for the one before them. */
    public long bufferedBytes() {
        return bufferedBytes.sum();
    }

    /** When something was last taken in over a connection without TLS, by the clock of the links; empty if nothing ever was. */
    public OptionalLong lastPlainNanos() {
        long at = lastPlain.get();
        return at == NEVER ? OptionalLong.empty() : OptionalLong.of(at);
    }

    void tookPlain(long nowNanos) {
        lastPlain.lazySet(nowNanos);
    }

    /** Connections, streams and calls that we refused for this reason. */
    public long refused(LinkRefusal reason) {
        return adder(refused, reason).sum();
    }

    void refuse(LinkRefusal reason) {
        adder(refused, reason).increment();
    }

    void ended(CallEnd how) {
        adder(calls, how).increment();
    }

    /** Every metric of {@link LinkMetric}, as it is now. */
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.of(LinkMetric.ACCEPTED.metric(), accepted.sum()));
        metrics.add(Metric.of(LinkMetric.HANDSHAKING.metric(), handshaking.sum()));
        metrics.add(Metric.of(LinkMetric.OPEN.metric(), open.sum()));
        metrics.add(Metric.of(LinkMetric.DIALLED.metric(), dialled.sum()));
        metrics.add(Metric.of(LinkMetric.DIALS_FAILED.metric(), dialsFailed.sum()));
        metrics.add(Metric.of(LinkMetric.LINKED.metric(), linked.sum()));
        metrics.add(Metric.of(LinkMetric.RECEIVED_BYTES.metric(), receivedBytes.sum()));
        metrics.add(Metric.of(LinkMetric.SENT_BYTES.metric(), sentBytes.sum()));
        metrics.add(Metric.of(LinkMetric.SERVED.metric(), served.sum()));
        metrics.add(Metric.of(LinkMetric.FAULTS.metric(), faults.sum()));
        metrics.add(Metric.of(LinkMetric.SERVING.metric(), serving.sum()));
        metrics.add(Metric.of(LinkMetric.BUFFERED_BYTES.metric(), bufferedBytes.sum()));
        for (CallEnd how : CallEnd.values()) {
            String label = how.name().toLowerCase(Locale.ROOT).replace('_', '-');
            metrics.add(Metric.of(LinkMetric.CALLS.metric(), adder(calls, how).sum(), label));
        }
        for (LinkRefusal reason : LinkRefusal.values()) {
            metrics.add(Metric.of(LinkMetric.REFUSED.metric(), refused(reason), reason.label()));
        }
        return List.copyOf(metrics);
    }

    private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> kinds) {
        Map<K, LongAdder> adders = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            adders.put(kind, new LongAdder());
        }
        return adders;
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K kind) {
        return Objects.requireNonNull(adders.get(kind));
    }
}
