package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches from the channel thread: the one asynchronous boundary of the way in.
 *
 * <p>Out: what waits of the batches that the channel thread drained, joined while they are small, with the policy in force
 * when it is taken up. Bound: bytes that
 * wait, {@link DatapathSettings#inboundQueueMaxBytes}; a batch that does not fit is dropped whole and its datagrams are
 * counted. The stage is woken only when it has nothing to do. When the next batch is asked for, the one before is through,
 * and what became of each of its datagrams is counted. It fails only when the socket itself is lost.
 */
final class DatagramSource extends GraphStage<SourceShape<Batch<Frame>>> {
    /** What one waiting datagram is taken to cost beside its bytes, so that empty datagrams are bounded too. */
    static final int DATAGRAM_OVERHEAD_BYTES = 128;

    /** Datagrams that go through the stages together, where that takes several of the channel thread's batches. */
    private static final int TAKEN_UP_MAX = 64;

    private final Outlet<Batch<Frame>> out = Outlet.create("DatagramSource.out");
    private final SourceShape<Batch<Frame>> shape = SourceShape.of(out);
    private final Endpoint endpoint;
    private final Supplier<WirePolicy> policy;
    private final int queueMaxBytes;
    private final DatapathCounters counters;
    private final Evidence evidence;

    DatagramSource(
            Endpoint endpoint,
            Supplier<WirePolicy> policy,
            int queueMaxBytes,
            DatapathCounters counters,
            Evidence evidence) {
        this.evidence = evidence;
        this.endpoint = endpoint;
        this.policy = policy;
        this.queueMaxBytes = queueMaxBytes;
        this.counters = counters;
    }

    @Override
    public SourceShape<Batch<Frame>> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("DatagramSource");
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic implements DatagramReceiver {
        private final Queue<List<Datagram>> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicLong waitingBytes = counters.inboundWaitingBytes;
        /** Whether the stage was asked for a batch, had none, and is to be told of the next. */
        private final AtomicBoolean asleep = new AtomicBoolean();

        private volatile boolean ended;
        private List<Frame> underWay = List.of();
        private final AsyncCallback<Done> wake = createAsyncCallback(done -> pushNext());
        private final AsyncCallback<Throwable> fail = createAsyncCallback(this::failStage);

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    settle();
                    pushNext();
                }
            });
        }

        @Override
        public void preStart() {
            endpoint.receive(this);
        }

        @Override
        public boolean receive(List<Datagram> batch) {
            long bytes = weight(batch);
            counters.received.add(batch.size());
            counters.receivedBytes.add(bytes - (long) batch.size() * DATAGRAM_OVERHEAD_BYTES);
            if (waitingBytes.addAndGet(bytes) > queueMaxBytes) {
                waitingBytes.addAndGet(-bytes);
                counters.inboundDropped.add(batch.size());
                return false;
            }
            waiting.add(batch);
            if (ended) {
                // The stage ended between the look and the addition: nobody else will take it out again.
                discardWaiting();
            } else if (asleep.get() && asleep.compareAndSet(true, false)) {
                wake.invoke(Done.getInstance());
            }
            return true;
        }

        @Override
        public void lost(Throwable cause) {
            fail.invoke(cause);
        }

        @Override
        public void postStop() {
            ended = true;
            settle();
            discardWaiting();
        }

        private void settle() {
            counters.settle(underWay);
            evidence.datagrams(underWay);
            underWay = List.of();
        }

        private void discardWaiting() {
            for (List<Datagram> batch = waiting.poll(); batch != null; batch = waiting.poll()) {
                waitingBytes.addAndGet(-weight(batch));
                counters.inboundDropped.add(batch.size());
            }
        }

        private void pushNext() {
            if (waiting.isEmpty()) {
                asleep.set(true);
                // Looked at again: what came in between was told to nobody.
                if (waiting.isEmpty() || !asleep.compareAndSet(true, false)) {
                    return;
                }
            }
            List<Frame> frames = takeUp();
            underWay = frames;
            push(out, new Batch<>(policy.get(), frames));
        }

        /** What waits, as one batch: every stage, and every hop, then costs once what it would cost for each. */
        private List<Frame> takeUp() {
            List<Frame> frames = new ArrayList<>();
            long bytes = 0;
            for (List<Datagram> batch = waiting.poll(); batch != null; batch = nextThatFits(frames.size())) {
                for (int i = 0; i < batch.size(); i++) {
                    Datagram datagram = batch.get(i);
                    frames.add(new Frame(datagram.source(), datagram.bytes()));
                }
                bytes += weight(batch);
            }
            waitingBytes.addAndGet(-bytes);
            return frames;
        }

        private @Nullable List<Datagram> nextThatFits(int taken) {
            List<Datagram> next = waiting.peek();
            return next != null && taken + next.size() <= TAKEN_UP_MAX ? waiting.poll() : null;
        }

        private long weight(List<Datagram> batch) {
            long bytes = 0;
            for (int i = 0; i < batch.size(); i++) {
                bytes += batch.get(i).bytes().length() + DATAGRAM_OVERHEAD_BYTES;
            }
            return bytes;
        }
    }
}
