package io.sotto.gossip;

import io.sotto.gossip.datapath.DatapathCounters;
import io.sotto.gossip.datapath.Evidence;
import io.sotto.gossip.datapath.Inspection;
import io.sotto.gossip.datapath.RejectionLog;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.rotation.Clearance;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.gossip.rotation.SealLedger;
import io.sotto.gossip.snapshot.SnapshotCounters;
import io.sotto.gossip.stream.StreamCounters;
import io.sotto.membership.SelfMachine;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.ReplayGuard;
import io.sotto.wire.metrics.Metric;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a pool publishes for others to read without asking: members, policy, counters. It outlives every actor of the
 * pool. Safe to read from any thread.
 */
public final class PoolState {
    private static final Logger LOG = LoggerFactory.getLogger(GossipPool.class);

    /** Of pools other than the LAN's, what no actor says has the pool's name in its logger's. */
    private static Logger log(String pool) {
        return pool.equals("lan") ? LOG : LoggerFactory.getLogger("io.sotto.gossip." + pool);
    }

    private final String pool;
    private final Published<MembersView> view;
    private final Published<Terms> terms;
    private final RejectionLog rejections;
    private final DatapathCounters traffic = new DatapathCounters();
    private final StreamCounters streams = new StreamCounters();
    private final QueueDepths queues = new QueueDepths();
    private final PoolCounters counters;
    private final Published<Optional<OtherRings>> otherRings = new Published<>(Optional.empty());
    private final Published<Clearance> clearance = new Published<>(Clearance.always());
    private final Published<RotationProgress> rotation = new Published<>(RotationProgress.idle(""));
    private final TransportSlot transport = new TransportSlot();
    private final Published<Optional<ReplayGuard>> replays = new Published<>(Optional.empty());
    private final PlaintextBook plaintext;
    private final Inflow inflow;
    private final Hearing hearing;
    private final Proven proven;
    private final SuspicionLedger ledger;
    private final Published<Optional<Pause>> pause = new Published<>(Optional.empty());
    private final CoordinateBook coordinates;
    private final SnapshotCounters snapshot = new SnapshotCounters();
    private final Published<EventClocks> eventClocks = new Published<>(EventClocks.first());

    /** The next times of the three Lamport clocks, unsigned: of intents, of user events, and of queries. */
    public record Clocks(long members, long events, long queries) {}

    /** The process stood still for {@code length} until {@code end}, by its wall clock. */
    public record Pause(Duration length, Instant end) {}

    /** What may change while the pool runs, all of it at once: how bytes are taken and sent, and the timing. */
    private record Terms(WirePolicy policy, SwimSettings swim) {}

    private PoolState(
            String pool,
            MembersView view,
            Terms terms,
            RejectionLog rejections,
            Inflow inflow,
            PoolTime time,
            Proven proven,
            SuspicionLedger ledger,
            PoolCounters counters,
            PlaintextBook plaintext) {
        this.plaintext = plaintext;
        this.terms = new Published<>(terms);
        this.counters = counters;
        this.hearing = new Hearing(() -> swim().caution(), time);
        this.proven = proven;
        this.ledger = ledger;
        this.inflow = inflow;
        this.pool = pool;
        this.coordinates = new CoordinateBook(view.self().name());
        this.view = new Published<>(view);
        this.rejections = rejections;
    }

    public static PoolState create(PoolSettings settings, PoolTime time) {
        NodeAddress unbound = NodeAddress.of(new InetSocketAddress(
                settings.advertise().orElse(settings.bind().getAddress()),
                settings.bind().getPort()));
        SelfMachine self = SelfMachine.create(
                settings.rules(), unbound, settings.meta(), settings.versions().toOctets());
        return new PoolState(
                settings.name(),
                MembersView.alone(self.record()),
                new Terms(
                        new WirePolicy(
                                Keyring.empty(),
                                settings.keys().verifyIncoming(),
                                settings.keys().verifyOutgoing(),
                                settings.label(),
                                settings.otherLabels(),
                                false,
                                settings.compression(),
                                settings.allowed()),
                        settings.rules().swim()),
                RejectionLog.create(time::wall, line -> log(settings.name()).warn("memberlist: {}", line)),
                new Inflow(settings.flood().mailboxMax()),
                time,
                new Proven(settings.rules().claims(), settings.guard().sourcesMax()),
                new SuspicionLedger(settings.flood().ledgerMax()),
                new PoolCounters(new SealCounter(
                        settings.rotation().budget(),
                        SealLedger.beside(settings.keys().file()),
                        time::wall)),
                new PlaintextBook(time, settings.plaintextUntil()));
    }

    /** The present picture of the pool. */
    public MembersView members() {
        return view.get();
    }

