package io.sotto.rpc.loop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Some {@link SelectorLoop}s as one executor: a task always runs on the same of them. Pekko hands over the mailbox of an actor,
 * the same object each time, so an actor, and with it its socket, stays on one thread. Any thread.
 */
final class SelectorLoops extends AbstractExecutorService {
    private final List<SelectorLoop> loops;
    private final LongSupplier clock;

    /** @throws RejectedExecutionException if the system has no descriptor left */
    SelectorLoops(ThreadFactory threads, int count, LongSupplier clock, Duration vigil) {
        this.clock = clock;
        List<SelectorLoop> started = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                started.add(new SelectorLoop(threads, clock, vigil));
            }
        } catch (IOException e) {
            started.forEach(SelectorLoop::shutdown);
            throw new RejectedExecutionException("no thread that waits for sockets can be had", e);
        }
        loops = List.copyOf(started);
    }

    @Override
    public void execute(Runnable task) {
        loops.get(loops.size() == 1 ? 0 : Math.floorMod(spread(System.identityHashCode(task)), loops.size()))
                .execute(task);
    }

    @Override
    public void shutdown() {
        loops.forEach(SelectorLoop::shutdown);
    }

    /** What waits is run all the same: these are actors, each of which has its own end. */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return loops.stream().allMatch(SelectorLoop::isShutdown);
    }

    @Override
    public boolean isTerminated() {
        return loops.stream().allMatch(SelectorLoop::hasEnded);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long until = clock.getAsLong() + unit.toNanos(timeout);
        for (SelectorLoop loop : loops) {
            if (!loop.awaitEnd(until - clock.getAsLong(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    private static int spread(int hash) {
        return (hash * 0x9e37_79b9) >>> 8;
    }
}
