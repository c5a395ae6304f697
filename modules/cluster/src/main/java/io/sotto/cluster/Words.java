package io.sotto.cluster;

import io.sotto.gossip.Broadcasted;
import io.sotto.gossip.IncomingQuery;
import io.sotto.gossip.datapath.Evidence;
import io.sotto.membership.query.QueryFilter;
import io.sotto.membership.query.QueryRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a pool says, in the words of this API, and the other way round. Pure. */
final class Words {
    private Words() {}

    static MemberEvent event(io.sotto.membership.MemberEvent event) {
        MemberEvent.Kind kind = switch (event.kind()) {
            case JOINED -> MemberEvent.Kind.JOINED;
            case UPDATED -> MemberEvent.Kind.UPDATED;
            case LEFT -> MemberEvent.Kind.LEFT;
            case FAILED -> MemberEvent.Kind.FAILED;
            case REAPED -> MemberEvent.Kind.REAPED;
        };
        return new MemberEvent(kind, Member.of(event.member()));
    }

    static UserEvent event(io.sotto.membership.event.UserEvent event) {
        return new UserEvent(event.ltime(), event.name(), event.payload(), event.coalesce());
    }

    static EventOutcome outcome(Broadcasted broadcasted) {
        return broadcasted instanceof Broadcasted.Sent sent
                ? new EventOutcome.Sent(sent.ltime())
                : new EventOutcome.Refused(((Broadcasted.Refused) broadcasted).reason());
    }

    static QueryRequest request(Query query) {
        List<QueryFilter> filters = new ArrayList<>();
        if (!query.nodes().isEmpty()) {
            filters.add(new QueryFilter.Nodes(query.nodes()));
        }
        query.tags().forEach((tag, expression) -> filters.add(new QueryFilter.Tag(tag, expression)));
        return new QueryRequest(
                query.name(), query.payload(), filters, query.acks(), query.relayFactor(), query.timeout());
    }

    static QueryProgress progress(io.sotto.gossip.QueryProgress progress) {
        if (progress instanceof io.sotto.gossip.QueryProgress.Started started) {
            return new QueryProgress.Started(started.ltime(), started.timeout());
        }
        if (progress instanceof io.sotto.gossip.QueryProgress.Acked acked) {
            return new QueryProgress.Acked(acked.from());
        }
        if (progress instanceof io.sotto.gossip.QueryProgress.Answered answered) {
            return new QueryProgress.Answered(answered.from(), answered.payload());
        }
        if (progress instanceof io.sotto.gossip.QueryProgress.Finished finished) {
            return new QueryProgress.Finished(finished.acks(), finished.answers());
        }
        return new QueryProgress.Refused(((io.sotto.gossip.QueryProgress.Refused) progress).reason());
    }

    static MemberTraffic traffic(Evidence.Traffic seen) {
        Map<String, Long> rejected = new TreeMap<>();
        seen.rejections().forEach((reason, count) -> rejected.put(reason.label(), count));
        return new MemberTraffic(seen.lastSealed(), seen.keyId(), seen.lastPlain(), rejected);
    }

    static AskedQuery asked(IncomingQuery query) {
        return new AskedQuery(
                query.name(), query.payload(), query.source(), query.ltime(), query.deadline(), query::answer);
    }
}
