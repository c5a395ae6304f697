package io.sotto.gossip.datapath;

import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.Opener;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What a pool keeps about what comes in, over all its sockets and streams and over their restarts.
 *
 * @param rejections what was refused
 * @param guard whether an authentic envelope is one that came before
 * @param evidence what came from whom
 */
public record Inspection(RejectionLog rejections, EnvelopeGuard guard, Evidence evidence) {
    /** Counts, lets every authentic envelope pass, and keeps evidence for nobody. */
    public static Inspection counting(RejectionLog rejections) {
        return new Inspection(rejections, EnvelopeGuard.none(), rejections.evidence());
    }

    /** The same guard, and books of its own, which nobody reads: for what is neither traffic nor a fault of the pool. */
    public Inspection apart() {
        RejectionLog unread = RejectionLog.create(InstantSource.fixed(Instant.EPOCH), line -> {});
        return new Inspection(unread, guard, unread.evidence());
    }

    /** An opener for one owner. */
    public Opener opener() {
        return new Opener(guard);
    }
}
