package io.sotto.rpc.pool;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.link.RpcLink;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer is a series: finds a link as any call does, then streams over it; as long as a link has not sent it,
 * the next is found. Elements are the bodies of the parts, as fast as they are taken; no buffer of its own. It only
 * completes: how the call ended is the materialised value. Cancelling it calls off whatever is under way.
 */
final class StreamedCall
        extends AbstractGraphStageWithMaterializedValue<SourceShape<Octets>, CompletionStage<RpcResult>> {
    private static final RpcResult FOUND = new RpcResult.Answered(Octets.empty());

    private final Outlet<Octets> out = Outlet.create("StreamedCall.out");
    private final SourceShape<Octets> shape = SourceShape.of(out);
    private final RpcCalls calls;
    private final Route route;
    private final RpcRequest request;

    StreamedCall(RpcCalls calls, Route route, RpcRequest request) {
        this.calls = calls;
        this.route = route;
        this.request = request;
    }

    @Override
    public SourceShape<Octets> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<RpcResult>> createLogicAndMaterializedValuePair(Attributes inherited) {
        Logic logic = new Logic();
        return Pair.create(logic, logic.end);
    }

    /** A link, or why there is none. */
    private record Search(@Nullable RpcLink link, RpcResult result) {}

    private final class Logic extends GraphStageLogic {
        private final CompletableFuture<RpcResult> end = new CompletableFuture<>();
        private final AsyncCallback<Search> searched = createAsyncCallback(this::onSearched);
        private final AsyncCallback<RpcResult> ended = createAsyncCallback(this::onEnded);
        private long startedNanos;
        private @Nullable PooledCall search;
        private @Nullable SubSinkInlet<Octets> parts;
        private @Nullable CompletionStage<RpcResult> underWay;
        private @Nullable RpcResult result;
        private boolean hasParts;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pullParts();
                }
            });
        }

        @Override
        public void preStart() {
            startedNanos = nanos();
            search();
        }

        private void search() {
            Found found = new Found();
            PooledCall next = new PooledCall(calls, route, left(), false, found::take);
            search = next;
            next.start();
            CompletionStage<RpcResult> end = next;
            end.whenComplete((result, failure) -> searched.invoke(new Search(found.link, result)));
        }

        private void onSearched(Search done) {
            search = null;
            RpcLink link = done.link;
            if (link == null || done.result != FOUND) {
                end(done.result);
                return;
            }
            SubSinkInlet<Octets> inlet = new SubSinkInlet<>("StreamedCall.parts");
            inlet.setHandler(new AbstractInHandler() {
                @Override
                public void onPush() {
                    hasParts = true;
                    push(out, inlet.grab());
                }

                @Override
                public void onUpstreamFinish() {
                    parts = null;
                    endIfWhole();
                }
            });
            parts = inlet;
            result = null;
            underWay = link.streamed(left()).to(inlet.sink()).run(subFusingMaterializer());
            underWay.whenComplete((result, failure) -> ended.invoke(result));
            if (isAvailable(out)) {
                pullParts();
            }
        }

        private void pullParts() {
            SubSinkInlet<Octets> inlet = parts;
            if (inlet != null && !inlet.hasBeenPulled()) {
                inlet.pull();
            }
        }

        private void onEnded(RpcResult how) {
            underWay = null;
            result = how;
            endIfWhole();
        }

        /** The last parts may be taken before it is known how the call ended, or after. */
        private void endIfWhole() {
            RpcResult how = result;
            if (how == null || parts != null) {
                return;
            }
            if (how instanceof RpcResult.Unreachable unreachable
                    && !unreachable.mayHaveRun()
                    && !hasParts
                    && nanos() - startedNanos
                            < calls.state().settings().holdTimeout().toNanos()) {
                calls.state().retries.increment();
                search();
            } else {
                end(how instanceof RpcResult.TimedOut ? new RpcResult.TimedOut(request.timeout()) : how);
            }
        }

        private void end(RpcResult result) {
            end.complete(result);
            completeStage();
        }

        /** Nobody takes parts any more, be it that there are none. */
        @Override
        public void postStop() {
            PooledCall searching = search;
            if (searching != null) {
                searching.cancel(false);
            }
            SubSinkInlet<Octets> inlet = parts;
            if (inlet != null && !inlet.isClosed()) {
                inlet.cancel();
            }
            CompletionStage<RpcResult> going = underWay;
            if (going != null) {
                going.whenComplete((result, failure) -> end.complete(result));
            } else {
                end.complete(result == null ? new RpcResult.Cancelled() : result);
            }
        }

        private RpcRequest left() {
            Duration left = request.timeout().minusNanos(nanos() - startedNanos);
            return new RpcRequest(
                    request.method(), request.body(), left.compareTo(Duration.ZERO) > 0 ? left : Duration.ofNanos(1));
        }

        private long nanos() {
            return calls.state().environment().nanos().getAsLong();
        }
    }

    /** Takes the link that a call would have gone to. */
    private static final class Found {
        private volatile @Nullable RpcLink link;

        CompletableFuture<RpcResult> take(RpcLink found, RpcRequest ignored) {
            link = found;
            return CompletableFuture.completedFuture(FOUND);
        }
    }
}
