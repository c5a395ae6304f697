package io.sotto.gossip;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A scheduler, and a pool's clocks, that stand still until a test moves them. Pekko's own {@code ManualTime} sleeps a tenth
 * of a second at each step, which minutes of gossip cannot afford.
 *
 * <p>Named in the configuration of {@link VirtualSystem}.
 */
public final class VirtualScheduler extends AbstractScheduler implements PoolTime {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task task) -> task.due).thenComparingLong(task -> task.number));
    private long nanos;
    private long lastNumber;

    /** Called by Pekko. */
    public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

    /** Deprecated for callers; still the one method to implement. */
    @Override
    @SuppressWarnings("deprecation")
    public synchronized Cancellable schedule(
            FiniteDuration initial, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        return add(new Task(runnable, executor, Math.max(1, interval.toNanos())), initial.toNanos());
    }

    @Override
    public synchronized Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        return add(new Task(runnable, executor, 0), delay.toNanos());
    }

    @Override
    public double maxFrequency() {
        return 1_000_000;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public Instant wall() {
        return now();
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos());
    }

    /** Moves time to the next task that is due within {@code most} and starts it; empty when there is none. */
    synchronized Optional<Duration> runNext(Duration most) {
        while (!tasks.isEmpty() && tasks.element().isCancelled) {
            tasks.remove();
        }
        if (tasks.isEmpty() || tasks.element().due > nanos + most.toNanos()) {
            return Optional.empty();
        }
        Task task = tasks.remove();
        long passed = Math.max(0, task.due - nanos);
        nanos += passed;
        if (task.interval > 0) {
            add(task, task.interval);
        } else {
            task.isDone = true;
        }
        task.executor.execute(task.runnable);
        return Optional.of(Duration.ofNanos(passed));
    }

    synchronized void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    private Task add(Task task, long delay) {
        task.due = nanos + Math.max(0, delay);
        task.number = ++lastNumber;
        tasks.add(task);
        return task;
    }

    private final class Task implements Cancellable {
        private final Runnable runnable;
        private final ExecutionContext executor;
        private final long interval;
        private long due;
        private long number;
        private boolean isCancelled;
        private boolean isDone;

        Task(Runnable runnable, ExecutionContext executor, long interval) {
            this.runnable = runnable;
            this.executor = executor;
            this.interval = interval;
        }

        @Override
        public boolean cancel() {
            synchronized (VirtualScheduler.this) {
                boolean first = !isCancelled && !isDone;
                isCancelled = true;
                return first;
            }
        }

        @Override
        public boolean isCancelled() {
            synchronized (VirtualScheduler.this) {
                return isCancelled;
            }
        }
    }
}
