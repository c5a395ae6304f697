package io.sotto.rpc.application;

import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an answer as values. In: bodies; out: values; no buffer. A body that is no value ends the stream and the call.
 * After the last body it waits to be told how the call ended, and completes or fails by that.
 */
final class TypedSeries<A> extends AbstractGraphStageWithMaterializedValue<FlowShape<Octets, A>, TypedSeries.Ending> {
    private final Inlet<Octets> in = Inlet.create("TypedSeries.in");
    private final Outlet<A> out = Outlet.create("TypedSeries.out");
    private final FlowShape<Octets, A> shape = FlowShape.of(in, out);
    private final RpcCodec<A> codec;

    TypedSeries(RpcCodec<A> codec) {
        this.codec = codec;
    }

    /** Where a run is told how its call ended, and tells how the stream did. */
    interface Ending {
        void tellEnd(RpcResult result);

        CompletionStage<RpcOutcome<Long>> outcome();
    }

    @Override
    public FlowShape<Octets, A> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Ending> createLogicAndMaterializedValuePair(Attributes inherited) {
        Logic logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements Ending {
        private final CompletableFuture<RpcOutcome<Long>> outcome = new CompletableFuture<>();
        private final AsyncCallback<RpcResult> ended = createAsyncCallback(this::onEnd);
        private final AtomicReference<@Nullable RpcResult> told = new AtomicReference<>();
        private volatile boolean hasStopped;
        private final AtomicLong parts = new AtomicLong();
        private boolean isWhole;
        private @Nullable RpcResult result;

        Logic() {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    convert(grab(in));
                }

                @Override
                public void onPull() {
                    if (!isWhole) {
                        pull(in);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    isWhole = true;
                    endIfWhole();
                }
            });
        }

        @Override
        public void tellEnd(RpcResult how) {
            told.set(how);
            ended.invoke(how);
            if (hasStopped) {
                // The consumer had enough before it was over: nobody hears it any more.
                outcome.complete(outcomeOf(how));
            }
        }

        @Override
        public void postStop() {
            hasStopped = true;
            RpcResult how = told.get();
            if (how != null) {
                outcome.complete(outcomeOf(how));
            }
        }

        @Override
        public CompletionStage<RpcOutcome<Long>> outcome() {
            return outcome;
        }

        private void convert(Octets body) {
            try {
                A value = codec.decode(body);
                parts.incrementAndGet();
                push(out, value);
            } catch (RpcCodecException e) {
                RpcOutcome<Long> unreadable =
                        new RpcOutcome.Unreadable<>("part " + parts.get() + ": " + e.getMessage());
                outcome.complete(unreadable);
                cancel(in);
                fail(out, new RpcStreamException(unreadable));
            }
        }

        private void onEnd(RpcResult how) {
            result = how;
            endIfWhole();
        }

        private void endIfWhole() {
            RpcResult how = result;
            if (!isWhole || how == null) {
                return;
            }
            RpcOutcome<Long> end = outcomeOf(how);
            outcome.complete(end);
            if (how instanceof RpcResult.Answered) {
                completeStage();
            } else {
                failStage(new RpcStreamException(end));
            }
        }

        private RpcOutcome<Long> outcomeOf(RpcResult how) {
            return how instanceof RpcResult.Answered
                    ? new RpcOutcome.Answer<>(parts.get())
                    : new RpcOutcome.NoAnswer<>(how);
        }
    }
}
