package io.sotto.gossip.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/**
 * One named stage of the way in or out, around a {@link Step}.
 *
 * <p>In: a batch. Out: what its step made of the items, never an empty batch. Buffer: none. On bad input: the item is lost
 * and counted, whatever the step throws; the stage goes on with the next. This is the catch at the datagram that the
 * security rules ask for, so that no byte of a peer's fails the stream.
 */
final class BatchStage<I, O> extends GraphStage<FlowShape<Batch<I>, Batch<O>>> {
    private final String name;
    private final Supplier<Step<I, O>> steps;
    private final Inlet<Batch<I>> in;
    private final Outlet<Batch<O>> out;
    private final FlowShape<Batch<I>, Batch<O>> shape;

    /** @param steps gives a step of its own to each materialisation, since steps keep ciphers */
    BatchStage(String name, Supplier<Step<I, O>> steps) {
        this.name = name;
        this.steps = steps;
        this.in = Inlet.create(name + ".in");
        this.out = Outlet.create(name + ".out");
        this.shape = FlowShape.of(in, out);
    }

    @Override
    public FlowShape<Batch<I>, Batch<O>> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name(name);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic(steps.get());
    }

    private final class Logic extends GraphStageLogic {
        private final Step<I, O> step;

        Logic(Step<I, O> step) {
            super(shape);
            this.step = step;
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    advance(grab(in));
                }

                @Override
                public void onPull() {
                    pull(in);
                }
            });
        }

        private void advance(Batch<I> batch) {
            List<I> items = batch.items();
            List<O> results = new ArrayList<>(items.size());
            step.begin();
            for (int i = 0; i < items.size(); i++) {
                I item = items.get(i);
                try {
                    step.on(item, batch.policy(), results);
                } catch (RuntimeException | StackOverflowError e) {
                    step.failed(item, batch.policy(), e);
                }
            }
            if (results.isEmpty()) {
                pull(in);
            } else {
                push(out, new Batch<>(batch.policy(), results));
            }
        }
    }
}
