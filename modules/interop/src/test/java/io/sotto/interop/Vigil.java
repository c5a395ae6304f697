package io.sotto.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Looks every 100 ms, if nothing else is said, at what each node lists and remembers when a member was not alive in another's view. A node that is
 * being restarted is not asked, and after its return not before it has seen all others once; the others must list it alive
 * all the while.
 */
final class Vigil implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Function<PoolNode, Set<MemberLine>> look;
    private final Set<PoolNode> resting = ConcurrentHashMap.newKeySet();
    private final Set<PoolNode> returning = ConcurrentHashMap.newKeySet();
    private final List<String> lapses = new CopyOnWriteArrayList<>();
    private final List<ScheduledExecutorService> watchers = new ArrayList<>();
    private final List<Future<?>> looks = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private volatile long samples;

    private Vigil(List<? extends PoolNode> nodes, Function<PoolNode, Set<MemberLine>> look) {
        this.look = look;
        nodes.forEach(node -> names.add(node.name()));
    }

    /** Begins to look; all nodes must see each other already. */
    static Vigil over(List<? extends PoolNode> nodes, Function<PoolNode, Set<MemberLine>> look) {
        return over(nodes, look, INTERVAL);
    }

    /** The same, so often. */
    static Vigil over(List<? extends PoolNode> nodes, Function<PoolNode, Set<MemberLine>> look, Duration interval) {
        Vigil vigil = new Vigil(nodes, look);
        for (PoolNode node : nodes) {
            // Each by itself, so that one slow answer costs no other its sample.
            ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor();
            vigil.looks.add(watcher.scheduleAtFixedRate(
                    () -> vigil.sample(node), 0, interval.toMillis(), TimeUnit.MILLISECONDS));
            vigil.watchers.add(watcher);
        }
        return vigil;
    }

    /** The node is about to be stopped. */
    void rest(PoolNode node) {
        resting.add(node);
        returning.remove(node);
    }

    /** The node runs again. */
    void resume(PoolNode node) {
        returning.add(node);
        resting.remove(node);
    }

    /** Whether all nodes are looked at, and have seen all others since their last return. */
    boolean isWhole() {
        return resting.isEmpty() && returning.isEmpty();
    }

    /** Who was not alive in whose view. */
    List<String> lapses() {
        return List.copyOf(lapses);
    }

    /** How many views have been looked at. */
    long samples() {
        return samples;
    }

    private void sample(PoolNode node) {
        if (resting.contains(node)) {
            return;
        }
        Set<MemberLine> seen;
        try {
            seen = look.apply(node);
        } catch (RuntimeException | AssertionError noAnswer) {
            if (!resting.contains(node)) {
                lapses.add(node.name() + " did not answer: " + noAnswer);
            }
            return;
        }
        Set<String> missing = new HashSet<>(names);
        seen.stream().filter(line -> line.status().equals("alive")).forEach(line -> missing.remove(line.name()));
        if (resting.contains(node)) {
            return;
        }
        if (returning.contains(node)) {
            if (missing.isEmpty()) {
                returning.remove(node);
            }
            return;
        }
        count();
        missing.forEach(name -> lapses.add(node.name() + " does not list " + name + " as alive: " + seen));
    }

    private synchronized void count() {
        samples++;
    }

    @Override
    public void close() {
        looks.forEach(looking -> looking.cancel(false));
        watchers.forEach(ScheduledExecutorService::shutdown);
    }
}
