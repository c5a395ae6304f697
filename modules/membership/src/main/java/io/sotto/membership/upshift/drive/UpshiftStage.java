package io.sotto.membership.upshift.drive;

import java.util.Locale;

/**
 * The ladder of an upshift, lowest first. Members at neighbouring stages understand each other; those further apart do not. Source:
 * agent specification, section 4, whose matrix shows both.
 *
 * <pre>
 *               GOSSIP                                   TLS
 *   NONE        no key                                   no certificate
 *   READY       holds the key; both verify flags off     certificate and authority in place; both verify flags off
 *   SENDING     seals all it sends                       calls by TLS only
 *   ENFORCED    refuses plaintext                        refuses plain calls and callers without a certificate
 * </pre>
 */
public enum UpshiftStage {
    NONE,
    READY,
    SENDING,
    ENFORCED;

    /** As it is shown to people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isAtLeast(UpshiftStage other) {
        return compareTo(other) >= 0;
    }

    /** Whether members at both understand each other: they are neighbours, or the same. */
    public boolean understands(UpshiftStage other) {
        return this == other || above() == other || below() == other;
    }

    /** The one above, or the last one itself. */
    public UpshiftStage above() {
        return switch (this) {
            case NONE -> READY;
            case READY -> SENDING;
            case SENDING, ENFORCED -> ENFORCED;
        };
    }

    /** The one below, or the first one itself. */
    public UpshiftStage below() {
        return switch (this) {
            case NONE, READY -> NONE;
            case SENDING -> READY;
            case ENFORCED -> SENDING;
        };
    }
}
