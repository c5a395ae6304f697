package io.sotto.wire.crypto;

import io.sotto.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An ordered set of keys. The first one, the primary, seals; every one of them opens.
 *
 * <p>Immutable: each operation gives a new ring, or the real system's words for why not. An empty ring means that
 * encryption is off. Safe to share between threads. Source: gossip specification, section 6.2.
 */
public final class Keyring {
    private static final Keyring EMPTY = new Keyring(List.of());
    private static final int KEYS_MAX = Limits.defaults().keyringMaxKeys();

    private final List<GossipKey> keys;
    private final Optional<GossipKey> primary;

    private Keyring(List<GossipKey> keys) {
        this.keys = List.copyOf(keys);
        this.primary = this.keys.stream().findFirst();
    }

    /** The ring without keys. */
    public static Keyring empty() {
        return EMPTY;
    }

    /** The primary first, then the others in their order; duplicates are dropped. */
    public static Keyring of(GossipKey primary, GossipKey... others) {
        return distinct(primary, List.of(others));
    }

    /** As {@link #of}; refused when there are other keys without a primary. */
    public static KeyringChange create(Optional<GossipKey> primary, List<GossipKey> others) {
        if (primary.isEmpty()) {
            return others.isEmpty()
                    ? new KeyringChange.Done(EMPTY)
                    : new KeyringChange.Refused("Empty primary key not allowed");
        }
        return new KeyringChange.Done(distinct(primary.get(), others));
    }

    /** All keys, the primary first. */
    public List<GossipKey> keys() {
        return keys;
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The key that seals; empty only on an empty ring. */
    public Optional<GossipKey> primary() {
        return primary;
    }

    /**
     * Adds a key at the end; one that is there already changes nothing. On an empty ring it becomes the primary. A ring
     * has at most 64 keys, since every one of them may have to be tried on a packet.
     */
    public KeyringChange install(GossipKey key) {
        if (keys.contains(key)) {
            return new KeyringChange.Done(this);
        }
        if (keys.size() >= KEYS_MAX) {
            return new KeyringChange.Refused("The keyring holds " + KEYS_MAX + " keys already; remove one first");
        }
        List<GossipKey> more = new ArrayList<>(keys);
        more.add(key);
        return new KeyringChange.Done(new Keyring(more));
    }

    /** Makes an installed key the primary; the others keep their order. The ring's own copy of it stays on the ring. */
    public KeyringChange use(GossipKey key) {
        int at = keys.indexOf(key);
        if (at < 0) {
            return new KeyringChange.Refused("Requested key is not in the keyring");
        }
        return new KeyringChange.Done(at == 0 ? this : distinct(keys.get(at), keys));
    }

    /** Removes a key that is not the primary; one that is not there changes nothing. */
    public KeyringChange remove(GossipKey key) {
        if (keys.isEmpty()) {
            return new KeyringChange.Refused("Keyring is empty (encryption not enabled)");
        }
        if (isPrimary(key)) {
            return new KeyringChange.Refused("Removing the primary key is not allowed");
        }
        List<GossipKey> fewer = new ArrayList<>(keys);
        return new KeyringChange.Done(fewer.remove(key) ? new Keyring(fewer) : this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyring that && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    /** The ids of the keys, the primary first. */
    @Override
    public String toString() {
        return "Keyring" + keys.stream().map(GossipKey::id).toList();
    }

    private boolean isPrimary(GossipKey key) {
        return keys.get(0).equals(key);
    }

    private static Keyring distinct(GossipKey first, List<GossipKey> others) {
        Set<GossipKey> distinct = new LinkedHashSet<>();
        distinct.add(first);
        distinct.addAll(others);
        return new Keyring(List.copyOf(distinct));
    }
}
