package io.sotto.membership.upshift;

import java.time.Instant;
import java.util.Optional;

/**
 * All that is known about one member's encryption.
 *
 * @param presence whether it takes part now; who has left is not asked about
 * @param gives whether it is of a kind that gives reports
 * @param report its own sealed report; this node's own is always there if it holds a key
 * @param lastSealed when something sealed last came from its address
 * @param sealedWith the id of the key that opened that
 * @param lastPlain when plaintext last came from its address and was taken in
 */
public record MemberEvidence(
        String name,
        Presence presence,
        Gives gives,
        Optional<SelfReport> report,
        Optional<Instant> lastSealed,
        Optional<String> sealedWith,
        Optional<Instant> lastPlain) {

    /** Whether a member takes part now. */
    public enum Presence {
        /** This node. */
        SELF,
        /** Taken for alive. */
        ALIVE,
        /** Taken for failed: it may come back as it went. */
        FAILED
    }

    /** What a member says of itself. */
    public enum Gives {
        /** A sealed report, if it holds a key. */
        REPORTS,
        /** Nothing: an agent of another kind. */
        NOTHING
    }
}
