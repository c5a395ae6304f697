package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.crypto.GossipKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The settings of this node, as far as upshifts read and change them. Any thread; nothing blocks. */
public interface Footing {
    /**
     * What this node says of itself now.
     *
     * @param records those that it keeps
     */
    MemberReport report(List<UpshiftRecord> records);

    /**
     * Puts a stage in force and writes it down, so that neither a reload nor a restart undoes it.
     *
     * @param keyId of a gossip upshift; the key that leaves the ring with {@code NONE}
     * @param key for a ring that may lack it; becomes the ring's
     * @return why it is not in force, or empty once it is, and on the disk; never fails
     */
    CompletionStage<Optional<String>> take(UpshiftKind kind, UpshiftStage stage, String keyId, Optional<GossipKey> key);

    /** The keys on the ring, the primary first; they are the ring's. */
    List<GossipKey> ring();

    /** The key that the settings give, whether or not it is on the ring. */
    Optional<GossipKey> configuredKey();
}
