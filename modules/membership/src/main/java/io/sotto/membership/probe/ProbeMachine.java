package io.sotto.membership.probe;

import io.sotto.membership.HealthScore;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One probe of one member: direct, then through helpers and over a stream, then a verdict. Lives for one protocol period.
 *
 * <p>The period is {@code ProbeInterval} × (health score + 1); the wait for a direct ack is not scaled. After
 * {@link ProbeEffect.Done} it answers everything with nothing. One owner.
 *
 * <p>Under {@link io.sotto.membership.Caution} it repeats its ping to a silent target, since a lost datagram is no lost
 * member; it waits for the nacks, which at full health are due a moment after the period; and a timer that comes late ends it
 * without a verdict about the target. Source: gossip specification, section 11.1; ours.
 */
public final class ProbeMachine {
    private static final int PINGED_OVER_STREAM_FROM = 3;
    private static final int SENDS_NACK_FROM = 4;
    private static final Duration NACK_SLACK_MIN = Duration.ofMillis(50);
    private static final long DIRECT_TIMER = 1;
    private static final long PERIOD_TIMER = 2;
    private static final long NACK_TIMER = 3;
    private static final long REPEAT_TIMER = 4;

    private enum Phase {
        DIRECT,
        INDIRECT,
        /** The period is over; only nacks can still come. */
        NACKS,
        OVER
    }

    private final MemberRecord self;
    private final MemberRecord target;
    private final long seqNo;
    private final SwimSettings settings;
    private final Duration period;
    private Phase phase = Phase.DIRECT;
    private Instant sentAt = Instant.EPOCH;
    private Instant askedAt = Instant.EPOCH;
    private Instant directDue = Instant.MAX;
    private Instant periodDue = Instant.MAX;
    private Instant nacksDue = Instant.MAX;
    private int repeats;
    private int nacksExpected;
    /** By where they come from: a datagram may come twice, and one helper is one witness. */
    private final Set<InetSocketAddress> nacksReceived = new HashSet<>();

    private boolean streamAcked;

    /**
     * @param self our own record: the asker in pings
     * @param target alive or suspect
     * @param seqNo of all messages of this probe
     * @param healthScore scales the whole period
     */
    public ProbeMachine(MemberRecord self, MemberRecord target, long seqNo, int healthScore, SwimSettings settings) {
        this.self = self;
        this.target = target;
        this.seqNo = seqNo;
        this.settings = settings;
        this.period = HealthScore.scale(settings.probeInterval(), healthScore);
    }

    /** When the target was first pinged. */
    public Instant sentAt() {
        return sentAt;
    }

    /** Pings the target. */
    public List<ProbeEffect> start(Instant now) {
        sentAt = now;
        directDue = now.plus(settings.probeTimeout());
        List<ProbeEffect> effects = new ArrayList<>();
        effects.add(pingEffect());
        effects.add(new ProbeEffect.Schedule(settings.probeTimeout(), DIRECT_TIMER));
        scheduleRepeat(effects);
        return List.copyOf(effects);
    }

    /** An ack, from whomever; another sequence number is ignored. */
    public List<ProbeEffect> onAck(SwimMessage.Ack ack, Instant now) {
        if (ack.seqNo() != seqNo) {
            return List.of();
        }
        return switch (phase) {
            // After a repeat nobody can tell which ping was answered, so there is no round trip to measure.
            case DIRECT ->
                over(
                        repeats == 0
                                ? new Verdict.Direct(target, Duration.between(sentAt, now), ack.payload())
                                : new Verdict.Indirect(target));
            case INDIRECT, NACKS -> over(new Verdict.Indirect(target));
            case OVER -> List.of();
        };
    }

    /** A helper could not reach the target either. It counts for our own health and as testimony, never for a verdict. */
    public List<ProbeEffect> onNack(SwimMessage.Nack nack, InetSocketAddress from) {
        if (nack.seqNo() != seqNo || phase == Phase.DIRECT || phase == Phase.OVER) {
            return List.of();
        }
        nacksReceived.add(from);
        return phase == Phase.NACKS && nacksReceived.size() >= nacksExpected ? failed() : List.of();
    }

    /** The process is known to have stood still: the probe ends without a verdict about its target. */
    public List<ProbeEffect> onPause() {
        return phase == Phase.OVER ? List.of() : paused();
    }

    /** The stream brought an ack with our sequence number. It counts when the period is over. */
    public List<ProbeEffect> onStreamAck() {
        streamAcked = true;
        return List.of();
    }

