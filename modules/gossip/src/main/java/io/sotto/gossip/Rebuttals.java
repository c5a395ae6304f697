package io.sotto.gossip;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Whom this node has told in person that it lives: each accuser once in a protocol period and incarnation, and so many in a
 * period. What one accuser says several times, or what waited in the buffer of a process that stood still, is one
 * accusation. One owner. Source: ours.
 */
final class Rebuttals {
    private final int mostInAPeriod;
    private final Duration period;
    private final Set<InetSocketAddress> told = new HashSet<>();
    private long incarnation;
    private Instant began = Instant.MIN;
    private int count;

    Rebuttals(int mostInAPeriod, Duration period) {
        this.mostInAPeriod = mostInAPeriod;
        this.period = period;
    }

    /** Whether {@code accuser} is to be told now that we have this incarnation; counts as told if so. */
    boolean admits(InetSocketAddress accuser, long ownIncarnation, Instant now) {
        if (Duration.between(began, now).compareTo(period) >= 0) {
            began = now;
            count = 0;
            told.clear();
        }
        if (ownIncarnation != incarnation) {
            incarnation = ownIncarnation;
            told.clear();
        }
        if (count >= mostInAPeriod || !told.add(accuser)) {
            return false;
        }
        count++;
        return true;
    }
}
