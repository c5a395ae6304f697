package io.sotto.rpc.supervision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Fails twice before, and twice after, each kind of message, and only once from one arming to the next. For one thread. */
public final class FailsOnce implements SecondTry.Faults {
    private static final int TIMES = 2;

    private final Map<String, Integer> done = new HashMap<>();
    private final List<String> fired = new ArrayList<>();
    private final Set<String> kinds = new TreeSet<>();
    private boolean isArmed;

    /** The next message that still has its turn is failed on. */
    public void arm() {
        isArmed = true;
    }

    public void disarm() {
        isArmed = false;
    }

    /** The points at which it failed, in their order. */
    public List<String> fired() {
        return List.copyOf(fired);
    }

    /** The messages on which it failed before and after. */
    public Set<String> kinds() {
        Set<String> both = new TreeSet<>(kinds);
        both.removeIf(kind -> !done.containsKey("before " + kind) || !done.containsKey("after " + kind));
        return both;
    }

    @Override
    public void before(Object message) {
        fail("before", message);
    }

    @Override
    public void after(Object message) {
        fail("after", message);
    }

    private void fail(String moment, Object message) {
        String kind = message.getClass().getSimpleName();
        String point = moment + " " + kind;
        if (isArmed && done.getOrDefault(point, 0) < TIMES) {
            done.merge(point, 1, Integer::sum);
            kinds.add(kind);
            isArmed = false;
            fired.add(point);
            throw new IllegalStateException("made to fail " + point);
        }
    }
}
