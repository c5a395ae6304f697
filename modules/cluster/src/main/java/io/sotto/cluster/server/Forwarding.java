package io.sotto.cluster.server;

import io.sotto.rpc.Endpoint;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Passes calls about other datacenters on to their servers, word for word, and their answers back. A caller that goes takes its
 * call along. Safe to use from every thread. Source: RPC specification, sections 8 and 9.
 */
final class Forwarding {
    static final String NO_PATH = "No path to datacenter";

    private static final String NOT_NOW = "Remote DC has no server currently reachable";
    private static final String NOBODY = "No known Consul servers";

    /** On top of the time for which a query waits: another server may hold a call until it has a leader. */
    private static final Duration CALL_TIME = Duration.ofSeconds(30);

    private final String own;
    private final Datacenters datacenters;
    private final Function<String, RpcCaller> servers;

    Forwarding(String own, Datacenters datacenters, Function<String, RpcCaller> servers) {
        this.own = own;
        this.datacenters = datacenters;
        this.servers = servers;
    }

    /** Answers by {@code local} what is about this datacenter, about none, or unreadable. */
    Endpoint orLocal(Endpoint local) {
        return call -> {
            Optional<ReadRequest> request = ReadRequest.decode(call.body());
            String wanted = request.map(ReadRequest::datacenter).orElse("");
            return wanted.isEmpty() || wanted.equals(own)
                    ? local.answer(call)
                    : pass(call, wanted, Waiting.longest(request.get()));
        };
    }

    private CompletionStage<RpcAnswer> pass(IncomingCall call, String datacenter, Duration waiting) {
        if (!datacenters.has(datacenter)) {
            return CompletableFuture.completedFuture(new RpcAnswer.Fault(NO_PATH));
        }
        CompletableFuture<RpcResult> passed =
                servers.apply(datacenter).call(new RpcRequest(call.method(), call.body(), CALL_TIME.plus(waiting)));
        call.cancelled().onCancel(() -> passed.cancel(false));
        return passed.thenApply(Forwarding::answer);
    }

    private static RpcAnswer answer(RpcResult result) {
        return result instanceof RpcResult.Answered answered
                ? new RpcAnswer.Reply(answered.body())
                : new RpcAnswer.Fault(fault(result));
    }

    /** Why a call to another datacenter has no answer, as callers are told. */
    static String fault(RpcResult result) {
        if (result instanceof RpcResult.Failed failed) {
            return failed.text();
        }
        if (result instanceof RpcResult.Unreachable unreachable) {
            return unreachable.reason().equals(NOBODY) ? NOT_NOW : unreachable.reason();
        }
        if (result instanceof RpcResult.Overloaded overloaded) {
            return overloaded.reason();
        }
        return result instanceof RpcResult.TimedOut late
                ? "rpc error making call: no answer within " + late.after().toSeconds() + "s"
                : "rpc error making call: cancelled";
    }
}
