package io.sotto.wire.crypto;

import io.sotto.wire.Rejection.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A last look at an envelope that a key has opened: the cipher proves who could have made it, not that it is new.
 *
 * <p>Called by an {@link Opener} once the tag has been checked, so only holders of the key can make it remember anything.
 * Source: ours; security rules, "Keys".
 */
@FunctionalInterface
public interface EnvelopeGuard {
    /**
     * Why the envelope is turned away; null to let it pass, which also counts it as seen.
     *
     * @param version the first byte, which no tag covers
     * @param prefix the first 8 bytes of the nonce
     * @param counter the last 4 bytes of the nonce
     * @param key what opened it
     */
    Opened.@Nullable Refused judge(EnvelopeVersion version, long prefix, int counter, GossipKey key);

    /** Turns away version 0, whose padding no tag covers, and leaves the rest to {@code next}. */
    static EnvelopeGuard withoutVersion0(EnvelopeGuard next) {
        Opened.Refused version0 = new Opened.Refused(Reason.VERSION, "it is sealed in version 0");
        return (version, prefix, counter, key) ->
                version == EnvelopeVersion.V0 ? version0 : next.judge(version, prefix, counter, key);
    }

    /** Lets everything pass, as the real implementations do. */
    static EnvelopeGuard none() {
        return (version, prefix, counter, key) -> null;
    }
}
