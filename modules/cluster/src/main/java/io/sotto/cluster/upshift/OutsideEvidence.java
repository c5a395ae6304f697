package io.sotto.cluster.upshift;

import io.sotto.cluster.Member;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.crypto.GossipKey;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * Where members stand that give no report, by what can be seen of them from here: agents of another kind, and members of this one
 * that take no calls. Any thread. Source: ours.
 */
@FunctionalInterface
public interface OutsideEvidence {
    /**
     * Looks at these members, each of whom is in the answer; ends within seconds, and never exceptionally.
     *
     * @param key what a gossip upshift gives to all, once there is one; it belongs to the caller, who does not wipe it before the
     *     answer is there
     */
    CompletionStage<SortedMap<String, Stand>> look(
            UpshiftKind kind, Optional<GossipKey> key, Collection<Member> members);

    /** What an operator has to do on a member that takes no orders, so that it takes this stage; empty if that is not known. */
    default Optional<String> mend(UpshiftKind kind, String member, UpshiftStage target) {
        return Optional.empty();
    }
}
