package io.sotto.gossip;

import io.sotto.gossip.Members.Origin;
import io.sotto.membership.Effect;
import io.sotto.membership.IntentBook;
import io.sotto.membership.LamportClock;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.admission.Candidate;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.wire.Octets;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The exchange of whole views: answers who asks for ours, those who join at the same time together, and takes over what
 * others show of theirs, one claim and one intent at a time. One owner, {@link Members}, which each of them goes back to.
 * Source: gossip specification, sections 14 and 17.4.
 */
final class Exchanges {
    /** Who decides about each thing that a view says. */
    interface Owner {
        void hear(SwimMessage.Claim claim, Origin origin);

        void hear(SerfMessage.Intent intent);

        /** The clock of intents was moved by what the other side says of its own. */
        void clockMoved();
    }

    private final ActorContext<Members.Command> context;
    private final Members.Links links;
    private final IntentBook book;
    private final Owner owner;
    private final JoinRound joinRound = new JoinRound();
    private final LineLimit lines = LineLimit.perSecond();

    Exchanges(ActorContext<Members.Command> context, Members.Links links, IntentBook book, Owner owner) {
        this.context = context;
        this.links = links;
        this.book = book;
        this.owner = owner;
    }

    void merge(Members.Merge merge) {
        links.hearing().heard();
        boolean isFirst = merge.remote().join() && !links.view().get().hasCompany();
        merge.replyTo()
                .tell(new Members.Merged(merge(
                        merge.remote(),
                        merge.from(),
                        merge.ignoreOldEvents(),
                        isFirst ? Origin.JOINED : Origin.ASKED,
                        Members.Standing.MEMBER,
                        InetAddress.getLoopbackAddress())));
    }

    /** Answers somebody's push/pull. Whether a round of joins has begun, whose first tick is then due. */
    boolean serve(Members.Serve serve) {
        links.hearing().heard();
        PushPull remote = serve.remote();
        boolean isNewcomer = isNewcomer(remote);
        if (isNewcomer && joinRound.isOn()) {
            boolean isFull = joinRound.add(
                    new JoinRound.Joiner(remote.nodes().get(0), serve.replyTo()),
                    links.time().nanos());
            takeServed(serve);
            if (isFull) {
                answerJoiners();
            }
            return false;
        }
        // Answered before merging, as the real members do: the asker gets a full answer even if we then refuse its
        // view.
        describe(remote.join(), serve.replyTo());
        takeServed(serve);
        if (isNewcomer) {
            joinRound.begin(remote.nodes().get(0), links.time().nanos());
        }
        return isNewcomer;
    }

    /** Answers those who wait, if their time has come. When to come again, if a round is on. */
    Optional<Duration> joinRoundTick() {
        Duration left = joinRound.left(links.time().nanos());
        if (left.isNegative() || left.isZero()) {
            answerJoiners();
            left = JoinRound.QUIET;
        }
        return joinRound.isOn() ? Optional.of(left) : Optional.empty();
    }

    /** What Serf says of members is only a part; whoever keeps the rest completes and answers it. */
    void describe(boolean join, ActorRef<PushPull> replyTo) {
        List<MemberRecord> records = links.view().get().inAnyOrder();
        links.events()
                .tell(new Events.Describe(
                        join, PushPullMerge.nodes(records), PushPullMerge.serfState(records, book), replyTo));
    }

    private void answerJoiners() {
        Optional<PushPull.Node> first = joinRound.first();
        List<JoinRound.Joiner> joiners = joinRound.end(links.time().nanos());
        if (joiners.isEmpty()) {
            return;
        }
        describe(true, toAll(joiners));
        List<PushPull.Node> others =
                joiners.stream().map(JoinRound.Joiner::self).toList();
        // Only as a member that we have taken in, as any other that is gossiped to.
        first.flatMap(one -> links.view().get().find(one.name()))
                .filter(MemberRecord::isAlive)
                .flatMap(one -> one.address().socket())
                .ifPresent(to ->
                        links.broadcasts().tell(new Broadcasts.Introduce(to, PushPullMerge.claims(others, self()))));
    }

    /** One description for all of them: it is as large as the pool. */
    private ActorRef<PushPull> toAll(List<JoinRound.Joiner> joiners) {
        return context.spawnAnonymous(
                Behaviors.receiveMessage(ours -> {
                    joiners.forEach(joiner -> joiner.replyTo().tell(ours));
                    return Behaviors.stopped();
                }),
                DispatcherSelector.sameAsParent());
    }

