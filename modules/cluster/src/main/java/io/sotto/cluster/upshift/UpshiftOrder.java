package io.sotto.cluster.upshift;

import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;

/**
 * What a driver tells a member to do. Its text shows neither key nor token.
 *
 * @param record of the upshift, for the member to keep
 * @param stage that the member is to take
 * @param key of a gossip upshift, for a member that may lack it; whoever made the order owns it
 * @param token for a member to which the driver's certificate is not enough; empty for none
 */
public record UpshiftOrder(UpshiftRecord record, UpshiftStage stage, Optional<GossipKey> key, String token) {
    @Override
    public String toString() {
        return "UpshiftOrder[" + record.kind() + " " + stage + ", upshift " + record.id() + ", epoch " + record.epoch()
                + " by " + record.driver() + "]";
    }
}
