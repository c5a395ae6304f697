package io.sotto.cluster.server;

import java.time.Duration;

/** Does things after a while. Safe to use from every thread. */
@FunctionalInterface
interface Later {
    /** Runs {@code action} after {@code delay}, unless what comes back is run before. */
    Runnable schedule(Duration delay, Runnable action);
}
