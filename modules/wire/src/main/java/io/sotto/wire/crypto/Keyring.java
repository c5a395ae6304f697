package io.sotto.wire.crypto;

import java.util.List;
import java.util.Optional;

/**
 * An ordered set of keys. The first one, the primary, seals; every one of them opens.
 *
 * <p>Immutable: each operation gives a new ring, or the real system's words for why not. An empty ring means that
 * encryption is off. Source: gossip specification, section 6.2.
 */
public final class Keyring {
    private Keyring() {}

    /** The ring without keys. */
    public static Keyring empty() {
        return io.sotto.wire.Pending.body();
    }

    /** The primary first, then the others in their order; duplicates are dropped. */
    public static Keyring of(GossipKey primary, GossipKey... others) {
        return io.sotto.wire.Pending.body();
    }

    /** As {@link #of}; refused when there are other keys without a primary. */
    public static KeyringChange create(Optional<GossipKey> primary, List<GossipKey> others) {
        return io.sotto.wire.Pending.body();
    }

    /** All keys, the primary first. */
    public List<GossipKey> keys() {
        return io.sotto.wire.Pending.body();
    }

    public boolean isEmpty() {
        return keys().isEmpty();
    }

    /** The key that seals; empty only on an empty ring. */
    public Optional<GossipKey> primary() {
        return io.sotto.wire.Pending.body();
    }

    /** Adds a key at the end; one that is there already changes nothing. On an empty ring it becomes the primary. */
    public KeyringChange install(GossipKey key) {
        return io.sotto.wire.Pending.body();
    }

    /** Makes an installed key the primary; the others keep their order. */
    public KeyringChange use(GossipKey key) {
        return io.sotto.wire.Pending.body();
    }

    /** Removes a key that is not the primary; one that is not there changes nothing. */
    public KeyringChange remove(GossipKey key) {
        return io.sotto.wire.Pending.body();
    }
}
