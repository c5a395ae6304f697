package io.sotto.cluster;

import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Optional;

/**
 * What one member said to an operation on the keys of its pool.
 *
 * @param done whether it is as was wanted there
 * @param message why not, in that member's words, such as {@code Requested key is not in the keyring}; or what is to be said
 *     though it is done, such as that not all keys are listed; may be empty
 * @param keys the keys on its ring, if they were asked for; the primary first where it is told
 * @param primary its primary key, if it was asked for; members before Serf 0.9.4 do not tell it
 */
public record MemberKeyring(boolean done, String message, List<GossipKey> keys, Optional<GossipKey> primary) {
    public MemberKeyring {
        keys = List.copyOf(keys);
    }
}
