package io.sotto.gossip.keys;

import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a pool's keys come from and what they are demanded for.
 *
 * @param key the key given in the configuration; an existing ring wins over it
 * @param file where the ring is kept; empty keeps it in memory only
 * @param verifyIncoming refuse plaintext, once there is a key
 * @param verifyOutgoing send nothing in plaintext, once there is a key
 * @param checkFileMode whether a file that others than its owner may read or write is refused
 */
public record KeySettings(
        Optional<GossipKey> key,
        Optional<Path> file,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        boolean checkFileMode) {

    /** With a file that must be its owner's alone. */
    public KeySettings(Optional<GossipKey> key, Optional<Path> file, boolean verifyIncoming, boolean verifyOutgoing) {
        this(key, file, verifyIncoming, verifyOutgoing, true);
    }

    /** No key, no file. */
    public static KeySettings none() {
        return new KeySettings(Optional.empty(), Optional.empty(), true, true);
    }
}
