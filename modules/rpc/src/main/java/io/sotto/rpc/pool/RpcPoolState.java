package io.sotto.rpc.pool;

import io.sotto.rpc.supervision.SecondTry;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the connections of a node publish: where calls go, how many wait, what was counted. Written by the pool's actors and
 * by callers; may be read from any thread.
 */
public final class RpcPoolState {
    private final RpcPoolSettings settings;
    private final RpcPoolEnvironment environment;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final RandomGenerator random;
    private volatile Routes routes = Routes.none();
    private volatile RateGate gate;
    private volatile Function<Class<?>, SecondTry.Faults> faults = actor -> SecondTry.Faults.NONE;

    final LongAdder alarms = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder refusedWaiting = new LongAdder();
    final LongAdder refusedRate = new LongAdder();
    final LongAdder replaced = new LongAdder();
    final LongAdder idleClosed = new LongAdder();
    final LongAdder rebalanced = new LongAdder();
    final LongAdder rebalancedInVain = new LongAdder();
    final LongAdder restarts = new LongAdder();

    private RpcPoolState(RpcPoolSettings settings, RpcPoolEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
        this.random = environment.randoms().get();
        this.gate = new RateGate(settings.limit(), environment.nanos().getAsLong());
    }

    public static RpcPoolState create(RpcPoolSettings settings, RpcPoolEnvironment environment) {
        return new RpcPoolState(settings, environment);
    }

    /** Calls to servers go by this from now on. */
    public void limit(RpcPoolSettings.RateLimit limit) {
        gate = new RateGate(limit, environment.nanos().getAsLong());
    }

    /**
     * The servers of a datacenter, the one in use first; where certificates must name servers, those whose certificate does.
     */
    public List<RpcPeer> servers(String datacenter) {
        Routes now = routes;
        return now.servers().getOrDefault(datacenter, List.of()).stream()
                .filter(slot -> !now.unproven().contains(slot))
                .map(Slot::peer)
                .toList();
    }

    /** Calls that wait for a connection, or to be tried again. */
    public int waiting() {
        return waiting.get();
    }

    /** Every metric of {@link PoolMetric}, as it is now. */
    public List<Metric> metrics() {
        Routes now = routes;
        int servers = now.servers().values().stream().mapToInt(List::size).sum()
                - now.unproven().size();
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.of(PoolMetric.PEERS.metric(), now.byName().size()));
        metrics.add(Metric.of(PoolMetric.SERVERS.metric(), servers));
        metrics.add(Metric.of(PoolMetric.EXCLUDED.metric(), now.excluded()));
        metrics.add(Metric.of(PoolMetric.ALARMS.metric(), alarms.sum()));
        metrics.add(Metric.of(PoolMetric.WAITING.metric(), waiting.get()));
        metrics.add(Metric.of(PoolMetric.RETRIES.metric(), retries.sum()));
        metrics.add(Metric.of(PoolMetric.REFUSED.metric(), refusedWaiting.sum(), "waiting"));
        metrics.add(Metric.of(PoolMetric.REFUSED.metric(), refusedRate.sum(), "rate"));
        metrics.add(Metric.of(PoolMetric.REPLACED.metric(), replaced.sum()));
        metrics.add(Metric.of(PoolMetric.IDLE_CLOSED.metric(), idleClosed.sum()));
        metrics.add(Metric.of(PoolMetric.REBALANCES.metric(), rebalanced.sum(), "answered"));
        metrics.add(Metric.of(PoolMetric.REBALANCES.metric(), rebalancedInVain.sum(), "unanswered"));
        metrics.add(Metric.of(PoolMetric.RESTARTS.metric(), restarts.sum()));
        return List.copyOf(metrics);
    }

    /** For tests: what happens to each message of each kind of actor from now on. */
    void inject(Function<Class<?>, SecondTry.Faults> newFaults) {
        faults = newFaults;
    }

    SecondTry.Faults faults(Class<?> actor) {
        return faults.apply(actor);
    }

    RpcPoolSettings settings() {
        return settings;
    }

    RpcPoolEnvironment environment() {
        return environment;
    }

    Routes routes() {
        return routes;
    }

    void publish(Routes next) {
        routes = next;
    }

    /** Whether one more call to a server may be made now. */
    boolean admit(long nowNanos) {
        boolean admitted = gate.admit(nowNanos);
        if (!admitted) {
            refusedRate.increment();
        }
        return admitted;
    }

    /** Whether one more call may wait; if so, {@link #leaveQueue} once it no longer does. */
    boolean enterQueue() {
        if (waiting.incrementAndGet() > settings.maxWaiting()) {
            waiting.decrementAndGet();
            refusedWaiting.increment();
            return false;
        }
        return true;
    }

    void leaveQueue() {
        waiting.decrementAndGet();
    }

    /** From 0 to {@code most}; calls are tried again seldom enough for a lock. */
    long chance(long most) {
        synchronized (random) {
            return random.nextLong(most + 1);
        }
    }

    /** Where the next call to one of several begins to look. */
    int nextTurn() {
        return turn.getAndIncrement() & Integer.MAX_VALUE;
    }
}
