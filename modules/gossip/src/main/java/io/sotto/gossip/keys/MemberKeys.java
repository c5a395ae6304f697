package io.sotto.gossip.keys;

import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Optional;

/**
 * What one member said to a key operation.
 *
 * @param done whether it is as was wanted there
 * @param message why not, in that member's words; or what is to be said though it is done, such as that not all keys are
 *     listed; may be empty
 * @param keys the keys on its ring, the primary first, if they were asked for
 * @param primary its primary key; members before Serf 0.9.4 do not tell it
 */
public record MemberKeys(boolean done, String message, List<GossipKey> keys, Optional<GossipKey> primary) {
    public MemberKeys {
        keys = List.copyOf(keys);
    }

    /** It is done, and there is nothing to list. */
    public static MemberKeys asWanted() {
        return new MemberKeys(true, "", List.of(), Optional.empty());
    }

    /** It is not done. */
    public static MemberKeys failed(String message) {
        return new MemberKeys(false, message, List.of(), Optional.empty());
    }
}
