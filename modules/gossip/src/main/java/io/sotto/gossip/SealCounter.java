package io.sotto.gossip;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.NonceSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * How many messages this node has sealed, in all and with the present primary key: how much of a key's nonces are spent. It
 * forgets a key with its removal from the ring, and all with the end of the process.
 *
 * <p>Messages that are being sealed while the primary key changes may be counted for the new one. Counting and reading are
 * for any thread and take no lock; {@link #ring} is called by the keyring's actor only. Source: security rules, "Keys",
 * the one nonce rule.
 */
final class SealCounter {
    private final LongAdder seals = new LongAdder();
    /** By key id, for keys that were primary before. */
    private final Map<String, Long> earlier = new HashMap<>();

    private String primary = "";
    /** What {@link #seals} stood at when the present primary key had sealed nothing. */
    private volatile long base;

    /** {@code source}, with every nonce counted. */
    NonceSource counted(NonceSource source) {
        return (target, offset) -> {
            source.next(target, offset);
            seals.increment();
        };
    }

    /** This ring is in force from now on. */
    void ring(Keyring ring) {
        String next = ring.primary().map(GossipKey::id).orElse("");
        if (!next.equals(primary)) {
            long now = seals.sum();
            earlier.put(primary, now - base);
            base = now - earlier.getOrDefault(next, 0L);
            primary = next;
        }
        Set<String> kept = ring.keys().stream().map(GossipKey::id).collect(Collectors.toSet());
        earlier.keySet().retainAll(kept);
    }

    /** Messages sealed since the pool was made, with whichever key. */
    long total() {
        return seals.sum();
    }

    /** Messages sealed with the key that is primary now. */
    long withPrimary() {
        return Math.max(0, seals.sum() - base);
    }
}
