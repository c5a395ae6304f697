package io.sotto.agent.access;

import java.time.Instant;
import java.util.Optional;

/**
 * A token as it is kept: all but the secret.
 *
 * @param accessor a UUID that names it to people and in the audit log
 * @param description a word of whoever made it; may be empty
 * @param rules the text of its rules; of no account with {@code management}
 * @param management whether it may do everything
 * @param hash of the secret, in hexadecimal, see {@link TokenHash}
 * @param created when it was made
 * @param expires from when on it is no good; empty: never
 */
record StoredToken(
        String accessor,
        String description,
        String rules,
        boolean management,
        String hash,
        Instant created,
        Optional<Instant> expires) {

    boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Without the hash: nobody needs it, and it is shown to nobody. */
    @Override
    public String toString() {
        return "StoredToken[" + accessor + "]";
    }
}
