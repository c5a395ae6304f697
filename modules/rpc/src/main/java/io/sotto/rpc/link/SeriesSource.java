package io.sotto.rpc.link;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an answer that is a series. Out: bodies. Buffer: what the stream's window lets the peer send ahead. It
 * completes with the series or with the call, however that ended; cancelling it cancels the call.
 */
final class SeriesSource
        extends AbstractGraphStageWithMaterializedValue<SourceShape<Octets>, CompletionStage<RpcResult>> {
    private final Outlet<Octets> out = Outlet.create("Series.out");
    private final SourceShape<Octets> shape = SourceShape.of(out);
    private final DialledLink link;
    private final RpcRequest request;

    SeriesSource(DialledLink link, RpcRequest request) {
        this.link = link;
        this.request = request;
    }

    @Override
    public SourceShape<Octets> shape() {
        return shape;
    }

    @Override
    public Attributes initialAttributes() {
        return Attributes.name("Series");
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<RpcResult>> createLogicAndMaterializedValuePair(
            Attributes inheritedAttributes) {
        CompletableFuture<RpcResult> result = new CompletableFuture<>();
        return Pair.create(new Logic(result), result);
    }

    private record Element(Octets body, int weight) {}

    private final class Logic extends GraphStageLogic implements LinkCall.Elements {
        private final ArrayDeque<Element> waiting = new ArrayDeque<>();
        private final CompletableFuture<RpcResult> result;
        private final AsyncCallback<Element> more = createAsyncCallback(this::take);
        private final AsyncCallback<RpcResult> end = createAsyncCallback(this::end);
        private @Nullable LinkCall call;
        private @Nullable RpcResult outcome;

        Logic(CompletableFuture<RpcResult> result) {
            super(shape);
            this.result = result;
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pushNext();
                }
            });
        }

        @Override
        public void preStart() {
            call = link.make(request, this);
        }

        @Override
        public void element(Octets body, int weight) {
            more.invoke(new Element(body, weight));
        }

        @Override
        public void ended(RpcResult how) {
            end.invoke(how);
        }

        @Override
        public void postStop() {
            if (call != null) {
                call.cancel(false);
            }
            result.complete(outcome == null ? new RpcResult.Cancelled() : outcome);
        }

        private void take(Element element) {
            waiting.addLast(element);
            if (isAvailable(out)) {
                pushNext();
            }
        }

        private void end(RpcResult how) {
            outcome = how;
            if (waiting.isEmpty()) {
                completeStage();
            }
        }

        private void pushNext() {
            Element element = waiting.pollFirst();
            if (element == null) {
                return;
            }
            push(out, element.body());
            if (call != null) {
                link.took(call, element.weight());
            }
            if (outcome != null && waiting.isEmpty()) {
                completeStage();
            }
        }
    }
}
