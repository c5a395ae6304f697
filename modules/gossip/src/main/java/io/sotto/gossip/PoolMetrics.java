package io.sotto.gossip;

import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.snapshot.SnapshotCounters;
import io.sotto.gossip.stream.StreamCounters;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.wire.NodeState;
import io.sotto.wire.Rejection;
import io.sotto.wire.crypto.ReplayGuard;
import io.sotto.wire.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads every {@link GossipMetric} from what a pool publishes. It asks nobody, takes no lock on the way of a packet, and
 * reads each counter once; counters that belong together may be some packets apart. Any thread.
 */
final class PoolMetrics {
    private final String pool;
    private final PoolState state;
    private final List<Metric> metrics = new ArrayList<>();

    private PoolMetrics(String pool, PoolState state) {
        this.pool = pool;
        this.state = state;
    }

    /** One value, or one for each of its labels, for every entry of the catalogue. */
    static List<Metric> read(String pool, PoolState state) {
        PoolMetrics reader = new PoolMetrics(pool, state);
        reader.datagrams();
        reader.rejections();
        reader.streams();
        reader.members();
        reader.news();
        reader.protocol();
        reader.coordinates();
        reader.snapshot();
        reader.serf();
        reader.mailboxes();
        reader.keys();
        reader.actors();
        return List.copyOf(reader.metrics);
    }

