package io.sotto.cluster;

import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.crypto.GossipKey;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The keys of all members of one pool. Each operation asks every member by a query that real members answer too, waits
 * until all have answered or the query's time is over (3.2 s in a pool of up to nine, by default), asks up to eight who were
 * silent by name once more, for as long again, and tells what each said. Nothing is undone where only some did it:
 * operations may be repeated, and what is so already counts as done.
 *
 * <p>To change the key of a pool, install the new one, then use it, then remove the old one, each only after the one before
 * was done by all members.
 *
 * <p>Keys never travel in the clear. All operations but {@link #listLocal} are refused, and nothing is sent, where the pool
 * has no ring and while {@code encrypt_verify_outgoing} is off; and only answers that came sealed count.
 *
 * <p>A {@code relayFactor} of 0 to 5 has each answer also sent over so many other members. May be called from any thread;
 * nothing blocks; the stages never fail because of the network. Source: gossip specification, section 17.7; security rules,
 * "Keys".
 */
public interface ClusterKeyring {
    /** The keys of every ring, as far as one answer of 1,024 bytes holds them. */
    CompletionStage<KeyringReport> list(int relayFactor);

    /** The keys of this node's ring; nobody else is asked. */
    CompletionStage<KeyringReport> listLocal();

    /**
     * Puts a key on every ring, behind the others.
     *
     * @throws IllegalStateException when the key has been wiped
     */
    CompletionStage<KeyringReport> install(GossipKey key, int relayFactor);

    /** Makes an installed key the primary everywhere. */
    CompletionStage<KeyringReport> use(GossipKey key, int relayFactor);

    /** Takes a key that is nobody's primary off every ring. */
    CompletionStage<KeyringReport> remove(GossipKey key, int relayFactor);

    /** Every key of every ring, in order, however many they are; of members that are not sotto's, as {@link #list} has it. */
    CompletionStage<KeyringReport> status();

    /**
     * Replaces the key of the pool by a new one, in steps that cut nobody off: this node drives, and goes on when nobody runs the
     * source any more, and in its next life where its ring is on disk. Each run of the source begins a rotation, or follows the
     * one that this node drives already, and ends with its outcome; a slow consumer loses the oldest steps.
     *
     * @param beginning whether members may hold different keys when it begins
     */
    Source<RotationProgress, NotUsed> rotate(RotationMachine.Beginning beginning);

    /**
     * From now on rotations of this key, one that is under way included, cover these rings too: none of them is left behind, and
     * none is cut off. Lasts while the node runs.
     */
    void rotateWith(OtherRings rings);

    /** Where the rotation that this node drives stands; without one, how the last one ended. */
    CompletionStage<RotationProgress> rotation();

    /** Calls it off: goes back to the old key, as long as no old key is being removed. Answers where it stands. */
    CompletionStage<RotationProgress> abortRotation();

    /**
     * Goes on without these members as long as they are silent: they cannot read the pool when they return. Names of nobody who
     * is waited for mean nothing. Answers where it stands.
     */
    CompletionStage<RotationProgress> rotateWithout(Set<String> members);
}
