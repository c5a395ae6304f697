package io.sotto.membership.upshift;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a member says of its own encryption, in an answer that its primary key sealed.
 *
 * @param keys the ids of the keys on its ring, the primary first; never empty, since nothing could have sealed it then
 * @param verifyIncoming whether it refuses plaintext
 * @param verifyOutgoing whether all that it sends is sealed
 * @param label the label that it sends, or empty
 * @param labelEnforced whether it refuses what bears another label, or none
 * @param lastPlaintext when it last took plaintext in, by its own clock, if it did since its start
 * @param reportedAt the time of the report by its own clock
 * @param version of its software
 */
public record SelfReport(
        List<String> keys,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        String label,
        boolean labelEnforced,
        Optional<Instant> lastPlaintext,
        Instant reportedAt,
        String version) {
    public SelfReport {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a report without keys");
        }
    }

    /** The key that it seals with. */
    public String primary() {
        return keys.get(0);
    }
}