    private void takeServed(Members.Serve serve) {
        Optional<String> refusal =
                merge(serve.remote(), Optional.empty(), false, Origin.TOLD, serve.standing(), serve.host());
        links.counters()
                .pushPulls
                .increment(
                        refusal.isEmpty()
                                ? PoolCounters.PushPullEnd.SERVED_MERGED
                                : PoolCounters.PushPullEnd.SERVED_REFUSED);
        refusal.filter(objection -> lines.admits(links.time().now()))
                .ifPresent(objection -> context.getLog().error("memberlist: Failed push/pull merge: {}", objection));
    }

    private Optional<String> merge(
            PushPull remote,
            Optional<InetSocketAddress> from,
            boolean ignoreOldEvents,
            Origin origin,
            Members.Standing standing,
            InetAddress host) {
        MembersView view = links.view().get();
        Optional<String> objection = PushPullMerge.versionObjection(remote.nodes(), view.inAnyOrder());
        if (objection.isEmpty() && remote.join()) {
            objection = links.rules()
                    .admission()
                    .objection(remote.nodes().stream().map(Candidate::of).toList());
        }
        if (objection.isPresent()) {
            return objection;
        }
        int ownPort = view.self().address().port();
        boolean isItself = isNewcomer(remote);
        for (SwimMessage.Claim said : PushPullMerge.claims(remote.nodes(), self())) {
            SwimMessage.Claim claim = OwnPort.inPlaceOfNone(said, ownPort);
            boolean isOwn = links.doubts().proven().isGuarded()
                    && claim instanceof SwimMessage.Alive alive
                    && from.filter(socket -> Proven.isAt(alive.address(), socket))
                            .isPresent();
            // Nearly all that a view brings is known: only news is told on.
            if (view.holds(claim) && !(isOwn && differs(view, claim))) {
                continue;
            }
            if (standing.believes(claim, host)) {
                owner.hear(claim, isOwn ? Origin.OWNER : origin);
            } else if (isItself && claim instanceof SwimMessage.Alive self) {
                joinsFromElsewhere(self, host, standing);
            }
        }
        if (standing == Members.Standing.MEMBER && !remote.userState().isEmpty()) {
            mergeSerf(remote.userState(), ignoreOldEvents);
        }
        return Optional.empty();
    }

    /**
     * Whether the one record must be the sender's own, wherever the stream comes from: who begins anew knows nobody else, and
     * not every host sends from the address that it is reached at.
     */
    private static boolean isNewcomer(PushPull remote) {
        return remote.join() && remote.nodes().size() == 1;
    }

    /** A sealed stream may have been recorded where its sender lives on: that it answers us would not show that it joins. */
    private void joinsFromElsewhere(SwimMessage.Alive self, InetAddress host, Members.Standing standing) {
        switch (standing) {
            case STRANGER -> {
                if (!self.node().equals(self()) && !links.doubts().keep(self, host)) {
                    links.surplus().accept(new Effect.Refused(self, "more new members than we keep until they speak"));
                }
            }
            case IN_CLEAR -> owner.hear(self, Origin.TOLD);
            case MEMBER, NOBODY -> {}
        }
    }

    private static boolean differs(MembersView view, SwimMessage.Claim claim) {
        return view.find(claim.node())
                .filter(known -> known.incarnation() == claim.incarnation())
                .isEmpty();
    }

    private void mergeSerf(Octets userState, boolean ignoreOldEvents) {
        if (SerfCodec.decode(userState, links.limits()) instanceof DecodedSerf.Message decoded
                && decoded.message() instanceof SerfMessage.PushPullState state) {
            if (isBelieved(state.ltime())) {
                PushPullMerge.witness(state, book);
            }
            links.events().tell(new Events.Merge(state, ignoreOldEvents));
            owner.clockMoved();
            MembersView view = links.view().get();
            for (SerfMessage.Intent intent : PushPullMerge.intents(state)) {
                if (!view.holds(intent) && isBelieved(intent.ltime())) {
                    owner.hear(intent);
                }
            }
        } else if (lines.admits(links.time().now())) {
            context.getLog().error("serf: Remote state is not a push/pull message, ignoring it");
        }
    }

    /** As for intents that come by gossip; see {@link Credence#believes}. */
    private boolean isBelieved(long ltime) {
        boolean isBelieved = !links.doubts().proven().isGuarded()
                || !LamportClock.isFarAhead(ltime, book.members().time());
        if (!isBelieved && lines.admits(links.time().now())) {
            context.getLog().error("serf: Remote state has an implausible Lamport time, ignoring that");
        }
        return isBelieved;
    }

    private String self() {
        return links.rules().self();
    }
}