    /** How far the pool has got. */
    public Clocks clocks() {
        EventClocks others = eventClocks.get();
        return new Clocks(view.get().clock(), others.events(), others.queries());
    }

    /** The keys and demands in force. */
    public WirePolicy policy() {
        return terms.get().policy();
    }

    /** The timing in force. */
    public SwimSettings swim() {
        return terms.get().swim();
    }

    /** What was refused, by reason. */
    public RejectionLog rejections() {
        return rejections;
    }

    /** Datagrams and bytes in both directions. */
    public DatapathCounters traffic() {
        return traffic;
    }

    /** Connections that others opened. */
    public StreamCounters streams() {
        return streams;
    }

    /** News waiting to be spread. */
    public QueueDepths queues() {
        return queues;
    }

    /** Messages of others that wait for the pool's actors. */
    public Inflow inflow() {
        return inflow;
    }

    /** Suspicions that run, and the last that ended; newest first. */
    public List<SuspicionEntry> suspicions() {
        return ledger.entries();
    }

    /** The last time that the process was found to have stood still. */
    public Optional<Pause> lastPause() {
        return pause.get();
    }

    /** Where this node and others are in the space of round trips. */
    public CoordinatesView coordinates() {
        return coordinates.view();
    }

    /** What became of the snapshot file. */
    public SnapshotCounters snapshot() {
        return snapshot;
    }

    /** What all of it comes to, as every {@link GossipMetric} with its present value. */
    public List<Metric> metrics() {
        return PoolMetrics.read(pool, this);
    }

    /** The rings beside this pool's that a rotation of its key covers too. */
    public Optional<OtherRings> otherRings() {
        return otherRings.get();
    }

    /** From now on rotations of the key cover these rings too. */
    public void rotateWith(OtherRings rings) {
        otherRings.set(Optional.of(rings));
    }

    /** From now on this is asked before a rotation begins. */
    public void rotateIf(Clearance asked) {
        clearance.set(asked);
    }

    Clearance clearance() {
        return clearance.get();
    }

    /** Where the rotation stands that this node drives, if it drives one. */
    public RotationProgress rotation() {
        return rotation.get();
    }

    /** Called by the rotation's actor only. */
    void publishRotation(RotationProgress progress) {
        progress.outcome().ifPresent(counters.rotations::increment);
        rotation.set(progress);
    }

    /** The time in which plaintext is taken in though there is a key, while it lasts. */
    public Optional<PlaintextPhase> plaintextPhase() {
        return plaintext.phase();
    }

    /** What the pool takes for the date and time. */
    public Instant wall() {
        return plaintext.wall();
    }

    PlaintextBook plaintext() {
        return plaintext;
    }

    /** What came from each member's address; a hint, since addresses can be forged. By name, this node left out. */
    public SortedMap<String, Evidence.Traffic> evidence() {
        return MemberTraffic.join(members(), rejections.evidence());
    }

    /** What is remembered of envelopes that came before; empty where claims are not guarded. */
    Optional<ReplayGuard> replays() {
        return replays.get();
    }

    /** What looks at all that comes in from now on. Called by the pool's wiring only. */
    Inspection inspect(ReplayGuard guard, EnvelopeGuard rules) {
        replays.set(Optional.of(guard));
        return new Inspection(rejections, rules, rejections.evidence());
    }

    Hearing hearing() {
        return hearing;
    }

    Proven proven() {
        return proven;
    }

    SuspicionLedger ledger() {
        return ledger;
    }

    /** Called by the pause detector only. */
    void publishPause(Pause found) {
        counters.pauses.increment();
        pause.set(Optional.of(found));
    }

    CoordinateBook coordinateBook() {
        return coordinates;
    }

    PoolCounters counters() {
        return counters;
    }

    TransportSlot transport() {
        return transport;
    }

    Published<MembersView> view() {
        return view;
    }

    Published<EventClocks> eventClocks() {
        return eventClocks;
    }

    /** Called by the keyring's actor only. */
    void publishRing(Keyring ring) {
        Terms before = terms.get();
        inForce(new Terms(before.policy().withRing(ring), before.swim()));
    }

    /** Called by the keyring's actor only, which alone writes the terms, so that no change is lost to another. */
    void publishChange(PoolChange change, Keyring ring) {
        Terms before = terms.get();
        plaintext.until(change.plaintextUntil());
        inForce(new Terms(change.over(before.policy()).withRing(ring), change.swim()));
    }

    private void inForce(Terms now) {
        terms.set(now);
        plaintext.follow(now.policy());
        countSeals(now.policy().ring());
    }

    private void countSeals(Keyring ring) {
        counters.seals.ring(ring).ifPresent(fault -> log(pool).warn("{}", fault));
    }
}