    private void datagrams() {
        DatapathCounters traffic = state.traffic();
        add(GossipMetric.DATAGRAMS_RECEIVED, traffic.received());
        add(GossipMetric.DATAGRAMS_RECEIVED_BYTES, traffic.receivedBytes());
        add(GossipMetric.DATAGRAMS_ACCEPTED, traffic.accepted());
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            add(GossipMetric.DATAGRAMS_REJECTED, traffic.rejected(reason), reason.label());
        }
        add(GossipMetric.DATAGRAMS_DROPPED, traffic.inboundDropped());
        add(GossipMetric.DATAGRAMS_WAITING, traffic.waiting());
        add(GossipMetric.DATAGRAMS_WAITING_BYTES, traffic.inboundWaitingBytes());
        add(GossipMetric.DATAGRAMS_SENT, traffic.sent());
        add(GossipMetric.DATAGRAMS_SENT_BYTES, traffic.sentBytes());
        add(GossipMetric.OUTBOX_WAITING, traffic.outboxWaiting());
        add(
                GossipMetric.OUTBOX_DROPPED,
                traffic.outboundDropped() + state.transport().droppedUnbound());
        add(GossipMetric.OUTBOX_FAILED, traffic.outboundFailed());
    }

    private void rejections() {
        for (RejectionLog.Subject subject : RejectionLog.Subject.values()) {
            for (Rejection.Reason reason : Rejection.Reason.values()) {
                add(GossipMetric.REJECTIONS, state.rejections().count(subject, reason), word(subject), reason.label());
            }
        }
    }

    private void streams() {
        StreamCounters streams = state.streams();
        add(GossipMetric.STREAMS_ACCEPTED, streams.accepted());
        add(GossipMetric.STREAMS_ENDED, streams.served(), "served");
        add(GossipMetric.STREAMS_ENDED, streams.refused(), "refused");
        add(GossipMetric.STREAMS_ENDED, streams.displaced(), "displaced");
        add(GossipMetric.STREAMS_ENDED, streams.firstByteTimeouts(), "first-byte-timeout");
        add(GossipMetric.STREAMS_ENDED, streams.totalTimeouts(), "total-timeout");
        add(GossipMetric.STREAMS_ENDED, streams.abandoned(), "abandoned");
        add(GossipMetric.STREAMS_OPEN, streams.open());
        add(GossipMetric.STREAMS_BUFFERED, streams.bufferedBytes());
        add(GossipMetric.STREAMS_RECEIVED_BYTES, streams.receivedBytes());
        add(GossipMetric.STREAMS_SENT_BYTES, streams.sentBytes());
    }

    private void members() {
        MembersView view = state.members();
        for (SerfStatus status : SerfStatus.values()) {
            if (status != SerfStatus.NONE) {
                add(
                        GossipMetric.MEMBERS,
                        view.records().stream()
                                .filter(record -> record.status() == status)
                                .count(),
                        word(status));
            }
        }
        add(
                GossipMetric.MEMBERS_SUSPECTED,
                view.records().stream().filter(PoolMetrics::isSuspected).count());
        add(GossipMetric.HEALTH_SCORE, view.healthScore());
        PoolState.Clocks clocks = state.clocks();
        add(GossipMetric.CLOCK, clocks.members(), "members");
        add(GossipMetric.CLOCK, clocks.events(), "events");
        add(GossipMetric.CLOCK, clocks.queries(), "queries");
    }

    private static boolean isSuspected(MemberRecord record) {
        return record.pooled() && record.state() == NodeState.SUSPECT;
    }

    private void news() {
        PoolCounters counters = state.counters();
        add(GossipMetric.BROADCASTS_WAITING, state.queues().claims(), word(Broadcasts.Transmitted.CLAIM));
        add(GossipMetric.BROADCASTS_WAITING, state.queues().intents(), word(Broadcasts.Transmitted.INTENT));
        add(GossipMetric.BROADCASTS_WAITING, state.queues().queries(), word(Broadcasts.Transmitted.QUERY));
        add(GossipMetric.BROADCASTS_WAITING, state.queues().events(), word(Broadcasts.Transmitted.EVENT));
        each(GossipMetric.BROADCASTS_QUEUED, Broadcasts.Transmitted.class, counters.queued);
        each(GossipMetric.BROADCASTS_SENT, Broadcasts.Transmitted.class, counters.transmitted);
        add(GossipMetric.BROADCASTS_DROPPED, state.queues().dropped());
    }

    private void protocol() {
        PoolCounters counters = state.counters();
        for (PoolCounters.ProbeEnd end : PoolCounters.ProbeEnd.values()) {
            add(GossipMetric.PROBES, counters.probes.count(end), end.label);
        }
        for (PoolCounters.Relay relay : PoolCounters.Relay.values()) {
            add(GossipMetric.RELAYS, counters.relays.count(relay), relay.label);
        }
        add(GossipMetric.SUSPICIONS, counters.suspicions.sum());
        for (SuspicionEntry.Outcome outcome : SuspicionEntry.Outcome.values()) {
            if (outcome != SuspicionEntry.Outcome.OPEN) {
                add(GossipMetric.SUSPICIONS_ENDED, state.ledger().count(outcome), word(outcome));
            }
        }
        add(GossipMetric.SUSPICIONS_UNLISTED, state.ledger().unlisted());
        add(GossipMetric.ACKS_LATE, counters.lateAcks.sum());
        add(GossipMetric.PAUSES, counters.pauses.sum());
        add(GossipMetric.REFUTATIONS, counters.refutations.sum());
        add(GossipMetric.CONFLICTS, counters.conflicts.sum());
        each(GossipMetric.EVENTS, MemberEvent.Kind.class, counters.events);
        for (PoolCounters.ProofEnd end : PoolCounters.ProofEnd.values()) {
            add(GossipMetric.PROOFS, counters.proofs.count(end), end.subject, end.outcome);
        }
        for (PoolCounters.TrialEnd end : PoolCounters.TrialEnd.values()) {
            add(GossipMetric.TRIALS, counters.trials.count(end), end.ping, end.outcome);
        }
        for (PoolCounters.Arrival arrival : PoolCounters.Arrival.values()) {
            add(GossipMetric.ARRIVALS, counters.arrivals.count(arrival), arrival.label);
        }
        for (PoolCounters.PushPullEnd end : PoolCounters.PushPullEnd.values()) {
            add(GossipMetric.PUSH_PULLS, counters.pushPulls.count(end), end.side, end.outcome);
        }
    }

    private void coordinates() {
        for (PoolCounters.Located located : PoolCounters.Located.values()) {
            add(GossipMetric.COORDINATES, state.counters().coordinates.count(located), located.label);
        }
        add(GossipMetric.COORDINATES_KNOWN, state.coordinateBook().known());
    }

    private void snapshot() {
        SnapshotCounters snapshot = state.snapshot();
        add(GossipMetric.SNAPSHOT_WRITES, snapshot.appended(), "append");
        add(GossipMetric.SNAPSHOT_WRITES, snapshot.replaced(), "replace");
        add(GossipMetric.SNAPSHOT_FAULTS, snapshot.unread(), "read");
        add(GossipMetric.SNAPSHOT_FAULTS, snapshot.unwritten(), "write");
        add(GossipMetric.SNAPSHOT_BYTES, snapshot.bytes());
        for (PoolCounters.Rejoined rejoined : PoolCounters.Rejoined.values()) {
            add(GossipMetric.REJOINS, state.counters().rejoins.count(rejoined), rejoined.label);
        }
    }

    private void serf() {
        PoolCounters counters = state.counters();
        for (PoolCounters.UserEventEnd end : PoolCounters.UserEventEnd.values()) {
            add(GossipMetric.USER_EVENTS, counters.userEvents.count(end), end.label);
        }
        for (PoolCounters.QueryEnd end : PoolCounters.QueryEnd.values()) {
            add(GossipMetric.QUERIES, counters.queries.count(end), end.label);
        }
        for (PoolCounters.AnswerEnd end : PoolCounters.AnswerEnd.values()) {
            add(GossipMetric.QUERY_ANSWERS, counters.answers.count(end), end.label);
        }
        for (PoolCounters.NameOutcome outcome : PoolCounters.NameOutcome.values()) {
            add(GossipMetric.NAME_QUESTIONS, counters.nameQuestions.count(outcome), outcome.label);
        }
    }

    private void actors() {
        Supervision supervision = state.counters().supervision();
        for (ActorKind kind : ActorKind.values()) {
            add(GossipMetric.ACTORS_LIVE, supervision.live(kind), kind.label());
        }
        actors(GossipMetric.ACTORS_RESTARTED, Supervision.Aftermath.RESTARTED);
        actors(GossipMetric.ACTORS_RESUMED, Supervision.Aftermath.RESUMED);
        actors(GossipMetric.ACTORS_STOPPED, Supervision.Aftermath.STOPPED);
    }

    private void actors(GossipMetric metric, Supervision.Aftermath aftermath) {
        Supervision supervision = state.counters().supervision();
        for (ActorKind kind : ActorKind.values()) {
            add(metric, supervision.failures(kind, aftermath), kind.label());
        }
    }

    private <E extends Enum<E>> void each(GossipMetric metric, Class<E> kinds, Counts<E> counts) {
        for (E kind : kinds.getEnumConstants()) {
            add(metric, counts.count(kind), word(kind));
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void mailboxes() {
        Inflow inflow = state.inflow();
        add(GossipMetric.MAILBOX_WAITING, inflow.claimsWaiting(), "members");
        add(GossipMetric.MAILBOX_WAITING, inflow.localWaiting(), "local");
        add(GossipMetric.MAILBOX_WAITING, inflow.probesWaiting(), "probes");
        add(GossipMetric.MAILBOX_WAITING, inflow.newsWaiting(), "broadcasts");
        add(GossipMetric.MAILBOX_WAITING, inflow.eventsWaiting(), "events");
        add(GossipMetric.MAILBOX_REFUSED, inflow.claimsRefused(), "members");
        add(GossipMetric.MAILBOX_REFUSED, inflow.localRefused(), "local");
        add(GossipMetric.MAILBOX_REFUSED, inflow.probesRefused(), "probes");
        add(GossipMetric.MAILBOX_REFUSED, inflow.newsRefused(), "broadcasts");
        add(GossipMetric.MAILBOX_REFUSED, inflow.eventsRefused(), "events");
    }

    private void keys() {
        add(GossipMetric.KEYS, state.policy().ring().keys().size());
        add(GossipMetric.SEALS, state.counters().seals.total());
        add(GossipMetric.SEALS_WITH_PRIMARY, state.counters().seals.withPrimary());
        add(GossipMetric.SEALS_BUDGET, state.counters().seals.budget().messages());
        add(GossipMetric.SEALS_REFUSED, state.counters().seals.refused());
        each(GossipMetric.ROTATIONS, RotationOutcome.class, state.counters().rotations);
        add(GossipMetric.ROTATION_WAITING, state.rotation().waitingFor().size());
        add(GossipMetric.PLAINTEXT_TAKEN, state.rejections().evidence().plainCount());
        add(GossipMetric.PLAINTEXT_OPEN, state.plaintextPhase().isPresent() ? 1 : 0);
        add(GossipMetric.PLAINTEXT_OVERDUE, state.plaintext().overdue().toSeconds());
        Optional<ReplayGuard> replays = state.replays();
        add(GossipMetric.REPLAYS_REMEMBERED, replays.map(ReplayGuard::windows).orElse(0), "prefix");
        add(
                GossipMetric.REPLAYS_REMEMBERED,
                replays.map(ReplayGuard::duplicates).orElse(0),
                "envelope");
        add(GossipMetric.REPLAYS_FORGOTTEN, replays.map(ReplayGuard::forgotten).orElse(0L));
    }

    private void add(GossipMetric metric, long value, String... labels) {
        metrics.add(metric.of(pool, value, labels));
    }
}
