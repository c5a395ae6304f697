package io.sotto.gossip.rotation;

import java.util.HashSet;
import java.util.Set;

/** The questions whether a rotation may begin, and which of them were called off meanwhile. One owner. */
final class Clearings {
    private final Set<Long> underWay = new HashSet<>();
    private long last;
    private long lastCalledOff;

    /** Begins a question; gives its number. */
    long ask() {
        underWay.add(++last);
        return last;
    }

    /** The question was answered. Whether that still counts. */
    boolean counts(long question) {
        underWay.remove(question);
        return question > lastCalledOff;
    }

    /** What is being asked counts no more. Whether anything is. */
    boolean callOff() {
        boolean isAny = !underWay.isEmpty();
        underWay.clear();
        lastCalledOff = last;
        return isAny;
    }
}
