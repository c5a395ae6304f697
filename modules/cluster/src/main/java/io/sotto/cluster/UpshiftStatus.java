package io.sotto.cluster;

import io.sotto.membership.upshift.MemberEvidence;
import io.sotto.membership.upshift.Verdict;
import java.time.Instant;
import java.util.List;

/**
 * How far a pool's encryption has come: what is known of each member, and whether each step of an upshift may be taken.
 *
 * @param at when this was, by this node's clock
 * @param members by name, this node among them; without those that have left
 * @param verdicts on every step, in the order in which an upshift takes them; then on every key that might be removed
 */
public record UpshiftStatus(Instant at, List<MemberEvidence> members, List<Verdict> verdicts) {
    public UpshiftStatus {
        members = List.copyOf(members);
        verdicts = List.copyOf(verdicts);
    }
}
