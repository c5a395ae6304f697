package io.sotto.gossip.datapath;

import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.Opener;

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

    /** An opener for one owner. */
    public Opener opener() {
        return new Opener(guard);
    }
}
