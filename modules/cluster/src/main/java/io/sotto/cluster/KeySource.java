package io.sotto.cluster;

import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;

/**
 * Where the gossip key comes from when it stands in no settings, such as a vault: the setting {@code encrypt-source} names a
 * class with a public constructor without arguments.
 *
 * <p>Asked once when a node starts and once at each reload, never in between; under the rules of {@code encrypt}: a keyring
 * file wins over the key at a start, and at a reload an empty ring takes it, a key that is on the ring changes nothing, any
 * other is refused. It may block for a moment: it is called where a node is made, and by reloads on a thread for such work.
 * Source: ours.
 */
public interface KeySource {
    /** What messages call it, such as {@code vault path gossip/lan}. Never a key. */
    String name();

    /**
     * The key, or empty if there is none: then there is no encryption, unless a keyring file says otherwise. The caller
     * owns it.
     *
     * @throws KeySourceException when it cannot be told whether there is one; nothing starts, and nothing is reloaded
     */
    Optional<GossipKey> key() throws KeySourceException;
}
