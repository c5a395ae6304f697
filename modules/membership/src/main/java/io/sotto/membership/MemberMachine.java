package io.sotto.membership;

import io.sotto.membership.admission.Candidate;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One other member: memberlist's states with the suspicion timer, and Serf's status above them.
 *
 * <p>Feed it everything that is said about the member, in the order of arrival. {@code poolSize} is the number of records
 * with {@link MemberRecord#pooled}, ourselves included. Nothing that a peer said makes it throw. One owner.
 *
 * <p>Design note: the two layers are two pairs of fields in one record, since memberlist's transitions drive Serf's and
 * an observer must never see one without the other. A record outside the pool is unknown to memberlist's rules and known
 * to Serf's; that is also why this class is as long as it is. Source: gossip specification, sections 10, 11.4 and 17.2.
 *
 * <p>Over 400 lines: one machine; each claim in each state is in one place.
 */
public final class MemberMachine {
    private static final long NO_TIMER = -1;
    /** A processor that is always late must not keep the dead alive. */
    private static final int REPRIEVES_MAX = 5;

    private static final long INCARNATION_MAX = 0xffff_ffffL;

    private final String name;
    private final PoolRules rules;
    private final RecentIntents unlisted;
    private @Nullable MemberRecord record;
    private @Nullable Suspicion suspicion;
    private long lastGeneration;
    private long suspicionGeneration = NO_TIMER;
    private Instant suspicionDue = Instant.MAX;
    /** How often the suspicion that runs was given fresh time because its timer came late. */
    private int reprieves;

    private long pruneGeneration = NO_TIMER;
    private long farewellGeneration = NO_TIMER;
    private final Evidence evidence = new Evidence();

    private MemberMachine(String name, PoolRules rules, @Nullable MemberRecord record) {
        this.name = name;
        this.rules = rules;
        this.record = record;
        this.unlisted = new RecentIntents(rules.serf().recentIntentTimeout(), 1);
    }

    /** A name never heard of, with what {@link IntentBook#recent} holds for it. The first claim decides about it. */
    public static MemberMachine unknown(
            String name, PoolRules rules, Optional<SerfMessage.Intent> buffered, Instant now) {
        var machine = new MemberMachine(name, rules, null);
        buffered.ifPresent(intent -> machine.unlisted.add(intent, now));
        return machine;
    }

    /** Goes on from a record; call {@link #restartTimer} next. A prune that was waiting for its time is not resumed. */
    public static MemberMachine resume(MemberRecord record, PoolRules rules) {
        return new MemberMachine(record.name(), rules, record);
    }

    /** What is known; empty until a first claim created the member. */
    public Optional<MemberRecord> record() {
        return Optional.ofNullable(record);
    }

    /** The suspicion that runs, if one does. */
    public Optional<Accusation> accusation() {
        return Optional.ofNullable(suspicion).map(Suspicion::accusation);
    }

    /** After {@link #resume}: gives a suspect its time anew; otherwise nothing. */
    public List<Effect> restartTimer(int poolSize, Instant now) {
        return restartTimer(Standing.healthy(poolSize), now);
    }

    /** The same for a node that knows how it stands. */
    public List<Effect> restartTimer(Standing standing, Instant now) {
        MemberRecord known = record;
        List<Effect> effects = new ArrayList<>();
        if (known != null && known.pooled() && known.state() == NodeState.SUSPECT) {
            startSuspicion(rules.self(), standing, now, effects);
            ask(effects);
        }
        return List.copyOf(effects);
    }

    /**
     * An alive, suspect or dead about this member, from a datagram, from a push/pull
     * ({@link io.sotto.membership.merge.PushPullMerge#claims}) or from our own probe. A claim that leaves an unknown name
     * unknown ends in {@link Effect.Forget}.
     */
    public List<Effect> onClaim(SwimMessage.Claim claim, int poolSize, Instant now) {
        return onClaim(claim, Standing.healthy(poolSize), now);
    }

    /** The same, from others, for a node that knows how it stands. */
    public List<Effect> onClaim(SwimMessage.Claim claim, Standing standing, Instant now) {
        return onClaim(claim, Teller.OTHERS, standing, now);
    }

    /** The same from somebody in particular. */
    public List<Effect> onClaim(SwimMessage.Claim claim, Teller teller, Standing standing, Instant now) {
        if (!claim.node().equals(name)) {
            throw new IllegalArgumentException("a claim about " + claim.node() + " reached the machine of " + name);
        }
        List<Effect> effects = new ArrayList<>();
        switch (rules.claims().weigh(claim, record(), evidence.grounds(teller, now))) {
            case COUNTS -> takeClaim(claim, teller, standing, now, effects);
            case REPLACES -> takeOwnWord((SwimMessage.Alive) claim, now, effects);
            case SUSPECTED -> doubt((SwimMessage.Dead) claim, standing, now, effects);
            case WAITS -> waitForIntent((SwimMessage.Dead) claim, now, effects);
            case UNPROVEN -> prove((SwimMessage.Alive) claim, effects);
            case IMPLAUSIBLE -> effects.add(new Effect.AskOwner(claim));
            case CONTRADICTED -> effects.add(new Effect.Refused(claim, "the member has just answered us"));
        }
        forgetIfUnknown(effects);
        return List.copyOf(effects);
    }

    /**
     * A probe of our own has failed.
     *
     * @param witnesses helpers that say the member did not answer them either
     */
    public List<Effect> onAccusation(SwimMessage.Suspect suspect, int witnesses, Standing standing, Instant now) {
        List<Effect> effects = new ArrayList<>(onClaim(suspect, Teller.OURSELVES, standing, now));
        effects.addAll(onSilence(now));
        Suspicion running = suspicion;
        if (running != null && witnesses > 0) {
            running.testify(witnesses);
            scheduleSuspicion(running, standing, now, effects);
        }
        return List.copyOf(effects);
    }

    /** Neither the member nor a helper answered a ping that {@link Effect.Ask} asked for. */
    public List<Effect> onSilence(Instant now) {
        List<Effect> effects = new ArrayList<>();
        evidence.failed();
        evidence.told().ifPresent(told -> takeDead(told, now, effects));
        forgetIfUnknown(effects);
        return List.copyOf(effects);
    }

    /**
     * The member answered a probe of ours, or a ping that {@link Effect.Ask} asked for. A suspect that answers has all its
     * time again, to refute what others say; at the highest incarnation, where it cannot, the answer is the refutation.
     */
    public List<Effect> onAnswer(Standing standing, Instant now) {
        evidence.answered(now);
        Suspicion running = suspicion;
        List<Effect> effects = new ArrayList<>();
        MemberRecord known = record;
        if (running != null && known != null && rules.claims().isGuarded() && known.incarnation() == INCARNATION_MAX) {
            dropSuspicion();
            become(known.withState(NodeState.ALIVE, now), effects);
        } else if (running != null && rules.swim().caution().asksForTestimony()) {
            running.answered(standing, now);
            scheduleSuspicion(running, standing, now, effects);
        }
        return List.copyOf(effects);
    }

    /** A join or leave intent about this member. Its time must already be witnessed. */
    public List<Effect> onIntent(SerfMessage.Intent intent, Instant now) {
        MemberRecord known = record;
        if (known == null || !known.isListed()) {
            return unlisted.add(intent, now) ? List.of(new Effect.PassOn(intent)) : List.of();
        }
        if (known.holds(intent)) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        MemberRecord heard = known.withStatusLTime(intent.ltime());
        if (intent instanceof SerfMessage.Leave leave) {
            takeLeave(leave, known, heard, effects);
            evidence.leaving(true, now);
            if (rules.claims().isGuarded()) {
                evidence.told()
                        .filter(SwimMessage.Dead::isLeave)
                        .ifPresent(farewell -> waitForIntent(farewell, now, effects));
            }
        } else {
            evidence.leaving(false, now);
            become(heard.status() == SerfStatus.LEAVING ? heard.withStatus(SerfStatus.ALIVE) : heard, effects);
        }
        effects.add(new Effect.PassOn(intent));
        forgetIfUnknown(effects);
        return List.copyOf(effects);
    }

    /** A {@link Effect.Schedule} of this machine came due; a stale generation does nothing. */
    public List<Effect> onTimer(long generation, int poolSize, Instant now) {
        return onTimer(generation, Standing.healthy(poolSize), now);
    }

    /** The same for a node that knows how it stands. */
    public List<Effect> onTimer(long generation, Standing standing, Instant now) {
        MemberRecord known = record;
        List<Effect> effects = new ArrayList<>();
        if (known == null) {
            return List.of();
        }
        Suspicion running = suspicion;
        if (generation == suspicionGeneration && running != null && known.state() == NodeState.SUSPECT) {
            Duration more = moreTime(running, standing, now);
            if (more.isZero()) {
                timeIsOver(new SwimMessage.Dead(known.incarnation(), name, rules.self()), now, effects);
            } else {
                schedule(more, now, effects);
            }
        } else if (generation == farewellGeneration) {
            farewellGeneration = NO_TIMER;
            if (known.status() == SerfStatus.LEAVING) {
                evidence.told().ifPresent(farewell -> takeDead(farewell, now, effects));
            }
        } else if (generation == pruneGeneration) {
            pruneGeneration = NO_TIMER;
            if (known.status() == SerfStatus.LEAVING || known.status().isGone()) {
                unlist(known, effects);
            }
        }
        forgetIfUnknown(effects);
        return List.copyOf(effects);
    }

    /** The probe ring wrapped and wants the member out of the pool, which happens if it has been gone long enough. */
    public List<Effect> leavePool(Instant now) {
        MemberRecord known = record;
        List<Effect> effects = new ArrayList<>();
        if (known != null && Roster.isDueToLeavePool(known, rules.swim(), now)) {
            become(known.outOfPool(), effects);
            forgetIfUnknown(effects);
        }
        return List.copyOf(effects);
    }

    /** Serf's reaper came by: forgets a member that has failed or left long ago. */
    public List<Effect> reap(Instant now) {
        MemberRecord known = record;
        List<Effect> effects = new ArrayList<>();
        if (known != null && Roster.isDueToBeForgotten(known, rules.serf(), now)) {
            unlist(known, effects);
            forgetIfUnknown(effects);
        }
        return List.copyOf(effects);
    }

    boolean hasSuspicionTimer() {
        return suspicion != null;
    }

    private void takeClaim(
            SwimMessage.Claim claim, Teller teller, Standing standing, Instant now, List<Effect> effects) {
        switch (claim.kind()) {
            case ALIVE -> takeAlive((SwimMessage.Alive) claim, now, effects);
            case SUSPECT -> takeSuspect((SwimMessage.Suspect) claim, teller, standing, now, effects);
            case DEAD -> takeDead((SwimMessage.Dead) claim, now, effects);
            case PING, INDIRECT_PING, ACK, NACK, USER, ERR ->
                throw new IllegalArgumentException(claim.kind() + " is no claim");
        }
    }

    private void takeAlive(SwimMessage.Alive alive, Instant now, List<Effect> effects) {
        Optional<String> objection = objection(alive);
        if (objection.isPresent()) {
            effects.add(new Effect.Refused(alive, objection.get()));
            return;
        }
        MemberRecord before = record;
        boolean inPool = before != null && before.pooled();
        MemberRecord known = before != null && inPool ? before : created(alive, before);
        boolean reclaimed = false;
        if (!known.address().equals(alive.address())) {
            reclaimed = isReclaimable(known, now);
            if (!reclaimed) {
                effects.add(new Effect.Conflict(known, alive));
                return;
            }
        }
        if (alive.incarnation() <= known.incarnation() && !reclaimed) {
            if (!inPool) {
                publish(before, known, Optional.empty(), effects);
            }
            return;
        }
        dropSuspicion();
        effects.add(new Effect.Gossip(name, alive));
        MemberRecord after = known.withIncarnation(alive.incarnation())
                .withMeta(alive.meta())
                .withAddress(alive.address())
                .withVsn(VersionRule.stored(alive.vsn(), known.vsn()));
        if (known.state() != NodeState.ALIVE) {
            after = after.withState(NodeState.ALIVE, now);
        }
        if (known.state().isGone()) {
            after = joined(after, now);
            publish(before, after, event(MemberEvent.Kind.JOINED, after), effects);
        } else if (!known.meta().equals(after.meta()) && after.isListed()) {
            publish(before, after, event(MemberEvent.Kind.UPDATED, after), effects);
        } else {
            publish(before, after, Optional.empty(), effects);
        }
    }

    /** Steps 2 and 3 of an alive, and the allow list of steps 4 and 5. */
    private Optional<String> objection(SwimMessage.Alive alive) {
        if (!VersionRule.isSane(alive.vsn())) {
            return Optional.of("protocol versions " + alive.vsn() + " are wrong");
        }
        Optional<String> refused = rules.admission().objection(Candidate.of(alive));
        if (refused.isPresent()) {
            return refused;
        }
        MemberRecord known = record;
        boolean isKnownAddress =
                known != null && known.pooled() && known.address().equals(alive.address());
        return isKnownAddress || rules.networks().allows(alive.address().ip())
                ? Optional.empty()
                : Optional.of("address " + alive.address() + " is not in an allowed network");
    }

    /** What memberlist makes of a name it does not know: dead until the incarnation has been looked at. */
    private MemberRecord created(SwimMessage.Alive alive, @Nullable MemberRecord listed) {
        return new MemberRecord(
                name,
                alive.address(),
                alive.meta(),
                VersionRule.UNKNOWN,
                0,
                NodeState.DEAD,
                listed == null ? Instant.EPOCH : listed.changedAt(),
                listed == null ? SerfStatus.NONE : listed.status(),
                listed == null ? 0 : listed.statusLTime(),
                true);
    }

    private boolean isReclaimable(MemberRecord known, Instant now) {
        Duration reclaimTime = rules.swim().deadNodeReclaimTime();
        return switch (known.state()) {
            case LEFT -> true;
            case DEAD ->
                !reclaimTime.isZero()
                        && Duration.between(known.changedAt(), now).compareTo(reclaimTime) > 0;
            case ALIVE, SUSPECT -> false;
        };
    }

    /** Serf's part of a join: a member that it does not list starts from the intent that came before it. */
    private MemberRecord joined(MemberRecord alive, Instant now) {
        if (alive.isListed()) {
            evidence.leaving(false, now);
            return alive.withStatus(SerfStatus.ALIVE);
        }
        Optional<SerfMessage.Intent> intent = unlisted.get(name, now);
        boolean leaving = intent.isPresent() && intent.get() instanceof SerfMessage.Leave;
        evidence.leaving(leaving, now);
        return alive.withStatus(leaving ? SerfStatus.LEAVING : SerfStatus.ALIVE)
                .withStatusLTime(intent.map(SerfMessage.Intent::ltime).orElse(0L));
    }

    /** The owner's own word: what is known is forgotten first, so that it counts whatever was said before. */
    private void takeOwnWord(SwimMessage.Alive alive, Instant now, List<Effect> effects) {
        MemberRecord known = record;
        Optional<String> objection = objection(alive);
        if (known == null || objection.isPresent()) {
            objection.ifPresent(reason -> effects.add(new Effect.Refused(alive, reason)));
            return;
        }
        long before = Math.max(0, alive.incarnation() - 1);
        record = known.withIncarnation(before);
        takeAlive(alive, now, effects);
        if (record.incarnation() == before) {
            // Another address, or an incarnation of zero: nothing was taken over.
            record = known;
        }
    }

    /** A death that others tell of: a suspicion, and our own ping decides. */
    private void doubt(SwimMessage.Dead dead, Standing standing, Instant now, List<Effect> effects) {
        MemberRecord known = record;
        if (known == null || known.holds(dead)) {
            return;
        }
        evidence.keep(dead);
        var suspect = new SwimMessage.Suspect(dead.incarnation(), name, dead.from());
        takeSuspect(suspect, Teller.OTHERS, standing, now, effects);
        ask(effects);
    }

    /** A farewell of who is known to leave, or will be: counted when the intent has stood for a protocol period. */
    private void waitForIntent(SwimMessage.Dead farewell, Instant now, List<Effect> effects) {
        evidence.keep(farewell);
        if (farewellGeneration == NO_TIMER) {
            farewellGeneration = ++lastGeneration;
            Duration known = evidence.grounds(Teller.OTHERS, now).leaving().orElse(Duration.ZERO);
            Duration left = rules.swim().probeInterval().minus(known);
            effects.add(new Effect.Schedule(left.isNegative() ? Duration.ZERO : left, farewellGeneration));
        }
    }

    private void prove(SwimMessage.Alive alive, List<Effect> effects) {
        objection(alive)
                .ifPresentOrElse(
                        reason -> effects.add(new Effect.Refused(alive, reason)),
                        () -> effects.add(new Effect.Prove(alive)));
    }

    /** The suspect's time is over. Where no ping of ours has gone unanswered, one more is sent first. */
    private void timeIsOver(SwimMessage.Dead dead, Instant now, List<Effect> effects) {
        if (rules.claims().isGuarded() && !evidence.hasFailed()) {
            evidence.keep(dead);
            ask(effects);
        } else {
            takeDead(dead, now, effects);
        }
    }

    private void ask(List<Effect> effects) {
        MemberRecord known = record;
        if (known != null && rules.claims().isGuarded() && evidence.ask()) {
            effects.add(new Effect.Ask(known));
        }
    }

    private void takeSuspect(
            SwimMessage.Suspect suspect, Teller teller, Standing standing, Instant now, List<Effect> effects) {
        MemberRecord known = record;
        if (known == null || !known.pooled() || suspect.incarnation() < known.incarnation()) {
            return;
        }
        Suspicion running = suspicion;
        if (running != null) {
            if (running.confirm(suspect.from())) {
                effects.add(new Effect.Gossip(name, suspect));
                scheduleSuspicion(running, standing, now, effects);
            }
            return;
        }
        if (known.state() != NodeState.ALIVE) {
            return;
        }
        effects.add(new Effect.Gossip(name, suspect));
        become(known.withIncarnation(suspect.incarnation()).withState(NodeState.SUSPECT, now), effects);
        startSuspicion(suspect.from(), standing, now, effects);
        if (teller == Teller.OTHERS) {
            // So that it is known, when the others take it for dead, whether we do.
            ask(effects);
        }
    }

    private void takeDead(SwimMessage.Dead dead, Instant now, List<Effect> effects) {
        MemberRecord known = record;
        if (known == null || !known.pooled() || dead.incarnation() < known.incarnation()) {
            return;
        }
        dropSuspicion();
        if (known.state().isGone()) {
            return;
        }
        effects.add(new Effect.Gossip(name, dead));
        MemberRecord gone = known.withIncarnation(dead.incarnation())
                .withState(dead.isLeave() ? NodeState.LEFT : NodeState.DEAD, now);
        switch (gone.status()) {
            case LEAVING -> {
                MemberRecord left = gone.withStatus(SerfStatus.LEFT);
                publish(known, left, event(MemberEvent.Kind.LEFT, left), effects);
            }
            case ALIVE -> {
                MemberRecord failed = gone.withStatus(SerfStatus.FAILED);
                publish(known, failed, event(MemberEvent.Kind.FAILED, failed), effects);
            }
            case NONE, LEFT, FAILED -> become(gone, effects);
        }
    }

    private void takeLeave(SerfMessage.Leave leave, MemberRecord known, MemberRecord heard, List<Effect> effects) {
        switch (known.status()) {
            case ALIVE -> become(heard.withStatus(SerfStatus.LEAVING), effects);
            case FAILED -> {
                MemberRecord left = heard.withStatus(SerfStatus.LEFT);
                publish(known, left, event(MemberEvent.Kind.LEFT, left), effects);
            }
            case LEAVING, LEFT, NONE -> become(heard, effects);
        }
        MemberRecord after = record;
        if (!leave.prune() || after == null) {
            return;
        }
        if (after.status() == SerfStatus.LEAVING) {
            pruneGeneration = ++lastGeneration;
            Duration patience =
                    rules.serf().broadcastTimeout().plus(rules.serf().leavePropagateDelay());
            effects.add(new Effect.Schedule(patience, pruneGeneration));
        } else {
            unlist(after, effects);
        }
    }

    /** Serf forgets the member; the event shows it as it was listed last. */
    private void unlist(MemberRecord listed, List<Effect> effects) {
        MemberRecord unlistedRecord = listed.withStatus(SerfStatus.NONE).withStatusLTime(0);
        publish(listed, unlistedRecord, event(MemberEvent.Kind.REAPED, listed), effects);
    }

    private void forgetIfUnknown(List<Effect> effects) {
        MemberRecord known = record;
        if (known == null || (!known.pooled() && !known.isListed())) {
            effects.add(new Effect.Forget(name));
        }
    }

    private void startSuspicion(String accuser, Standing standing, Instant now, List<Effect> effects) {
        Suspicion started = Suspicion.start(accuser, rules.swim(), standing, now);
        suspicion = started;
        scheduleSuspicion(started, standing, now, effects);
    }

    private void scheduleSuspicion(Suspicion running, Standing standing, Instant now, List<Effect> effects) {
        schedule(running.remaining(standing, now), now, effects);
    }

    private void schedule(Duration after, Instant now, List<Effect> effects) {
        suspicionGeneration = ++lastGeneration;
        suspicionDue = now.plus(after);
        effects.add(new Effect.Schedule(after, suspicionGeneration));
    }

    /**
     * What a suspect still gets when its time seems over: the time in which we could not hear it; and where we stood still
     * until now, what it takes to read what came meanwhile.
     */
    private Duration moreTime(Suspicion running, Standing standing, Instant now) {
        Caution caution = rules.swim().caution();
        Duration missed = running.lost(standing).isZero() ? Duration.ZERO : running.remaining(standing, now);
        boolean stoodStill = caution.isLate(Duration.between(suspicionDue, now)) && reprieves < REPRIEVES_MAX;
        if (!stoodStill) {
            return missed;
        }
        reprieves++;
        return missed.compareTo(caution.grace()) > 0 ? missed : caution.grace();
    }

    private void dropSuspicion() {
        evidence.settled();
        suspicion = null;
        suspicionGeneration = NO_TIMER;
        reprieves = 0;
    }

    private void become(MemberRecord after, List<Effect> effects) {
        publish(record, after, Optional.empty(), effects);
    }

    private void publish(
            @Nullable MemberRecord before, MemberRecord after, Optional<MemberEvent> event, List<Effect> effects) {
        record = after;
        effects.add(new Effect.Publish(Optional.ofNullable(before), after, event));
    }

    private static Optional<MemberEvent> event(MemberEvent.Kind kind, MemberRecord member) {
        return Optional.of(new MemberEvent(kind, member));
    }
}
