package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.membership.Caution;
import io.sotto.membership.ClaimPolicy;
import io.sotto.membership.Claims;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.pekko.actor.typed.ActorRef;

/** Members and messages that the actors' tests speak of. This node is {@code self}, at 10.0.0.1. */
final class Samples {
    static final PoolRules RULES = PoolRules.open("self", SwimSettings.lan(), SerfSettings.serf());
    static final MemberRecord SELF = member("self", 1);

    private Samples() {}

    /** Room in the mailboxes, as by default. */
    static Inflow inflow() {
        return new Inflow(FloodSettings.defaults().mailboxMax());
    }

    /** Of a node that has just begun to listen. */
    static Hearing hearing(PoolTime time) {
        return hearing(RULES.swim().caution(), time);
    }

    static Hearing hearing(Caution caution, PoolTime time) {
        return new Hearing(() -> caution, time);
    }

    static SuspicionLedger ledger() {
        return new SuspicionLedger(FloodSettings.defaults().ledgerMax());
    }

    /** Alive with incarnation 1 at 10.0.0.host, listed without an intent. */
    static MemberRecord member(String name, int host) {
        return member(name, host, NodeState.ALIVE, SerfStatus.ALIVE);
    }

    static MemberRecord member(String name, int host, NodeState state, SerfStatus status) {
        return member(name, host, state, status, Instant.EPOCH);
    }

    static MemberRecord member(String name, int host, NodeState state, SerfStatus status, Instant changedAt) {
        return new MemberRecord(
                name,
                NodeAddress.of(address(host)),
                Octets.empty(),
                ProtocolVersions.SERF.toOctets(),
                1,
                state,
                changedAt,
                status,
                0,
                true);
    }

    static InetSocketAddress address(int host) {
        return VirtualPools.address(host);
    }

    static SwimMessage.Alive alive(String name, int host, long incarnation) {
        return new SwimMessage.Alive(
                incarnation, name, NodeAddress.of(address(host)), Octets.empty(), ProtocolVersions.SERF.toOctets());
    }

    /** What the actor of user events and queries needs, under default settings and guarded claims. */
    static Events.Links events(
            VirtualSystem virtual,
            ActorRef<Broadcasts.Command> broadcasts,
            Published<MembersView> view,
            Published<EventClocks> clocks) {
        return events(
                virtual,
                broadcasts,
                virtual.<KeyKeeper.Command>recorder().ref(),
                view,
                clocks,
                FloodSettings.defaults(),
                new PoolCounters());
    }

    /** The same with this keyring, under these bounds. */
    static Events.Links events(
            VirtualSystem virtual,
            ActorRef<Broadcasts.Command> broadcasts,
            ActorRef<KeyKeeper.Command> keyring,
            Published<MembersView> view,
            Published<EventClocks> clocks,
            FloodSettings flood,
            PoolCounters counters) {
        return new Events.Links(
                broadcasts,
                keyring,
                view,
                WirePolicy::plain,
                new SottoAnswers(WirePolicy::plain, Optional::empty),
                clocks,
                Answers.create(Claims.GUARDED, flood, view, virtual.time(), 1),
                inflow(),
                flood,
                RULES,
                Claims.GUARDED,
                LamportFloors.none(),
                Limits.defaults(),
                virtual.time(),
                () -> new SplittableRandom(1),
                rejection -> {},
                counters);
    }

    /** Whom guarded claims would be asked of: nobody, and under the rules of these samples nobody is asked. */
    static Doubts doubts(VirtualSystem virtual) {
        return new Doubts(
                virtual.system()::ignoreRef, virtual.system()::ignoreRef, inflow(), proven(ClaimPolicy.upstream()));
    }

    static Proven proven(ClaimPolicy claims) {
        return new Proven(claims, 16);
    }

    /** Everybody's word counts. */
    static Credence credence(ActorRef<Prover.Command> prover) {
        return new Credence(proven(ClaimPolicy.upstream()), WirePolicy::plain, inflow(), prover);
    }

    /** A published view of this node and others, whose actor is {@code actor}. */
    static Published<MembersView> view(ActorRef<RemoteMember.Command> actor, MemberRecord... others) {
        MembersView view = MembersView.alone(SELF);
        for (MemberRecord other : List.of(others)) {
            view = view.with(other, actor);
        }
        return new Published<>(view);
    }
}
