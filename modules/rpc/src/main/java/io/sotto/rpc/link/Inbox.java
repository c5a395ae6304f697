package io.sotto.rpc.link;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How other threads reach a link: a queue and one wake-up for all that waits. While the owner is at work it needs none, since
 * it looks again before it rests.
 *
 * @param <T> what is handed over
 */
final class Inbox<T> {
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isAwake = new AtomicBoolean(true);
    private volatile Runnable wake = () -> {};
    private volatile boolean closed;

    /** Says how the owner is woken; from now on it may rest. */
    void wakeBy(Runnable action) {
        wake = action;
    }

    /** Hands one over; false once the inbox is closed. Any thread. */
    boolean offer(T one) {
        if (closed) {
            return false;
        }
        waiting.add(one);
        if (closed && waiting.remove(one)) {
            return false;
        }
        if (!isAwake.get() && isAwake.compareAndSet(false, true)) {
            wake.run();
        }
        return true;
    }

    /** The next one; null if there is none. Owner only. */
    @Nullable
    T poll() {
        return waiting.poll();
    }

    /** The owner is at work: nobody needs to wake it. */
    void awake() {
        isAwake.lazySet(true);
    }

    /** The owner is about to rest; false if something came, and it must go on. */
    boolean rest() {
        isAwake.set(false);
        return waiting.isEmpty() || !isAwake.compareAndSet(false, true);
    }

    /** Takes no more; what waits can still be polled. Owner only. */
    void close() {
        closed = true;
    }
}
