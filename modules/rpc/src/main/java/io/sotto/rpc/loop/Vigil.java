package io.sotto.rpc.loop;

/**
 * Whether a thread with nothing to do had better stay awake for what comes next. To sleep and to be woken takes tens of
 * microseconds, more than a call itself; to stay awake takes a processor. So it pays only while the waits are short: one short sleep
 * earns the first vigil, and one that is kept in vain has to be earned again, by twice as many short sleeps each time, up to
 * {@value #PRICE_MAX}; one that was worth it halves that. Pure; one owner.
 *
 * <p>A thread that is woken now and then never keeps vigil; one whose peer goes away in the middle of a burst keeps one in
 * vain; and one whose peer cannot run meanwhile, since both share a processor, hardly ever does. Source: ours; performance rules, "At
 * ordinary rates wake-ups and thread hops are the cost".
 */
final class Vigil {
    private static final int PRICE_MAX = 1_024;
    /** Of a sleep's length most is the waking itself, at this end and at the other, which falls away. */
    private static final int SLEEP_OVER_VIGIL = 2;

    private final long nanos;
    /** Short sleeps that the next vigil costs if this one is in vain. */
    private int price = 1;
    /** Short sleeps that are to come before the next vigil. */
    private int owed = 1;

    /** @param nanos how long one may last; 0: none is kept */
    Vigil(long nanos) {
        this.nanos = nanos;
    }

    long nanos() {
        return nanos;
    }

    /** Whether to keep one now. */
    boolean pays() {
        return owed == 0;
    }

    /** After a vigil. */
    void kept(boolean wasWorthIt) {
        if (wasWorthIt) {
            price = Math.max(1, price / 2);
        } else {
            owed = price;
            price = Math.min(PRICE_MAX, 2 * price);
        }
    }

    /** After a sleep without one. */
    void slept(long forNanos) {
        if (nanos > 0 && forNanos <= SLEEP_OVER_VIGIL * nanos) {
            owed = Math.max(0, owed - 1);
        } else {
            owed = price;
        }
    }
}
