package io.sotto.rpc.application;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.pool.Callee;
import io.sotto.rpc.pool.RpcCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;

/** Typed calls over the connections of a node. Safe to use from every thread. */
public final class ApplicationCalls {
    private final RpcCalls calls;

    private ApplicationCalls(RpcCalls calls) {
        this.calls = calls;
    }

    public static ApplicationCalls over(RpcCalls calls) {
        return new ApplicationCalls(calls);
    }

    /**
     * Calls once. Cancelling the future cancels the call. It never fails; what is chained to it without an executor runs on
     * the connection's thread and must not block.
     */
    public <Q, A> CompletableFuture<RpcOutcome<A>> call(
            Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout) {
        CompletableFuture<RpcResult> made = calls.to(callee, name -> method.repeat() == RpcMethod.Repeat.SAFE)
                .call(new RpcRequest(method.name(), method.requests().encode(request), timeout));
        TypedCall<A> typed = new TypedCall<>(made);
        CompletionStage<RpcResult> end = made;
        end.thenAccept(result -> typed.complete(outcome(method, result)));
        return typed;
    }

    /** Calls at each run of the source; see {@code Rpc.stream} of the cluster module for what it does. */
    public <Q, A> Source<A, CompletionStage<RpcOutcome<Long>>> stream(
            Callee callee, RpcMethod<Q, A> method, Q request, Duration timeout) {
        RpcRequest raw = new RpcRequest(method.name(), method.requests().encode(request), timeout);
        return calls.streamed(callee, raw)
                .viaMat(new TypedSeries<>(method.answers()), Keep.both())
                .mapMaterializedValue(pair -> {
                    pair.first().whenComplete((result, failure) -> pair.second().tellEnd(result));
                    return pair.second().outcome();
                });
    }

    private static <A> RpcOutcome<A> outcome(RpcMethod<?, A> method, RpcResult result) {
        if (result instanceof RpcResult.Answered answered) {
            try {
                return new RpcOutcome.Answer<>(method.answers().decode(answered.body()));
            } catch (RpcCodecException | RuntimeException e) {
                // A codec that throws something else must not leave its caller waiting.
                return new RpcOutcome.Unreadable<>(method.name() + " answered what cannot be read: " + e.getMessage());
            }
        }
        return new RpcOutcome.NoAnswer<>(result);
    }

    /** Cancelling it cancels the call, whose end it then tells. */
    private static final class TypedCall<A> extends CompletableFuture<RpcOutcome<A>> {
        private final CompletableFuture<RpcResult> call;

        TypedCall(CompletableFuture<RpcResult> call) {
            this.call = call;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return call.cancel(mayInterruptIfRunning);
        }
    }
}
