package io.sotto.testkit.sim;

import io.sotto.virtualtime.VirtualTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What happened in a cluster, line by line; the same seed and the same test give the same lines. */
final class SimLog {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final VirtualTime virtual;
    private final List<String> lines = new ArrayList<>();

    SimLog(VirtualTime virtual) {
        this.virtual = virtual;
    }

    /** Adds a line about a member, or about the cluster. */
    void add(String who, String what) {
        long nanos = virtual.nanos();
        String fraction = String.valueOf(NANOS_PER_SECOND + nanos % NANOS_PER_SECOND);
        lines.add(nanos / NANOS_PER_SECOND + "." + fraction.substring(1) + " " + who + " " + what);
    }

    List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
