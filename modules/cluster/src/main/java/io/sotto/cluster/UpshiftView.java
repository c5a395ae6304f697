package io.sotto.cluster;

import io.sotto.gossip.MemberReports;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.datapath.Evidence;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.upshift.MemberEvidence;
import io.sotto.membership.upshift.MemberEvidence.Gives;
import io.sotto.membership.upshift.MemberEvidence.Presence;
import io.sotto.membership.upshift.UpshiftGate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what a pool knows of its members' encryption. */
final class UpshiftView {
    private UpshiftView() {}

    static UpshiftStatus of(PoolState state, MemberReports reports) {
        Map<String, Evidence.Traffic> traffic = state.evidence();
        String self = state.members().self().name();
        List<MemberEvidence> members = new ArrayList<>();
        for (MemberRecord record : state.members().records()) {
            presence(record, self).ifPresent(presence -> {
                Evidence.Traffic seen = traffic.getOrDefault(record.name(), Evidence.Traffic.none());
                members.add(new MemberEvidence(
                        record.name(),
                        presence,
                        presence == Presence.SELF || SottoQuery.isAnsweredBy(record) ? Gives.REPORTS : Gives.NOTHING,
                        Optional.ofNullable(reports.reports().get(record.name())),
                        seen.lastSealed(),
                        seen.keyId(),
                        seen.lastPlain()));
            });
        }
        members.sort(Comparator.comparing(MemberEvidence::name));
        Instant now = state.wall();
        return new UpshiftStatus(now, members, UpshiftGate.judge(members, now));
    }

    private static Optional<Presence> presence(MemberRecord record, String self) {
        if (record.name().equals(self)) {
            return Optional.of(Presence.SELF);
        }
        if (!record.isListed()) {
            return Optional.empty();
        }
        return switch (Member.Status.of(record.status())) {
            case ALIVE, LEAVING -> Optional.of(Presence.ALIVE);
            case FAILED -> Optional.of(Presence.FAILED);
            case LEFT, NONE -> Optional.empty();
        };
    }
}
