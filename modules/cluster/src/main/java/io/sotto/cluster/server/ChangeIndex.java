package io.sotto.cluster.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the changes of the members' view, which gives blocking queries their index, and knows who waits for the next. Safe
 * to use from every thread; whoever waits is told on the thread that made the change.
 */
final class ChangeIndex {
    /**
     * When something of a member changed.
     *
     * @param created the index at which it was first seen
     * @param modified the index of its last change
     */
    record Of(long created, long modified) {}

    private static final Of UNSEEN = new Of(1, 1);

    private final Map<String, Of> members = new HashMap<>();
    private List<Runnable> waiting = new ArrayList<>();
    private long index = 1;

    /** Notes a change of this member. */
    void changed(String member) {
        List<Runnable> told;
        synchronized (this) {
            index++;
            Of before = members.getOrDefault(member, new Of(index, index));
            members.put(member, new Of(before.created, index));
            told = waiting;
            waiting = new ArrayList<>();
        }
        told.forEach(Runnable::run);
    }

    /** Notes that this member is forgotten. */
    void forgotten(String member) {
        changed(member);
        synchronized (this) {
            members.remove(member);
        }
    }

    synchronized long index() {
        return index;
    }

    synchronized Of of(String member) {
        return members.getOrDefault(member, UNSEEN);
    }

    /** Runs {@code action} at the first index above {@code known}: at once if it is past that, or was never there. */
    void whenPast(long known, Runnable action) {
        synchronized (this) {
            if (index == known) {
                waiting.add(action);
                return;
            }
        }
        action.run();
    }

    /** Nobody is to be told any more. */
    synchronized void forget(Runnable action) {
        waiting.remove(action);
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
