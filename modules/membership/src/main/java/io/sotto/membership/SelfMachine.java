package io.sotto.membership;

import io.sotto.membership.admission.Candidate;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * This node: its incarnation, its tags, its answers to claims about itself, its leave, and Lifeguard's health score.
 *
 * <p>Incarnations are unsigned 32-bit numbers that saturate and never wrap. Where the pool is guarded, a claim that would
 * move ours implausibly far is answered with our own record and moves nothing. Nothing that a peer said makes it throw. One
 * owner. Source: gossip specification, sections 10.1 to 10.6, 11.3 and 17.2; Lifeguard, section IV.A.
 */
public final class SelfMachine {
    private static final long MAX_INCARNATION = 0xffff_ffffL;

    private final PoolRules rules;
    private final HealthScore health;
    private MemberRecord record;
    private boolean leaving;
    private boolean left;
    /** When an accusation was last answered. */
    private Instant answeredAt = Instant.MIN;

    private SelfMachine(PoolRules rules, MemberRecord record) {
        if (!record.name().equals(rules.self())) {
            throw new IllegalArgumentException(record.name() + " is not this node, which is " + rules.self());
        }
        this.rules = rules;
        this.health = new HealthScore(rules.swim().awarenessMaxMultiplier());
        this.record = record;
        this.left = record.state().isGone();
        this.leaving = left || record.status() == SerfStatus.LEAVING;
    }

    /**
     * A node that starts; call {@link #start} next.
     *
     * @param address as advertised
     * @param meta encoded tags
     * @param vsn the six version bytes that we advertise
     * @throws IllegalArgumentException if the tags are too long, or the versions are not six bytes
     */
    public static SelfMachine create(PoolRules rules, NodeAddress address, Octets meta, Octets vsn) {
        requireFitting(meta, rules);
        if (vsn.length() != VersionRule.UNKNOWN.length()) {
            throw new IllegalArgumentException("versions must be six bytes, not " + vsn);
        }
        return new SelfMachine(
                rules,
                new MemberRecord(
                        rules.self(), address, meta, vsn, 0, NodeState.ALIVE, Instant.EPOCH, SerfStatus.NONE, 0, true));
    }

    /** Goes on from the last record, with a health score of 0. */
    public static SelfMachine resume(MemberRecord record, PoolRules rules) {
        return new SelfMachine(rules, record);
    }

    /** Becomes alive with incarnation 1. Call once, first; not after {@link #resume}. */
    public List<Effect> start(Instant now) {
        record = record.withIncarnation(1).withState(NodeState.ALIVE, now).withStatus(SerfStatus.ALIVE);
        return List.of(
                new Effect.Gossip(record.name(), alive()),
                new Effect.Publish(
                        Optional.empty(), record, Optional.of(new MemberEvent(MemberEvent.Kind.JOINED, record))));
    }

    public MemberRecord record() {
        return record;
    }

    /** 0 for a healthy node, up to {@code AwarenessMaxMultiplier} − 1. */
    public int healthScore() {
        return health.score();
    }

    /** Whether {@link #leave} was called. */
    public boolean hasLeft() {
        return left;
    }

    /** Something that was said about us: refuted, ignored, or a conflict about our name. */
    public List<Effect> onClaim(SwimMessage.Claim claim, Instant now) {
        if (!claim.node().equals(record.name())) {
            throw new IllegalArgumentException("a claim about " + claim.node() + " reached " + record.name());
        }
        return switch (claim.kind()) {
            case ALIVE -> onAlive((SwimMessage.Alive) claim, now);
            case SUSPECT, DEAD -> left ? List.of() : onAccusation(claim, now);
            case PING, INDIRECT_PING, ACK, NACK, USER, ERR ->
                throw new IllegalArgumentException(claim.kind() + " is no claim");
        };
    }

    /** An intent about us, our own ones included. Its time must already be witnessed. */
    public List<Effect> onIntent(SerfMessage.Intent intent) {
        if (Long.compareUnsigned(intent.ltime(), record.statusLTime()) <= 0) {
            return List.of();
        }
        boolean isLeave = intent instanceof SerfMessage.Leave;
        if (isLeave && !leaving) {
            return List.of(new Effect.AnnounceJoin(record.name()));
        }
        MemberRecord heard = record.withStatusLTime(intent.ltime());
        if (!isLeave && heard.status() == SerfStatus.LEAVING) {
            heard = heard.withStatus(SerfStatus.ALIVE);
        } else if (isLeave && heard.status() == SerfStatus.ALIVE) {
            heard = heard.withStatus(SerfStatus.LEAVING);
        }
        return List.of(become(heard, Optional.empty()), new Effect.PassOn(intent));
    }

    /**
     * Takes new tags and announces them with the next incarnation. After a leave it does nothing.
     *
     * @throws IllegalArgumentException if they are longer than {@code metaMaxBytes}
     */
    public List<Effect> updateMeta(Octets meta) {
        requireFitting(meta, rules);
        if (left) {
            return List.of();
        }
        MemberRecord updated =
                record.withIncarnation(next(record.incarnation())).withMeta(meta);
        Optional<MemberEvent> event = meta.equals(record.meta())
                ? Optional.empty()
                : Optional.of(new MemberEvent(MemberEvent.Kind.UPDATED, updated));
        Effect.Publish published = become(updated, event);
        return List.of(new Effect.Gossip(record.name(), alive()), published);
    }

