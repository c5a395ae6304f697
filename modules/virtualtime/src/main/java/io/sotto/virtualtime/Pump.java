package io.sotto.virtualtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What is ready to run, of all lanes, in the order in which it became ready; and the thread that runs it.
 *
 * <p>That thread takes no lock. What another thread hands in is taken over by the next {@link #settle}, and remembered:
 * where it comes in the order is up to that thread, so a run with such work cannot be repeated.
 */
final class Pump {
    private static final int FIRST_CAPACITY = 1_024;

    private final VirtualScheduler scheduler;
    private final Lane free;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Queue<Runnable> foreign = new ConcurrentLinkedQueue<>();
    private volatile Thread owner = Thread.currentThread();
    private volatile String stranger = "";

    // A ring: two arrays, so that nothing is allocated for a task.
    private Runnable[] tasks = new Runnable[FIRST_CAPACITY];
    private Lane[] taskLanes = new Lane[FIRST_CAPACITY];
    private int head;
    private int size;

    private Lane current;
    private long done;

    Pump(VirtualScheduler scheduler) {
        this.scheduler = scheduler;
        this.free = new Lane("", this);
        this.current = free;
    }

    VirtualScheduler scheduler() {
        return scheduler;
    }

    /** The lane of everything that belongs to no other; it is never paused. */
    Lane free() {
        return free;
    }

    /** The lane whose task is running. */
    Lane current() {
        return current;
    }

    Lane newLane(String dispatcher) {
        Lane lane = new Lane(dispatcher, this);
        lanes.put(dispatcher, lane);
        return lane;
    }

    Lane laneOf(String dispatcher) {
        return lanes.getOrDefault(dispatcher, free);
    }

    void resumeAll() {
        for (Lane lane : lanes.values()) {
            lane.slow(Duration.ZERO);
            lane.resume();
        }
    }

    boolean isReady() {
        return size > 0 || !foreign.isEmpty();
    }

    /** Tasks run so far. */
    long done() {
        return done;
    }

    /** The first other thread that handed work in, with what it did then; empty when there was none. */
    String stranger() {
        return stranger;
    }

    boolean isOwn() {
        return Thread.currentThread() == owner;
    }

    /** The calling thread runs the system from now on. */
    void own() {
        if (!isOwn()) {
            owner = Thread.currentThread();
        }
    }

    void add(Lane lane, Runnable task) {
        if (!isOwn()) {
            addForeign(() -> add(lane, task));
            return;
        }
        if (size == tasks.length) {
            grow();
        }
        int at = (head + size) & (tasks.length - 1);
        tasks[at] = task;
        taskLanes[at] = lane;
        size++;
    }

    void addForeign(Runnable task) {
        if (stranger.isEmpty()) {
            stranger = Thread.currentThread().getName() + ": "
                    + Arrays.toString(Thread.currentThread().getStackTrace());
        }
        foreign.add(task);
    }

    /** Runs what is ready, and what that makes ready, until there is nothing left. */
    void settle() {
        while (isReady()) {
            for (Runnable task = foreign.poll(); task != null; task = foreign.poll()) {
                task.run();
            }
            while (size > 0) {
                Runnable task = tasks[head];
                Lane lane = taskLanes[head];
                head = (head + 1) & (tasks.length - 1);
                size--;
                if (lane.runsFreely()) {
                    runAs(lane, task);
                } else {
                    lane.runOrHold(task);
                }
            }
        }
    }

    void runAs(Lane lane, Runnable task) {
        Lane before = current;
        current = lane;
        done++;
        try {
            task.run();
        } finally {
            current = before;
        }
    }

    private void grow() {
        Runnable[] moreTasks = new Runnable[2 * tasks.length];
        Lane[] moreLanes = new Lane[2 * tasks.length];
        for (int i = 0; i < size; i++) {
            moreTasks[i] = tasks[(head + i) & (tasks.length - 1)];
            moreLanes[i] = taskLanes[(head + i) & (tasks.length - 1)];
        }
        tasks = moreTasks;
        taskLanes = moreLanes;
        head = 0;
    }
}
