package io.sotto.wire.yamux;

/** The pings of a session: their numbers, the keep-alive that waits for its answer, and the one that follows a GoAway. */
final class Pings {
    /** What is to be done about the peer's life. */
    enum Due {
        NOTHING,
        KEEP_ALIVE,
        /** The answer to the last one is overdue. */
        TOO_LATE
    }

    private final long intervalNanos;
    private final long timeoutNanos;

    private int next;
    private int keepAlive;
    private boolean isKeepAliveWaiting;
    private boolean hasTicked;
    private long sinceNanos;
    private int farewell;
    private boolean hasFarewell;
    private boolean isFarewellAnswered;

    Pings(YamuxSettings settings) {
        this.intervalNanos = settings.keepAliveInterval().toNanos();
        this.timeoutNanos = settings.keepAliveTimeout().toNanos();
    }

    /** The number of a ping that is sent now. */
    int next() {
        return next++;
    }

    /** What is due at this time. */
    Due due(long nowNanos) {
        if (!hasTicked) {
            hasTicked = true;
            sinceNanos = nowNanos;
        }
        long passed = nowNanos - sinceNanos;
        if (isKeepAliveWaiting) {
            return passed >= timeoutNanos ? Due.TOO_LATE : Due.NOTHING;
        }
        return passed >= intervalNanos ? Due.KEEP_ALIVE : Due.NOTHING;
    }

    /** Waits for the answer to this ping, which was sent at this time, as a sign of life. */
    void awaitLife(int opaque, long nowNanos) {
        keepAlive = opaque;
        isKeepAliveWaiting = true;
        sinceNanos = nowNanos;
    }

    /** Takes the answer to this ping as one to the GoAway that was sent before it. */
    void awaitFarewell(int opaque) {
        farewell = opaque;
        hasFarewell = true;
    }

    /** Whether the peer has seen our GoAway. */
    boolean isFarewellAnswered() {
        return isFarewellAnswered;
    }

    /** Takes an answer; false for one to a ping that was never sent. */
    boolean answered(int opaque) {
        if (Integer.compareUnsigned(opaque, next) >= 0) {
            return false;
        }
        isKeepAliveWaiting &= opaque != keepAlive;
        isFarewellAnswered |= hasFarewell && opaque == farewell;
        return true;
    }
}
