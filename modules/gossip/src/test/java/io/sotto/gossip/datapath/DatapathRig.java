package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.wire.Octets;
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
 * has happened.
 *
 * <p>After each datagram that arrives the rig lets an empty one arrive: stages hold no buffers, so when that one is taken
 * up, the one before it is through. The reason {@code SIZE}, which the empty ones have, is therefore not for tests here.
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
    private final WirePolicy policy;
    private volatile Instant now = Instant.EPOCH;
    private int batchesTakenUp;
    private int injected;

    DatapathRig(ActorSystem<?> system, WirePolicy policy, Sealer sealer) throws IOException, InterruptedException {
        this(system, policy, sealer, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public DatapathRig(ActorSystem<?> system, WirePolicy policy, Sealer sealer, InetSocketAddress local)
            throws IOException, InterruptedException {
        this.policy = policy;
        this.endpoint = network.bind(local);
        DatapathSettings settings = DatapathSettings.defaults();
        this.outbox = Datapath.create(() -> policy, settings, rejections, counters)
                .outbound(endpoint, () -> sealer)
                .run(system);
        Datapath.create(this::takeUp, settings, rejections, counters)
                .inbound(endpoint)
                .to(Sink.foreach(delivered::addAll))
                .run(system);
        // Before that, arrivals would wait and come in together.
        network.awaitReceiver(endpoint.local());
    }

    public void arrive(InetSocketAddress from, Octets datagram) throws InterruptedException {
        inject(from, datagram);
        inject(from, Octets.empty());
        awaitTakenUp(injected);
    }

    /** As {@link #arrive}, without waiting for what follows. */
    void inject(InetSocketAddress from, Octets datagram) {
        injected++;
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

    private synchronized WirePolicy takeUp() {
        batchesTakenUp++;
        notifyAll();
        return policy;
    }

    private synchronized void awaitTakenUp(int batches) throws InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (batchesTakenUp < batches) {
            long left = deadline - System.currentTimeMillis();
            if (left <= 0) {
                throw new AssertionError("only " + batchesTakenUp + " of " + batches + " batches were taken up");
            }
            wait(left);
        }
    }
}
