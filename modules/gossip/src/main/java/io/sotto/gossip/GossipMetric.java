package io.sotto.gossip;

import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricKind;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every metric of a pool; {@link PoolMetrics} reads them. The first label of each is the pool's name.
 *
 * <p>Source: ours. {@code docs/reference/metrics.md} is this table for operators.
 *
 * <p>Over 400 lines: a table.
 */
public enum GossipMetric {
    DATAGRAMS_RECEIVED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.datagrams.received",
            "Datagrams read from the socket, whatever became of them"),
    DATAGRAMS_RECEIVED_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.gossip.datagrams.received.bytes",
            "Bytes of the datagrams read from the socket"),
    DATAGRAMS_ACCEPTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.datagrams.accepted",
            "Datagrams that gave at least one message, whatever else was in them"),
    DATAGRAMS_REJECTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.datagrams.rejected",
            "Datagrams that gave nothing, by what was wrong with them first",
            "reason"),
    DATAGRAMS_DROPPED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.datagrams.dropped",
            "Datagrams dropped because the stages did not keep up and the queue before them was full"),
    DATAGRAMS_WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.datagrams.waiting",
            "Datagrams received that are not yet accepted, rejected or dropped"),
    DATAGRAMS_WAITING_BYTES(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.gossip.datagrams.waiting.bytes",
            "What the datagrams take that wait in the queue before the stages"),
    DATAGRAMS_SENT(
            MetricKind.COUNTER, MetricUnit.COUNT, "sotto.gossip.datagrams.sent", "Datagrams that the network took"),
    DATAGRAMS_SENT_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.gossip.datagrams.sent.bytes",
            "Bytes of the datagrams that the network took"),
    OUTBOX_WAITING(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.gossip.outbox.waiting", "Datagrams that wait to be sent"),
    OUTBOX_DROPPED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.outbox.dropped",
            "Datagrams not sent because the outbox was full or the sockets were being bound anew"),
    OUTBOX_FAILED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.outbox.failed",
            "Datagrams that could not be sealed or that the network did not take"),
    REJECTIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.rejections",
            "What was refused: a datagram, a part of one, a message that a rule turned away, or a stream",
            "subject",
            "reason"),
    STREAMS_ACCEPTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.streams.accepted",
            "Connections that others opened, whatever became of them"),
    STREAMS_ENDED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.streams.ended",
            "Connections that others opened and that have ended, by how: served, refused, displaced by newer ones, "
                    + "timed out before the first byte or in all, abandoned by the peer",
            "outcome"),
    STREAMS_OPEN(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.streams.open",
            "Connections that others opened and that are open now"),
    STREAMS_BUFFERED(
            MetricKind.GAUGE,
            MetricUnit.BYTES,
            "sotto.gossip.streams.buffered.bytes",
            "Memory that requests being read and answers being written hold now"),
    STREAMS_RECEIVED_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.gossip.streams.received.bytes",
            "Bytes read from connections that others opened"),
    STREAMS_SENT_BYTES(
            MetricKind.COUNTER,
            MetricUnit.BYTES,
            "sotto.gossip.streams.sent.bytes",
            "Bytes written to connections that others opened"),
    MEMBERS(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.members",
            "Members listed, this node included, by what is said of them",
            "status"),
    MEMBERS_SUSPECTED(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.members.suspected",
            "Members that are listed as alive but suspected to have failed"),
    HEALTH_SCORE(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.health.score",
            "How much this node distrusts its own verdicts: 0 is healthy, 7 the worst"),
    CLOCK(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.clock",
            "The Lamport clocks of member intents, user events and queries",
            "clock"),
    BROADCASTS_WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.broadcasts.waiting",
            "News that is still to be spread: claims about members, join and leave intents, queries, and user events",
            "content"),
    BROADCASTS_QUEUED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.broadcasts.queued",
            "News taken into the queues, ours and that of others",
            "content"),
    BROADCASTS_SENT(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.broadcasts.sent",
            "News put into datagrams, counted once for each datagram",
            "content"),
    BROADCASTS_DROPPED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.broadcasts.dropped",
            "News dropped before it was sent often enough, because more waited than may, or because it fits into no datagram"),
    PROBES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.probes",
            "Probes of other members, by how they were answered",
            "outcome"),
    RELAYS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.relays",
            "Requests to ping a member for another, by what came of them",
            "outcome"),
    SUSPICIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.suspicions",
            "Times that a member came to be suspected, by this node or by others"),
    SUSPICIONS_ENDED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.suspicions.ended",
            "Suspicions that ended, by what came of them",
            "outcome"),
    SUSPICIONS_UNLISTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.suspicions.unlisted",
            "Suspicions that are not in the ledger, because too many ran at once"),
    ACKS_LATE(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.acks.late",
            "Answers to probes that had been given up: this node, or the way to it, is slow"),
    PAUSES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.pauses",
            "Times that this process was found to have stood still"),
    REFUTATIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.refutations",
            "Times that this node contradicted what was said of it"),
    CONFLICTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.conflicts",
            "Claims that give another address to the name of a member"),
    EVENTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.events",
            "What happened to members, this node included, as applications are told",
            "event"),
    PROOFS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.proofs",
            "Pings that asked somebody to show that it is there before what is said of it, or by it, counts",
            "subject",
            "outcome"),
    TRIALS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.trials",
            "Pings over streams that find out for an upshift what a member which gives no reports opens and takes in: sealed or"
                    + " plain, answered by an ack, refused though there was a connection, or not reached",
            "ping",
            "outcome"),
    ARRIVALS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.arrivals",
            "Members that join by a sealed stream from another address than their own: kept until they speak, heard to speak,"
                    + " or displaced by later ones",
            "outcome"),
    PUSH_PULLS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.push_pulls",
            "Exchanges of whole views, asked for by this node or served to others",
            "side",
            "outcome"),
    COORDINATES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.coordinates",
            "Direct answers to probes, by what came of the network coordinate in them: applied; applied and our own begun "
                    + "anew; absent; or refused, and why",
            "outcome"),
    COORDINATES_KNOWN(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.coordinates.known",
            "Other members whose network coordinate is known"),
    SNAPSHOT_WRITES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.snapshot.writes",
            "Times that the snapshot file was appended to, or replaced as a whole",
            "way"),
    SNAPSHOT_FAULTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.snapshot.faults",
            "Times that the snapshot file could not be read, or not be written",
            "action"),
    SNAPSHOT_BYTES(MetricKind.GAUGE, MetricUnit.BYTES, "sotto.gossip.snapshot.bytes", "How long the snapshot file is"),
    REJOINS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.rejoins",
            "Members of an earlier life of this node that were tried at its start, by whether they answered",
            "outcome"),
    USER_EVENTS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.user_events",
            "User events: sent from here, delivered here, our own among them, and what was not delivered, by why",
            "outcome"),
    QUERIES(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.queries",
            "Queries: asked from here, handled here, our own among them, and what was not handled, by why",
            "outcome"),
    QUERY_ANSWERS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.query_answers",
            "Acks and answers to queries: sent, passed on for others, received, and what was not, by why",
            "outcome"),
    NAME_QUESTIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.conflicts.asked",
            "Questions to the pool about who bears this node's name, by what most answered",
            "outcome"),
    MAILBOX_WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.mailbox.waiting",
            "Messages of others that wait for the actors of a pool, about",
            "mailbox"),
    MAILBOX_REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.mailbox.refused",
            "Messages of others dropped because their mailbox was full",
            "mailbox"),
    KEYS(MetricKind.GAUGE, MetricUnit.COUNT, "sotto.gossip.keys", "Keys on the ring; 0 is a pool without encryption"),
    SEALS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.seals",
            "Messages sealed, datagrams and what went over streams"),
    SEALS_WITH_PRIMARY(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.seals.primary",
            "Messages that this node has sealed with the present primary key, in earlier lives too"),
    SEALS_BUDGET(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.seals.budget",
            "Messages that this node may seal with one key"),
    SEALS_REFUSED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.seals.refused",
            "Messages that were not sealed, and so not sent, because the key has sealed as many as it may"),
    ROTATIONS(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.rotations",
            "Rotations of the key that this node drove and that are over, by how they ended",
            "outcome"),
    ROTATION_WAITING(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.rotation.waiting",
            "Members that the rotation which this node drives waits for"),
    PLAINTEXT_TAKEN(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.plaintext.taken",
            "Datagrams and stream messages taken in that nothing had sealed"),
    PLAINTEXT_OPEN(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.plaintext.open",
            "1 while plaintext is taken in though there is a key on the ring, otherwise 0"),
    PLAINTEXT_OVERDUE(
            MetricKind.GAUGE,
            MetricUnit.SECONDS,
            "sotto.gossip.plaintext.overdue.seconds",
            "How long that has gone on past its deadline; 0 while it has not, or has none"),
    REPLAYS_REMEMBERED(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.replays.remembered",
            "What is remembered so that it is known again: prefixes of members that count their nonces, single envelopes of"
                    + " others",
            "memory"),
    REPLAYS_FORGOTTEN(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.replays.forgotten",
            "What was forgotten before its time because one of those memories was full"),
    ACTORS_LIVE(
            MetricKind.GAUGE,
            MetricUnit.COUNT,
            "sotto.gossip.actors.live",
            "Actors of the pool; remote is one for each other node, probe one for each probe under way",
            "kind"),
    ACTORS_RESTARTED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.actors.restarted",
            "Failures after which an actor began anew; for the transport, each lost socket and each failed try to bind again",
            "kind"),
    ACTORS_RESUMED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.actors.resumed",
            "Failures after which an actor went on with what it knew, without the message that it failed on",
            "kind"),
    ACTORS_STOPPED(
            MetricKind.COUNTER,
            MetricUnit.COUNT,
            "sotto.gossip.actors.stopped",
            "Failures that ended an actor",
            "kind");

    @SuppressWarnings("ImmutableEnumChecker") // A record of strings, enums, and an unmodifiable list.
    private final MetricName metric;

    GossipMetric(MetricKind kind, MetricUnit unit, String dotted, String meaning, String... labels) {
        List<String> all = new ArrayList<>();
        all.add("pool");
        all.addAll(List.of(labels));
        this.metric = new MetricName(dotted, kind, unit, all, meaning);
    }

    public MetricName metric() {
        return metric;
    }

    /** All of them, in the order in which operators are shown them. */
    public static List<MetricName> catalogue() {
        return Arrays.stream(values()).map(GossipMetric::metric).toList();
    }

    /** A value of it in {@code pool}. */
    Metric of(String pool, long value, String... labels) {
        List<String> all = new ArrayList<>(labels.length + 1);
        all.add(pool);
        all.addAll(List.of(labels));
        return new Metric(metric, all, (double) value);
    }
}
