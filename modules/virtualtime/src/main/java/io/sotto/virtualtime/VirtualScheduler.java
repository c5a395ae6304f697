package io.sotto.virtualtime;

import com.typesafe.config.Config;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Pekko's scheduler over virtual nanoseconds: a heap of tasks by the time when they are due, and by their number among those
 * due at the same time. Time moves only when {@link VirtualTime} moves it.
 *
 * <p>A task belongs to the {@link Lane} that scheduled it, and waits with that lane. Public because Pekko makes it, by name.
 */
public final class VirtualScheduler extends AbstractScheduler {
    private static final int FIRST_CAPACITY = 256;
    /** A task that is due again at once for ever would let no time pass. */
    private static final long INTERVAL_MIN_NANOS = 1;

    private final Pump pump = new Pump(this);
    private @Nullable Task[] heap = new Task[FIRST_CAPACITY];
    private int size;
    private long nanos;
    private long lastNumber;

    /** Called by Pekko. */
    public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

    Pump pump() {
        return pump;
    }

    /** Deprecated for callers; still the one method to implement. */
    @Override
    @SuppressWarnings("deprecation")
    public Cancellable schedule(
            FiniteDuration initial, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        return add(new Task(
                pump.current(),
                () -> executor.execute(runnable),
                initial.toNanos(),
                Math.max(INTERVAL_MIN_NANOS, interval.toNanos())));
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        return add(new Task(pump.current(), () -> executor.execute(runnable), delay.toNanos(), 0));
    }

    @Override
    public double maxFrequency() {
        return 1_000_000;
    }

    long nanos() {
        return nanos;
    }

    /** Runs {@code task} as {@code lane} after {@code delayNanos}. */
    Cancellable add(Lane lane, long delayNanos, Runnable task) {
        return add(new Task(lane, task, delayNanos, 0));
    }

    /** When the next task is due; {@link Long#MAX_VALUE} when there is none. */
    long nextDue() {
        Task first = heap[0];
        while (first != null && first.isCancelled) {
            removeFirst();
            first = heap[0];
        }
        return first == null ? Long.MAX_VALUE : first.due;
    }

    void moveTo(long newNanos) {
        nanos = newNanos;
    }

    /** Makes what is due now ready to run. */
    void releaseDue() {
        while (nextDue() <= nanos) {
            Task task = removeFirst();
            pump.add(task.lane, task);
        }
    }

    private Cancellable add(Task task) {
        if (pump.isOwn()) {
            push(task);
        } else {
            pump.addForeign(() -> push(task));
        }
        return task;
    }

    private void push(Task task) {
        task.due = nanos + Math.max(0, task.delay);
        task.number = ++lastNumber;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Task above = at(parent);
            if (!task.isBefore(above)) {
                break;
            }
            heap[at] = above;
            at = parent;
        }
        heap[at] = task;
    }

    private Task removeFirst() {
        Task first = at(0);
        Task last = at(--size);
        heap[size] = null;
        if (size > 0) {
            sink(last);
        }
        return first;
    }

    private void sink(Task task) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            Task least = at(child);
            if (child + 1 < size && at(child + 1).isBefore(least)) {
                child++;
                least = at(child);
            }
            if (!least.isBefore(task)) {
                break;
            }
            heap[at] = least;
            at = child;
        }
        heap[at] = task;
    }

    private Task at(int index) {
        Task task = heap[index];
        if (task == null) {
            throw new IllegalStateException("a hole at " + index + " of " + size);
        }
        return task;
    }

    private final class Task implements Cancellable, Runnable {
        private final Lane lane;
        private final Runnable runnable;
        private final long interval;
        private long delay;
        private long due;
        private long number;
        /** May be set by another thread, as whoever asked for the task may live on one. */
        private volatile boolean isCancelled;

        private volatile boolean isDone;

        Task(Lane lane, Runnable runnable, long delay, long interval) {
            this.lane = lane;
            this.runnable = runnable;
            this.delay = delay;
            this.interval = interval;
        }

        boolean isBefore(Task other) {
            return due < other.due || (due == other.due && number < other.number);
        }

        @Override
        public void run() {
            if (isCancelled) {
                return;
            }
            if (interval > 0) {
                delay = interval;
                push(this);
            } else {
                isDone = true;
            }
            runnable.run();
        }

        @Override
        public boolean cancel() {
            boolean first = !isCancelled && !isDone;
            isCancelled = true;
            return first;
        }

        @Override
        public boolean isCancelled() {
            return isCancelled;
        }
    }
}
