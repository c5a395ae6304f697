package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a call to the servers when whoever asked for it over HTTP does not wait for the answer. */
final class ClientThatGoesTest {
    private final List<CompletableFuture<RpcResult>> calls = new ArrayList<>();
    private final CompletableFuture<Done> gone = new CompletableFuture<>();
    private final Servers servers = new Servers(this::call, "dc1", "here", () -> "");

    private CompletableFuture<RpcResult> call(RpcRequest request) {
        CompletableFuture<RpcResult> call = new CompletableFuture<>();
        calls.add(call);
        return call;
    }

    private CompletableFuture<Answer> ask(ApiPart part, String method, String path, String index, String body) {
        List<String> segments = List.of(path.split("/"));
        Request request = new Request(
                        method,
                        segments,
                        index.isEmpty() ? Map.of() : Map.of("index", index),
                        Map.of(),
                        Octets.utf8(body))
                .until(gone);
        return part.routes().stream()
                .filter(route -> route.method().equals(method) && route.matches(segments))
                .findFirst()
                .orElseThrow()
                .answer(request)
                .toCompletableFuture();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/kv/a", "v1/catalog/nodes", "v1/health/service/web", "v1/session/list"})
    void aQueryThatWaitsIsCalledOff(String path) {
        List<ApiPart> parts = List.of(
                new KvApi(servers, 1_000), new CatalogApi(servers), new HealthApi(servers), new SessionApi(servers));
        ApiPart part = parts.stream()
                .filter(each -> each.routes().stream()
                        .anyMatch(route -> route.method().equals("GET") && route.matches(List.of(path.split("/")))))
                .findFirst()
                .orElseThrow();
        CompletableFuture<Answer> answer = ask(part, "GET", path, "7", "");
        assertThat(calls.get(0)).isNotDone();

        gone.complete(Done.getInstance());

        assertThat(calls.get(0)).isCancelled();
        assertThat(answer).isDone();
    }

    @Test
    void aCallByNameThatWaitsIsCalledOffToo() {
        RpcApi rpc = new RpcApi("dc1", this::call, () -> "");
        CompletableFuture<Answer> waiting = ask(
                rpc,
                "PUT",
                "v1/agent/rpc/KVS.Get",
                "",
                "{\"Key\":\"a\",\"MinQueryIndex\":7,\"MaxQueryTime\":1000000000}");
        CompletableFuture<Answer> other = ask(rpc, "PUT", "v1/agent/rpc/KVS.Get", "", "{\"Key\":\"a\"}");

        gone.complete(Done.getInstance());

        assertThat(calls.get(0)).isCancelled();
        assertThat(waiting).isDone();
        assertThat(calls.get(1)).isNotDone();
        assertThat(other).isNotDone();
    }

    @Test
    void whatDoesNotWaitRunsToItsEnd() {
        CompletableFuture<Answer> read = ask(new KvApi(servers, 1_000), "GET", "v1/kv/a", "", "");
        CompletableFuture<Answer> write = ask(new KvApi(servers, 1_000), "PUT", "v1/kv/a", "", "value");

        gone.complete(Done.getInstance());

        assertThat(calls).hasSize(2).noneMatch(CompletableFuture::isDone);
        assertThat(read).isNotDone();
        assertThat(write).isNotDone();
    }
}
