package io.sotto.rpc.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.rpc.RpcCaller;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Answers as a real server did, when it is asked in exactly the words of the real client; anything else it does not know. */
final class RecordedServer implements RpcCaller {
    private final Map<String, RpcResult> answers = new HashMap<>();
    private final List<RpcRequest> requests = new ArrayList<>();

    RecordedServer() {
        try (InputStream in =
                Objects.requireNonNull(RecordedServer.class.getResourceAsStream("/vectors/rpc-calls.json"))) {
            for (JsonNode call : new ObjectMapper().readTree(in).path("vectors")) {
                String error = call.path("error").asText();
                answers.put(
                        call.path("method").asText()
                                + call.path("request_body_hex").asText(),
                        error.isEmpty()
                                ? new RpcResult.Answered(Octets.hex(
                                        call.path("response_body_hex").asText()))
                                : new RpcResult.Failed(error));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletableFuture<RpcResult> call(RpcRequest request) {
        requests.add(request);
        RpcResult unknown = new RpcResult.Failed(
                "never asked: " + request.method() + " " + request.body().toHex());
        return CompletableFuture.completedFuture(
                answers.getOrDefault(request.method() + request.body().toHex(), unknown));
    }

    RpcRequest lastRequest() {
        return requests.get(requests.size() - 1);
    }

    int calls() {
        return requests.size();
    }
}
