package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.SelfReportCodec;
import io.sotto.wire.Octets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What this node answers to the queries that sotto members ask among themselves. That it is asked by whom it may answer has
 * been seen to. Called by {@link Events} only; reads what the pool publishes. Source: ours.
 */
record SottoAnswers(Supplier<WirePolicy> policy, Supplier<Optional<SelfReport>> report) {
    /**
     * The payload of the answer; empty for a question that is none.
     *
     * @param maxBytes how long it may be
     */
    Optional<Octets> answer(SottoQuery query, Octets question, int maxBytes) {
        return switch (query) {
            case REPORT -> report.get().map(SelfReportCodec::encode);
            case KEYS -> KeyMessages.page(question, policy.get().ring(), maxBytes);
        };
    }
}
