package io.sotto.virtualtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One of the processes that share a {@link VirtualTime}: the actors of one dispatcher, and the timers that they set.
 *
 * <p>A lane can be paused as a signal pauses a process: nothing of it runs, what comes for it waits, timers that fall due
 * wait too, and all of it happens late, in order, once the lane is resumed; meanwhile the clocks go on. It can also be slow:
 * each task then takes a while of virtual time before the next one of the lane begins.
 *
 * <p>Used on the thread of its {@link VirtualTime} only.
 */
public final class Lane {
    private final String dispatcher;
    private final Pump pump;
    private final Queue<Runnable> held = new ArrayDeque<>();
    /** One look decides for the many lanes that are neither paused nor slow. */
    private boolean runsFreely = true;

    private boolean isPaused;
    private long taskNanos;
    private long busyUntil;

    Lane(String dispatcher, Pump pump) {
        this.dispatcher = dispatcher;
        this.pump = pump;
    }

    /** The id of the lane's dispatcher, for {@code DispatcherSelector.fromConfig}. */
    public String dispatcher() {
        return dispatcher;
    }

    /** Runs {@code task} as the lane, when its turn comes. */
    public void execute(Runnable task) {
        pump.add(this, task);
    }

    /** Runs {@code task} as the lane after {@code delayNanos} of virtual time; later if the lane is paused then. */
    public void executeAfter(long delayNanos, Runnable task) {
        pump.scheduler().add(this, delayNanos, task);
    }

    /** Nothing of the lane runs until {@link #resume}. Pausing twice is pausing once. */
    public void pause() {
        isPaused = true;
        runsFreely = false;
    }

    /** What waits goes on, in the order in which it came. */
    public void resume() {
        isPaused = false;
        setFree();
        release();
    }

    public boolean isPaused() {
        return isPaused;
    }

    /** From now on each task takes {@code perTask}; zero is as fast as can be, which is how lanes begin. */
    public void slow(Duration perTask) {
        taskNanos = perTask.toNanos();
        setFree();
        release();
    }

    /** How many tasks wait for the lane to go on. */
    public int waiting() {
        return held.size();
    }

    boolean runsFreely() {
        return runsFreely;
    }

    /** Called by the pump for a lane that does not run freely: runs the task, or keeps it for later. */
    void runOrHold(Runnable task) {
        long now = pump.scheduler().nanos();
        if (isPaused || now < busyUntil || !held.isEmpty()) {
            held.add(task);
        } else {
            run(task, now);
        }
    }

    private void run(Runnable task, long now) {
        pump.runAs(this, task);
        if (taskNanos > 0) {
            busyUntil = now + taskNanos;
            pump.scheduler().add(pump.free(), taskNanos, this::next);
        }
    }

    /** The task before has taken its time. */
    private void next() {
        long now = pump.scheduler().nanos();
        if (!isPaused && now >= busyUntil) {
            Runnable task = held.poll();
            if (task != null) {
                run(task, now);
            }
        }
    }

    private void release() {
        if (isPaused) {
            return;
        }
        if (taskNanos > 0) {
            next();
            return;
        }
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            pump.add(this, task);
        }
    }

    private void setFree() {
        runsFreely = !isPaused && taskNanos == 0;
    }

    @Override
    public String toString() {
        return dispatcher;
    }
}
