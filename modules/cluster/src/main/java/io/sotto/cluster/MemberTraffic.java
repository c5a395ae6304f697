package io.sotto.cluster;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What came from one member's address, as this node saw it: a hint, since addresses can be forged.
 *
 * @param lastSealed when the last packet came that a key of this node opened
 * @param keyId the id of that key
 * @param lastPlain when the last plaintext packet came that was taken in
 * @param rejected how often something from there was refused, by reason; only reasons that occurred
 */
public record MemberTraffic(
        Optional<Instant> lastSealed, Optional<String> keyId, Optional<Instant> lastPlain, Map<String, Long> rejected) {
    public MemberTraffic {
        rejected = Map.copyOf(rejected);
    }
}
