package io.sotto.rpc.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks and, when there are none, waits for sockets. What a socket has to tell is told on that thread, so
 * that a task which serves it needs no other.
 *
 * <p>Tasks run in their order. However many wait, the sockets are looked at after {@value #TURN_TASKS} of them or {@value
 * #TURN_MILLIS} ms, and however many sockets are ready, each is told once before the tasks go on. What a task throws goes to
 * the thread's handler of uncaught exceptions, and the loop goes on.
 *
 * <p>{@link #execute}, {@link #shutdown} and {@link #awaitEnd} are for every thread, {@link #register} and {@link #close} for
 * what runs on the loop. Source: ours; performance rules, "RPC".
 */
public final class SelectorLoop implements Executor {
    /** Who is told that a channel is ready, on the loop's thread. It must not throw, and is told again until it has seen to it. */
    @FunctionalInterface
    public interface Ready {
        void ready();
    }

    private static final int TURN_TASKS = 64;
    private static final int TURN_MILLIS = 1;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);
    /** A selector that fails fails again at once. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final ThreadLocal<@Nullable SelectorLoop> CURRENT = new ThreadLocal<>();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Who is told of channels that are closed, on the loop only. */
    private final ArrayDeque<Runnable> closing = new ArrayDeque<>();

    private final AtomicBoolean isAsleep = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LongSupplier clock;
    private final Vigil vigil;
    private final Selector selector;
    private final Thread thread;
    private volatile boolean isShutdown;

    /**
     * Starts the thread, as a daemon.
     *
     * @param clock nanoseconds, for the length of turns and of waits
     * @param vigil how long to stay awake at most for what comes soon; zero: never
     * @throws IOException if the system has no descriptor left
     */
    public SelectorLoop(ThreadFactory threads, LongSupplier clock, Duration vigil) throws IOException {
        this.clock = clock;
        this.vigil = new Vigil(vigil.toNanos());
        selector = Selector.open();
        thread = threads.newThread(this::run);
        thread.setDaemon(true);
        thread.start();
    }

    /** The loop that this thread is; throws {@link IllegalStateException} on any other. */
    public static SelectorLoop current() {
        SelectorLoop loop = CURRENT.get();
        if (loop == null) {
            throw new IllegalStateException("no thread that waits for sockets: "
                    + Thread.currentThread().getName());
        }
        return loop;
    }

    /** Has a channel that does not block looked after; it is told of nothing until its key asks for something. */
    public SelectionKey register(SelectableChannel channel, Ready ready) throws IOException {
        return channel.register(selector, 0, ready);
    }

    /**
     * Closes a registered channel. The system has its address back only once the selector has forgotten it, which is when {@code
     * gone} runs, on the loop.
     */
    public void close(SelectableChannel channel, Runnable gone) throws IOException {
        closing.add(gone);
        channel.close();
    }

    /** @throws RejectedExecutionException once the loop is to end */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        // Looked at afterwards: the loop does not end before it has seen all that came before.
        if (isShutdown && tasks.remove(task)) {
            throw new RejectedExecutionException("the loop has been shut down");
        }
        if (Thread.currentThread() != thread) {
            wakeUp();
        }
    }

    /** Ends the thread once the tasks that wait have run, and closes what is still registered. */
    public void shutdown() {
        isShutdown = true;
        wakeUp();
    }

    public boolean isShutdown() {
        return isShutdown;
    }

    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Whether the thread has ended within that time. */
    public boolean awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
        return ended.await(timeout, unit);
    }

    private void wakeUp() {
        if (isAsleep.get() && isAsleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    private void run() {
        CURRENT.set(this);
        try {
            while (!isShutdown || !tasks.isEmpty()) {
                runTasks();
                look();
            }
        } finally {
            close();
            CURRENT.remove();
            ended.countDown();
        }
    }

    private void runTasks() {
        long until = clock.getAsLong() + TURN_NANOS;
        for (int i = 0; i < TURN_TASKS; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            run(task);
            if (clock.getAsLong() - until >= 0) {
                return;
            }
        }
    }

    private void run(Runnable task) {
        // An interrupt is meant for a task; sockets would be closed by it.
        boolean unused = Thread.interrupted();
        try {
            task.run();
        } catch (Throwable theirs) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, theirs);
        }
    }

    private void look() {
        boolean unused = Thread.interrupted();
        try {
            if (!isIdle()) {
                selector.selectNow(this::tell);
            } else if (!vigil.pays() || !keepVigil()) {
                sleep();
            }
        } catch (IOException failed) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
            LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
        } finally {
            isAsleep.set(false);
        }
        for (Runnable gone = closing.poll(); gone != null; gone = closing.poll()) {
            run(gone);
        }
    }

    private boolean isIdle() {
        return tasks.isEmpty() && closing.isEmpty() && !isShutdown;
    }

    /** Looks again and again for a while; whether something came. */
    @SuppressWarnings("ThreadPriorityCheck") // A hint that nothing depends on: without it the answer comes later.
    private boolean keepVigil() throws IOException {
        long until = clock.getAsLong() + vigil.nanos();
        boolean came;
        do {
            // Whoever could answer may be waiting for this very processor.
            Thread.yield();
            came = selector.selectNow(this::tell) > 0 || !isIdle();
        } while (!came && clock.getAsLong() - until < 0);
        vigil.kept(came);
        return came;
    }

    private void sleep() throws IOException {
        isAsleep.set(true);
        // Looked at again: what came in between woke nobody.
        if (!isIdle()) {
            selector.selectNow(this::tell);
            return;
        }
        long since = clock.getAsLong();
        selector.select(this::tell);
        vigil.slept(clock.getAsLong() - since);
    }

    private void tell(SelectionKey key) {
        // Awake already: nobody needs to pay for a wake-up.
        isAsleep.lazySet(false);
        // Whoever was told just before may have closed it.
        if (key.isValid()) {
            ((Ready) key.attachment()).ready();
        }
    }

    private void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException failed) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }
}