    /** A {@link ProbeEffect.Schedule} came due. Helpers are chosen from {@code records}. */
    public List<ProbeEffect> onTimer(long generation, List<MemberRecord> records, RandomGenerator random, Instant now) {
        if (generation == DIRECT_TIMER && phase == Phase.DIRECT) {
            return isLate(directDue, now) ? paused() : askOthers(records, random, now);
        }
        if (generation == PERIOD_TIMER && phase == Phase.INDIRECT) {
            return isLate(periodDue, now) ? paused() : onPeriodOver(now);
        }
        if (generation == NACK_TIMER && phase == Phase.NACKS) {
            return isLate(nacksDue, now) ? paused() : failed();
        }
        if (generation == REPEAT_TIMER && (phase == Phase.DIRECT || phase == Phase.INDIRECT)) {
            return repeat();
        }
        return List.of();
    }

    private boolean isLate(Instant due, Instant now) {
        return settings.caution().isLate(Duration.between(due, now));
    }

    private List<ProbeEffect> paused() {
        return over(new Verdict.Excused(target, Verdict.Excuse.PAUSED, 1));
    }

    private List<ProbeEffect> repeat() {
        repeats++;
        List<ProbeEffect> effects = new ArrayList<>();
        effects.add(pingEffect());
        scheduleRepeat(effects);
        return List.copyOf(effects);
    }

    private void scheduleRepeat(List<ProbeEffect> effects) {
        if (repeats < settings.caution().pingRepeats()) {
            effects.add(new ProbeEffect.Schedule(settings.probeTimeout().dividedBy(2), REPEAT_TIMER));
        }
    }

    /** A healthy node's period ends just before the nacks are due: who asks for testimony waits for them. */
    private List<ProbeEffect> onPeriodOver(Instant now) {
        if (streamAcked) {
            return over(new Verdict.StreamOnly(target));
        }
        Instant due = askedAt.plus(settings.probeTimeout()).plus(nackSlack());
        if (!settings.caution().asksForTestimony() || nacksReceived.size() >= nacksExpected || !now.isBefore(due)) {
            return failed();
        }
        phase = Phase.NACKS;
        nacksDue = due;
        return List.of(new ProbeEffect.Schedule(Duration.between(now, due), NACK_TIMER));
    }

    /** For the way there and back, and for the helper's timers, which may be coarse. */
    private Duration nackSlack() {
        Duration quarter = settings.probeTimeout().dividedBy(4);
        return quarter.compareTo(NACK_SLACK_MIN) < 0 ? NACK_SLACK_MIN : quarter;
    }

    private List<ProbeEffect> failed() {
        return over(
                streamAcked
                        ? new Verdict.StreamOnly(target)
                        : new Verdict.Failed(target, suspicion(), missedHealth(), nacksExpected, nacksReceived.size()));
    }

    private List<ProbeEffect> askOthers(List<MemberRecord> records, RandomGenerator random, Instant now) {
        phase = Phase.INDIRECT;
        askedAt = now;
        List<ProbeEffect> effects = new ArrayList<>();
        List<MemberRecord> helpers = Roster.pick(
                settings.indirectChecks(),
                records,
                record -> record.isAlive()
                        && !record.name().equals(self.name())
                        && !record.name().equals(target.name()),
                random);
        for (MemberRecord helper : helpers) {
            boolean nack = helper.versions().pmax() >= SENDS_NACK_FROM;
            if (nack) {
                nacksExpected++;
            }
            effects.add(new ProbeEffect.Ask(
                    helper,
                    new SwimMessage.IndirectPing(seqNo, target.address(), target.name(), nack, Optional.of(asker()))));
        }
        Duration left = period.minus(Duration.between(sentAt, now));
        if (left.isNegative()) {
            left = Duration.ZERO;
        }
        if (target.versions().pmax() >= PINGED_OVER_STREAM_FROM && !left.isZero()) {
            effects.add(new ProbeEffect.StreamPing(target, ping(), left));
        }
        periodDue = now.plus(left);
        effects.add(new ProbeEffect.Schedule(left, PERIOD_TIMER));
        return List.copyOf(effects);
    }

    /** Helpers that stay silent altogether show that it may be us who hear nothing. */
    private int missedHealth() {
        return nacksExpected > 0 ? Math.max(0, nacksExpected - nacksReceived.size()) : 1;
    }

    private List<ProbeEffect> over(Verdict verdict) {
        phase = Phase.OVER;
        return List.of(new ProbeEffect.Done(verdict));
    }

    private ProbeEffect.Ping pingEffect() {
        return new ProbeEffect.Ping(
                target, ping(), target.state() == NodeState.SUSPECT ? Optional.of(suspicion()) : Optional.empty());
    }

    private SwimMessage.Ping ping() {
        return new SwimMessage.Ping(seqNo, target.name(), Optional.of(asker()));
    }

    private SwimMessage.Suspect suspicion() {
        return new SwimMessage.Suspect(target.incarnation(), target.name(), self.name());
    }

    private SwimMessage.Asker asker() {
        return new SwimMessage.Asker(self.address(), self.name());
    }
}
