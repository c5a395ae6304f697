package io.sotto.membership.upshift.trial;

import java.time.Instant;

/**
 * What a trial has shown of one member.
 *
 * @param at when it ended, by the clock of whoever tried
 * @param opens whether it opens what the key seals
 * @param seals what it seals its answers with
 * @param plain what it does with plaintext; only tried on members that seal with the key
 */
public record KeyFinding(Instant at, Opens opens, Seals seals, Plain plain) {
    /** Whether it opens what the key seals. */
    public enum Opens {
        /** It answered a ping that the key had sealed. */
        PROVEN,
        /** It answers, but not that. */
        REFUSED,
        /** It was not reached. */
        UNKNOWN
    }

    /** What it seals its answers with. */
    public enum Seals {
        /** The key. */
        WITH_KEY,
        /** Another key that this node holds too. */
        WITH_ANOTHER,
        /** Nothing. */
        NOT,
        /** It gave none that could be opened. */
        UNKNOWN
    }

    /** What it does with plaintext. */
    public enum Plain {
        /** It answered a plain ping. */
        TAKEN,
        /** It left several plain pings unanswered while it answered sealed ones. */
        REFUSED,
        /** Not tried, or not to be said. */
        UNKNOWN
    }

    /** It was not tried, or not reached. */
    public static KeyFinding unknown(Instant at) {
        return new KeyFinding(at, Opens.UNKNOWN, Seals.UNKNOWN, Plain.UNKNOWN);
    }
}