    /**
     * The first half of a leave: our own leave intent ({@link IntentBook#stampLeave}), to be gossiped and awaited before
     * {@link #leave}.
     */
    public List<Effect> beginLeave(SerfMessage.Leave intent) {
        if (leaving) {
            return List.of();
        }
        leaving = true;
        MemberRecord departing = record.withStatusLTime(intent.ltime()).withStatus(SerfStatus.LEAVING);
        return List.of(become(departing, Optional.empty()), new Effect.GossipIntent(intent));
    }

    /** The second half: tells the pool that we are gone. From now on alive messages about us are ignored. */
    public List<Effect> leave(Instant now) {
        if (left) {
            return List.of();
        }
        leaving = true;
        left = true;
        var dead = new SwimMessage.Dead(record.incarnation(), record.name(), record.name());
        boolean announced = record.status() == SerfStatus.LEAVING;
        MemberRecord gone =
                record.withState(NodeState.LEFT, now).withStatus(announced ? SerfStatus.LEFT : SerfStatus.FAILED);
        MemberEvent.Kind kind = announced ? MemberEvent.Kind.LEFT : MemberEvent.Kind.FAILED;
        return List.of(new Effect.Gossip(record.name(), dead), become(gone, Optional.of(new MemberEvent(kind, gone))));
    }

    /** A probe of ours ended: changes the health score by its {@code healthDelta}. */
    public List<Effect> onHealth(int delta) {
        return health.apply(delta) ? List.of(new Effect.Health(health.score())) : List.of();
    }

    /**
     * Where claims are guarded, whoever suspects us says so with a ping of its own, and our ack need not take the refutation
     * along: news goes out a few times only, and in a small pool all of them can be spent on members that know it. Whoever
     * accuses us to our face is therefore answered in person.
     */
    private List<Effect> onAccusation(SwimMessage.Claim accusation, Instant now) {
        List<Effect> effects = new ArrayList<>(gossipAnswer(accusation, now));
        if (rules.claims().isGuarded() && accusation.incarnation() < record.incarnation()) {
            effects.add(new Effect.Answer(alive()));
        }
        return List.copyOf(effects);
    }

    /**
     * Who accuses an incarnation of the past has not heard our answer, which is gossiped a few times only: on a bad
     * network all of them can be lost, and nothing but the next exchange of views would stop the suspicion.
     */
    private List<Effect> gossipAnswer(SwimMessage.Claim accusation, Instant now) {
        if (accusation.incarnation() >= record.incarnation()) {
            return follows(accusation) ? refute(accusation, now) : sayAgain(now);
        }
        return rules.swim().caution().repeats() ? sayAgain(now) : List.of();
    }

    private boolean follows(SwimMessage.Claim told) {
        return rules.claims().follows(told.incarnation(), record.incarnation());
    }

    private List<Effect> sayAgain(Instant now) {
        if (Duration.between(answeredAt, now).compareTo(rules.swim().probeInterval()) < 0) {
            return List.of();
        }
        answeredAt = now;
        return List.of(new Effect.Gossip(addressText(), alive()));
    }

    private List<Effect> onAlive(SwimMessage.Alive alive, Instant now) {
        if (left) {
            return List.of();
        }
        if (!VersionRule.isSane(alive.vsn())) {
            return List.of(new Effect.Refused(alive, "protocol versions " + alive.vsn() + " are wrong"));
        }
        Optional<String> objection = rules.admission().objection(Candidate.of(alive));
        if (objection.isPresent()) {
            return List.of(new Effect.Refused(alive, objection.get()));
        }
        if (!alive.address().equals(record.address())) {
            return rules.networks().allows(alive.address().ip())
                    ? List.of(new Effect.Conflict(record, alive))
                    : List.of(
                            new Effect.Refused(alive, "address " + alive.address() + " is not in an allowed network"));
        }
        boolean older = alive.incarnation() < record.incarnation();
        if (older || alive.equals(alive())) {
            return List.of();
        }
        return follows(alive) ? refute(alive, now) : sayAgain(now);
    }

    /**
     * Answers with a higher incarnation. The queue name is our address, so that the answer does not displace what is
     * queued about us under our name.
     */
    private List<Effect> refute(SwimMessage.Claim accusation, Instant now) {
        answeredAt = now;
        long incarnation = Math.max(next(record.incarnation()), next(accusation.incarnation()));
        List<Effect> effects = new ArrayList<>();
        Effect.Publish published = become(record.withIncarnation(incarnation), Optional.empty());
        effects.addAll(onHealth(1));
        effects.add(new Effect.Gossip(addressText(), alive()));
        effects.add(published);
        effects.add(new Effect.Refuted(accusation, incarnation));
        return List.copyOf(effects);
    }

    private Effect.Publish become(MemberRecord after, Optional<MemberEvent> event) {
        MemberRecord before = record;
        record = after;
        return new Effect.Publish(Optional.of(before), after, event);
    }

    private SwimMessage.Alive alive() {
        return new SwimMessage.Alive(
                record.incarnation(), record.name(), record.address(), record.meta(), record.vsn());
    }

    private String addressText() {
        return record.address()
                .socket()
                .map(socket -> socket.getAddress().getHostAddress())
                .orElseGet(() -> record.address().ip().toHex());
    }

    private static long next(long incarnation) {
        return Math.min(MAX_INCARNATION, incarnation + 1);
    }

    private static void requireFitting(Octets meta, PoolRules rules) {
        if (meta.length() > rules.swim().metaMaxBytes()) {
            throw new IllegalArgumentException("tags take " + meta.length() + " bytes of at most "
                    + rules.swim().metaMaxBytes());
        }
    }
}
