package io.sotto.agent.http;

import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.rpc.consul.ConsulMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Servers that give prepared answers, one for each method, and remember what they were asked. */
final class ScriptedServers implements RpcCaller {
    final List<RpcRequest> requests = new ArrayList<>();
    private final Map<String, RpcResult> answers = new LinkedHashMap<>();
    String defaultToken = "";

    /** Nobody is there. */
    static ScriptedServers silent() {
        return new ScriptedServers();
    }

    <A> ScriptedServers answering(ConsulMethod<?, A> method, A answer) {
        answers.put(method.name(), new RpcResult.Answered(method.answers().encode(answer)));
        return this;
    }

    /** Bytes as a real server sent them. */
    ScriptedServers answering(ConsulMethod<?, ?> method, Octets answer) {
        answers.put(method.name(), new RpcResult.Answered(answer));
        return this;
    }

    ScriptedServers ending(ConsulMethod<?, ?> method, RpcResult result) {
        answers.put(method.name(), result);
        return this;
    }

    Servers servers() {
        return new Servers(this, "dc1", "cli", () -> defaultToken);
    }

    @Override
    public CompletableFuture<RpcResult> call(RpcRequest request) {
        requests.add(request);
        return CompletableFuture.completedFuture(
                answers.getOrDefault(request.method(), new RpcResult.Unreachable("No known Consul servers", false)));
    }

    /** The last request, which must be one of this method. */
    <Q> Q last(ConsulMethod<Q, ?> method) {
        RpcRequest last = requests.get(requests.size() - 1);
        if (!last.method().equals(method.name())) {
            throw new AssertionError("not " + method.name() + " but " + last.method());
        }
        return ((Decoding.Value<Q>) method.requests().decode(last.body())).value();
    }
}
