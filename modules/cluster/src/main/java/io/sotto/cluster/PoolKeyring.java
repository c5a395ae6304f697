package io.sotto.cluster;

import io.sotto.wire.crypto.GossipKey;
import java.util.concurrent.CompletionStage;

/**
 * The keys of this node in one pool. Every operation is local: other members are neither asked nor told, and a pool whose
 * members share no key falls apart. To change the key of a pool, install the new one on every member, then use it on every
 * member, then remove the old one from every member.
 *
 * <p>A change is in the ring's file before it is in force, and what was sealed with a key that is still on the ring is read
 * all the while. Rules and reasons are those of Serf: a key that is there can be installed again, one that is not there
 * can be removed again, only an installed key can be used, and the primary cannot be removed. A pool that was started without
 * a key has no ring to change.
 *
 * <p>May be called from any thread; nothing blocks. Key bytes go in as a {@link GossipKey} and never come out: answers
 * name keys by {@link GossipKey#id}. Source: gossip specification, section 6.2; the interface is ours.
 */
public interface PoolKeyring {
    /** Which keys are on the ring. */
    CompletionStage<KeyringOutcome> list();

    /**
     * Puts a key on the ring, behind the others: what is sealed with it can be read from now on. The key is copied.
     *
     * @throws IllegalStateException when the key has been wiped
     */
    CompletionStage<KeyringOutcome> install(GossipKey key);

    /** Makes an installed key the primary: what this node sends is sealed with it from now on. */
    CompletionStage<KeyringOutcome> use(GossipKey key);

    /** Takes a key off the ring: what is sealed with it can no longer be read. The ring's copy of it is wiped. */
    CompletionStage<KeyringOutcome> remove(GossipKey key);
}
