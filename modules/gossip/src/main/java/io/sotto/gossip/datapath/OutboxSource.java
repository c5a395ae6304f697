package io.sotto.gossip.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * Takes what actors want sent: the one asynchronous boundary of the way out.
 *
 * <p>Out: what waits, at most {@link DatapathSettings#outboundBatchMax} at a time, with the policy in force when it is
 * taken up. Bound: {@link DatapathSettings#outboxMax}; what exceeds it is refused and counted. The stage is woken once
 * however many wait. Order is kept per offering thread.
 */
final class OutboxSource extends AbstractGraphStageWithMaterializedValue<SourceShape<Batch<Outbound>>, Outbox> {
    private final Outlet<Batch<Outbound>> out = Outlet.create("Outbox.out");
    private final SourceShape<Batch<Outbound>> shape = SourceShape.of(out);
    private final Supplier<WirePolicy> policy;
    private final DatapathSettings settings;
    private final DatapathCounters counters;

    OutboxSource(Supplier<WirePolicy> policy, DatapathSettings settings, DatapathCounters counters) {
        this.policy = policy;
        this.settings = settings;
        this.counters = counters;
    }

    @Override
    public SourceShape<Batch<Outbound>> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("Outbox");
    }

    @Override
    public Pair<GraphStageLogic, Outbox> createLogicAndMaterializedValuePair(Attributes inheritedAttributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements Outbox {
        private final Queue<Outbound> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile boolean ended;
        private final AsyncCallback<Done> wake = createAsyncCallback(done -> {
            woken.set(false);
            if (isAvailable(out)) {
                pushNext();
            }
        });

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pushNext();
                }
            });
        }

        @Override
        public boolean offer(Outbound outbound) {
            if (ended) {
                counters.outboundDropped.increment();
                return false;
            }
            if (size.incrementAndGet() > settings.outboxMax()) {
                size.decrementAndGet();
                counters.outboundDropped.increment();
                return false;
            }
            counters.outboxWaiting.increment();
            waiting.add(outbound);
            if (ended) {
                // The stream ended between the look and the addition: nobody else will take it out again.
                discardWaiting();
            } else if (woken.compareAndSet(false, true)) {
                wake.invoke(Done.getInstance());
            }
            return true;
        }

        @Override
        public long dropped() {
            return counters.outboundDropped();
        }

        @Override
        public void postStop() {
            ended = true;
            discardWaiting();
        }

        private void discardWaiting() {
            while (waiting.poll() != null) {
                counters.outboxWaiting.decrement();
                counters.outboundDropped.increment();
            }
        }

        private void pushNext() {
            List<Outbound> batch = new ArrayList<>();
            while (batch.size() < settings.outboundBatchMax()) {
                Outbound next = waiting.poll();
                if (next == null) {
                    break;
                }
                size.decrementAndGet();
                counters.outboxWaiting.decrement();
                batch.add(next);
            }
            if (!batch.isEmpty()) {
                push(out, new Batch<>(policy.get(), batch));
            }
        }
    }
}
