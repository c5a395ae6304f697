package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.EnvelopeGuard;
import io.sotto.wire.crypto.Sealer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Both ways of a pool over a network in memory. When {@link #arrive} or {@link #send} returns, all that follows from it
 * has happened: the end of a datagram is counted when its batch is through.
 */
public final class DatapathRig {
    private static final long PATIENCE_MILLIS = 10_000;

    final MemoryNetwork network = new MemoryNetwork();
    final DatapathCounters counters = new DatapathCounters();
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final RejectionLog rejections = RejectionLog.create(() -> this.now, log::add);
    private final List<Inbound> delivered = Collections.synchronizedList(new ArrayList<>());
    final Endpoint endpoint;
    final Outbox outbox;
    private volatile Instant now = Instant.EPOCH;

    DatapathRig(ActorSystem<?> system, WirePolicy policy, Sealer sealer) throws IOException, InterruptedException {
        this(system, policy, sealer, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public DatapathRig(ActorSystem<?> system, WirePolicy policy, Sealer sealer, InetSocketAddress local)
            throws IOException, InterruptedException {
        this(system, policy, sealer, local, EnvelopeGuard.none());
    }

    DatapathRig(ActorSystem<?> system, WirePolicy policy, Sealer sealer, InetSocketAddress local, EnvelopeGuard guard)
            throws IOException, InterruptedException {
        Inspection inspection = new Inspection(rejections, guard, rejections.evidence());
        this.endpoint = network.bind(local);
        // Room for whatever a test lets arrive without waiting: dropping is not what the rig is for.
        DatapathSettings settings = new DatapathSettings(Limits.defaults(), 64 << 20, 4_096, 64, 0, 1);
        this.outbox = Datapath.create(() -> policy, settings, inspection, counters, SourceRate::none)
                .outbound(endpoint, () -> sealer)
                .run(system);
        Datapath.create(() -> policy, settings, inspection, counters, SourceRate::none)
                .inbound(endpoint)
                .to(Sink.foreach(delivered::addAll))
                .run(system);
        // Before that, arrivals would wait and come in together.
        network.awaitReceiver(endpoint.local());
    }

    public void arrive(InetSocketAddress from, Octets datagram) throws InterruptedException {
        inject(from, datagram);
        awaitQuiet();
    }

    /** As {@link #arrive}, without waiting for what follows. */
    void inject(InetSocketAddress from, Octets datagram) {
        network.inject(from, endpoint.local(), datagram);
    }

    /** What came through all stages, in order. */
    public List<Inbound> delivered() {
        return List.copyOf(delivered);
    }

    List<MemoryNetwork.Sent> send(Outbound outbound, int datagrams) throws InterruptedException {
        int before = network.sent().size();
        if (!outbox.offer(outbound)) {
            throw new AssertionError("the outbox refused a datagram");
        }
        network.awaitSent(before + datagrams);
        return network.sent().subList(before, network.sent().size());
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    private synchronized void awaitQuiet() throws InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (counters.waiting() > 0) {
            if (System.currentTimeMillis() > deadline) {
                throw new AssertionError(counters.waiting() + " datagrams are not through");
            }
            wait(1);
        }
    }
}
