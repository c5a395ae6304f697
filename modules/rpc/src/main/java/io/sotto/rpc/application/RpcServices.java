package io.sotto.rpc.application;

import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Endpoints that typed services are behind. */
public final class RpcServices {
    /** What callers see of a failure that is not meant for them. */
    private static final String INTERNAL = "internal error";

    private RpcServices() {}

    /** Answers with one value. */
    public static <Q, A> Endpoint endpoint(RpcMethod<Q, A> method, RpcService<Q, A> service) {
        return call -> {
            Q request;
            try {
                request = method.requests().decode(call.body());
            } catch (RpcCodecException e) {
                return undecodable(method, e);
            }
            CompletableFuture<RpcAnswer> answer = new CompletableFuture<>();
            try {
                service.answer(request, context(call)).whenComplete((value, failure) -> {
                    if (failure == null) {
                        reply(method, value, answer);
                    } else {
                        fail(failure, answer);
                    }
                });
            } catch (RpcFaultException fault) {
                fail(fault, answer);
            }
            return answer;
        };
    }

    /** Answers with a stream of values. */
    public static <Q, A> Endpoint streamEndpoint(RpcMethod<Q, A> method, RpcStreamService<Q, A> service) {
        return call -> {
            try {
                Q request = method.requests().decode(call.body());
                return CompletableFuture.completedFuture(new RpcAnswer.Streamed(
                        service.answer(request, context(call)).map(method.answers()::encode), RpcServices::words));
            } catch (RpcCodecException e) {
                return undecodable(method, e);
            } catch (RpcFaultException fault) {
                return CompletableFuture.completedFuture(new RpcAnswer.Fault(words(fault)));
            }
        };
    }

    private static CallContext context(IncomingCall call) {
        return new CallContext(call.source(), call.role(), call.cancelled());
    }

    private static CompletionStage<RpcAnswer> undecodable(RpcMethod<?, ?> method, RpcCodecException fault) {
        return CompletableFuture.completedFuture(
                new RpcAnswer.Undecodable(method.name() + " cannot read its request: " + fault.getMessage()));
    }

    private static <A> void reply(RpcMethod<?, A> method, A value, CompletableFuture<RpcAnswer> answer) {
        try {
            answer.complete(new RpcAnswer.Reply(method.answers().encode(value)));
        } catch (RuntimeException unencodable) {
            answer.completeExceptionally(unencodable);
        }
    }

    private static void fail(Throwable failure, CompletableFuture<RpcAnswer> answer) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof RpcFaultException) {
            answer.complete(new RpcAnswer.Fault(words(cause)));
        } else {
            answer.completeExceptionally(cause);
        }
    }

    private static String words(Throwable failure) {
        return unwrapped(failure) instanceof RpcFaultException fault ? String.valueOf(fault.getMessage()) : INTERNAL;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
