package io.sotto.rpc.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When to speak of a certificate that ends: once at each of the given times before its end, and once a day in the last week
 * and after it. Immutable: each look answers with what to remember.
 */
record ExpiryNotices(int stage, Instant spoken) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LAST_WEEK = Duration.ofDays(7);

    static ExpiryNotices none() {
        return new ExpiryNotices(0, Instant.MIN);
    }

    /** How many of the times (longest first) have been reached. */
    static int stage(List<Duration> times, Duration left) {
        return (int) times.stream().filter(time -> left.compareTo(time) <= 0).count();
    }

    boolean speaks(List<Duration> times, Duration left, Instant now) {
        int reached = stage(times, left);
        boolean daily = reached > 0 && left.compareTo(LAST_WEEK) <= 0;
        return reached > stage || (daily && !spoken.equals(Instant.MIN) && !now.isBefore(spoken.plus(DAY)));
    }

    ExpiryNotices after(List<Duration> times, Duration left, Instant now) {
        boolean speaks = speaks(times, left, now);
        return new ExpiryNotices(stage(times, left), speaks ? now : spoken);
    }

    /** For people: days while there are some, then hours, then that it is over. */
    static String words(Duration left) {
        if (left.isNegative()) {
            return "expired " + Math.max(0, left.negated().toDays()) + " days ago";
        }
        return "expires in "
                + (left.compareTo(DAY.multipliedBy(2)) >= 0 ? left.toDays() + " days" : left.toHours() + " hours");
    }
}
