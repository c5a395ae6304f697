package io.sotto.gossip.datapath;

import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
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

/**
 * Takes batches from the channel thread: the one asynchronous boundary of the way in.
 *
 * <p>Out: each batch as the channel thread drained it, with the policy in force when it is taken up. Bound: bytes that
 * wait, {@link DatapathSettings#inboundQueueMaxBytes}; a batch that does not fit is dropped whole and its datagrams are
 * counted. The stage is woken once however many batches wait. When the next batch is asked for, the one before is through,
 * and what became of each of its datagrams is counted. It fails only when the socket itself is lost.
 */
final class DatagramSource extends GraphStage<SourceShape<Batch<Frame>>> {
    /** What one waiting datagram is taken to cost beside its bytes, so that empty datagrams are bounded too. */
    static final int DATAGRAM_OVERHEAD_BYTES = 128;

    private final Outlet<Batch<Frame>> out = Outlet.create("DatagramSource.out");
    private final SourceShape<Batch<Frame>> shape = SourceShape.of(out);
    private final Endpoint endpoint;
    private final Supplier<WirePolicy> policy;
    private final int queueMaxBytes;
    private final DatapathCounters counters;

    DatagramSource(Endpoint endpoint, Supplier<WirePolicy> policy, int queueMaxBytes, DatapathCounters counters) {
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
        private final AtomicLong waitingBytes = new AtomicLong();
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile boolean ended;
        private List<Frame> underWay = List.of();
        private final AsyncCallback<Done> wake = createAsyncCallback(done -> {
            woken.set(false);
            if (isAvailable(out)) {
                pushNext();
            }
        });
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
        public void receive(List<Datagram> batch) {
            long bytes = weight(batch);
            counters.received.add(batch.size());
            counters.receivedBytes.add(bytes - (long) batch.size() * DATAGRAM_OVERHEAD_BYTES);
            if (waitingBytes.addAndGet(bytes) > queueMaxBytes) {
                waitingBytes.addAndGet(-bytes);
                counters.inboundDropped.add(batch.size());
                return;
            }
            waiting.add(batch);
            if (ended) {
                // The stage ended between the look and the addition: nobody else will take it out again.
                discardWaiting();
            } else if (woken.compareAndSet(false, true)) {
                wake.invoke(Done.getInstance());
            }
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
            underWay = List.of();
        }

        private void discardWaiting() {
            for (List<Datagram> batch = waiting.poll(); batch != null; batch = waiting.poll()) {
                waitingBytes.addAndGet(-weight(batch));
                counters.inboundDropped.add(batch.size());
            }
        }

        private void pushNext() {
            List<Datagram> batch = waiting.poll();
            if (batch != null) {
                waitingBytes.addAndGet(-weight(batch));
                Frame[] frames = new Frame[batch.size()];
                for (int i = 0; i < frames.length; i++) {
                    Datagram datagram = batch.get(i);
                    frames[i] = new Frame(datagram.source(), datagram.bytes());
                }
                underWay = List.of(frames);
                push(out, new Batch<>(policy.get(), underWay));
            }
        }

        private long weight(List<Datagram> batch) {
            long bytes = 0;
            for (Datagram datagram : batch) {
                bytes += datagram.bytes().length() + DATAGRAM_OVERHEAD_BYTES;
            }
            return bytes;
        }
    }
}
