package io.sotto.gossip;

import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Spawns those who ask all members of the pool something and gather the answers: one actor for each question, which ends with
 * its answer. Used by the pool's actor only.
 */
record Inquiries(ActorContext<GossipPool.Command> context, PoolSettings settings, PoolState state) {
    /** Begins a key operation in the whole pool. */
    void inquire(GossipPool.KeyQuery query, PoolWiring.Children children) {
        context.spawnAnonymous(
                // Its asker knows how long an answer may take; what it kept was for that one.
                supervision()
                        .stop(
                                ActorKind.KEY_INQUIRY,
                                KeyInquiry.Command.class,
                                KeyInquiry.create(
                                        inquiries(children),
                                        new KeyInquiry.Task(
                                                query.operation(),
                                                query.key(),
                                                KeyInquiry.Audience.ALL,
                                                query.relayFactor()),
                                        query.replyTo())),
                DispatcherSelector.sameAsParent());
    }

    /** Begins to read the rings of the whole pool. */
    void inquire(GossipPool.KeyStatus status, PoolWiring.Children children) {
        context.spawnAnonymous(
                // As above.
                supervision()
                        .stop(
                                ActorKind.KEY_INQUIRY,
                                KeyStatus.Command.class,
                                KeyStatus.create(inquiries(children), status.relayFactor(), status.replyTo())),
                DispatcherSelector.sameAsParent());
    }

    /** Begins to ask the members what they say of their own encryption. */
    void inquire(GossipPool.AskReports ask, PoolWiring.Children children) {
        context.spawnAnonymous(
                // As above.
                supervision()
                        .stop(
                                ActorKind.REPORT_INQUIRY,
                                ReportInquiry.Command.class,
                                ReportInquiry.create(
                                        new ReportInquiry.Links(
                                                children.events(),
                                                state.view(),
                                                new SelfReports(state)::present,
                                                state.swim().gossipInterval()),
                                        ask.replyTo())),
                DispatcherSelector.sameAsParent());
    }

    private KeyInquiry.Links inquiries(PoolWiring.Children children) {
        return new KeyInquiry.Links(
                children.events(),
                children.keyring(),
                state.view(),
                state::policy,
                settings.datapath().limits(),
                state.swim().gossipInterval());
    }

    private Supervision supervision() {
        return state.counters().supervision();
    }
}
