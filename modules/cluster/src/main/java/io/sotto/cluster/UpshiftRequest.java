package io.sotto.cluster;

import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.wire.crypto.GossipKey;
import java.util.Optional;

/**
 * What an upshift is begun with, followed, or taken over. Its text shows neither key nor token.
 *
 * @param kind what it is to secure
 * @param isForced whether it begins in spite of obstacles that would cut a member off, which are named then
 * @param key for the gossip, if it is not to be the one that this node holds, or one that is drawn; it is the caller's, and is
 *     copied
 * @param by who asks, for what is written down
 * @param token what lets the orders pass at members, where this node's certificate proves no server; empty for none
 */
public record UpshiftRequest(UpshiftKind kind, boolean isForced, Optional<GossipKey> key, String by, String token) {
    /** Of this kind, with everything else as it usually is. */
    public static UpshiftRequest of(UpshiftKind kind) {
        return new UpshiftRequest(kind, false, Optional.empty(), "", "");
    }

    public UpshiftRequest withForce() {
        return new UpshiftRequest(kind, true, key, by, token);
    }

    public UpshiftRequest withKey(GossipKey given) {
        return new UpshiftRequest(kind, isForced, Optional.of(given), by, token);
    }

    /** Asked by this one, who has this token. */
    public UpshiftRequest by(String name, String secret) {
        return new UpshiftRequest(kind, isForced, key, name, secret);
    }

    @Override
    public String toString() {
        return "UpshiftRequest[" + kind + (isForced ? ", forced" : "")
                + key.map(given -> ", key " + given.id()).orElse("") + ", by " + by + "]";
    }
}
