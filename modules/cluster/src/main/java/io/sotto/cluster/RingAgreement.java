package io.sotto.cluster;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the rings of a node's two pools are the same, which they have to be: an operation on keys acts on both. Pure; names
 * keys by their ids. Source: agent behaviour, section 9.
 */
final class RingAgreement {
    private RingAgreement() {}

    /** In what they differ, in one line; empty if they do not. The order of keys that are not primaries means nothing. */
    static Optional<String> difference(Keyring lan, Keyring wan) {
        if (lan.isEmpty() != wan.isEmpty()) {
            return Optional.of(
                    lan.isEmpty()
                            ? "the WAN pool has keys, the LAN pool none"
                            : "the LAN pool has keys, the WAN pool none");
        }
        if (!lan.primary().equals(wan.primary())) {
            return Optional.of("the primary key of the LAN pool is " + id(lan) + ", that of the WAN pool " + id(wan));
        }
        return Set.copyOf(lan.keys()).equals(Set.copyOf(wan.keys()))
                ? Optional.empty()
                : Optional.of("the LAN pool holds the keys " + ids(lan) + ", the WAN pool " + ids(wan));
    }

    private static String id(Keyring ring) {
        return ring.primary().map(GossipKey::id).orElse("none");
    }

    private static List<String> ids(Keyring ring) {
        return ring.keys().stream().map(GossipKey::id).sorted().toList();
    }
}
