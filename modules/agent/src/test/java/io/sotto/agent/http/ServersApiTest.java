package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.Nil;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.DatacenterRequest;
import io.sotto.wire.rpc.consul.Kvs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/status} and {@code /v1/agent/rpc} against a server that gives one prepared answer. */
final class ServersApiTest {
    private final List<RpcRequest> requests = new ArrayList<>();
    private RpcResult result = new RpcResult.Unreachable("No known Consul servers", false);

    private Answer ask(String method, String path, Map<String, String> query, String body) {
        StatusApi status = new StatusApi("dc1", this::call);
        RpcApi rpc = new RpcApi("dc1", this::call, () -> "");
        List<String> segments = List.of(path.split("/"));
        Request request = new Request(method, segments, query, Map.of(), Octets.utf8(body));
        List<Route> routes = new ArrayList<>(status.routes());
        routes.addAll(rpc.routes());
        return routes.stream()
                .filter(route -> route.method().equals(method) && route.matches(segments))
                .findFirst()
                .orElseThrow()
                .answer(request)
                .toCompletableFuture()
                .join();
    }

    private Answer get(String path) {
        return ask("GET", path, Map.of(), "");
    }

    private Answer rpc(String method, String body) {
        return ask("PUT", "v1/agent/rpc/" + method, Map.of(), body);
    }

    private CompletableFuture<RpcResult> call(RpcRequest request) {
        requests.add(request);
        return CompletableFuture.completedFuture(result);
    }

    private static RpcResult answered(Octets body) {
        return new RpcResult.Answered(body);
    }

    @Test
    void theLeaderAndThePeersAreWhatAServerSays() {
        result = answered(ConsulMethods.STATUS_LEADER.answers().encode("127.0.0.1:8300"));
        assertThat(get("v1/status/leader")).isEqualTo(Answer.json(Json.of("127.0.0.1:8300"), Answer.Layout.COMPACT));
        result = answered(ConsulMethods.STATUS_PEERS.answers().encode(List.of("127.0.0.1:8300")));
        assertThat(get("v1/status/peers").body()).isEqualTo("[\"127.0.0.1:8300\"]");
        assertThat(requests).extracting(RpcRequest::method).containsExactly("Status.Leader", "Status.Peers");
    }

    @Test
    void anotherDatacenterIsAskedForByName() {
        result = answered(ConsulMethods.STATUS_LEADER.answers().encode(""));
        assertThat(ask("GET", "v1/status/leader", Map.of("dc", "dc2"), "").body())
                .isEqualTo("\"\"");
        Decoding<DatacenterRequest> sent =
                ConsulMethods.STATUS_LEADER.requests().decode(requests.get(0).body());
        assertThat(((Decoding.Value<DatacenterRequest>) sent).value().datacenter())
                .isEqualTo("dc2");
    }

    @Test
    void failuresAreTheRealTexts() {
        assertThat(get("v1/status/leader")).isEqualTo(Answer.text(500, "No known Consul servers"));
        result = new RpcResult.Failed("rpc error making call: No cluster leader");
        assertThat(get("v1/status/peers")).isEqualTo(Answer.text(500, "rpc error making call: No cluster leader"));
        result = new RpcResult.Overloaded("rpc.rate");
        assertThat(get("v1/status/peers")).isEqualTo(Answer.text(500, "RPC rate limit exceeded"));
        result = new RpcResult.TimedOut(Duration.ofSeconds(10));
        assertThat(get("v1/status/peers")).isEqualTo(Answer.text(500, "rpc error making call: no answer within 10s"));
        result = answered(Octets.hex("c3"));
        assertThat(get("v1/status/leader").status()).isEqualTo(500);
    }

    @Test
    void aCallTakesItsFieldsFromJsonAndTheDatacenterFromTheAgent() {
        result = answered(ConsulMethods.KVS_APPLY.answers().encode(true));
        Answer answer = rpc(
                "KVS.Apply", "{\"Op\": \"set\", \"DirEnt\": {\"Key\": \"a/b\", \"Value\": \"YmFy\", \"Flags\": 7}}");
        assertThat(answer).isEqualTo(Answer.json(Json.of(true), Answer.Layout.COMPACT));
        Decoding<Kvs.Apply> sent =
                ConsulMethods.KVS_APPLY.requests().decode(requests.get(0).body());
        Kvs.Apply apply = ((Decoding.Value<Kvs.Apply>) sent).value();
        assertThat(apply.datacenter()).isEqualTo("dc1");
        assertThat(apply.dirEnt().key()).isEqualTo("a/b");
        assertThat(apply.dirEnt().value()).isEqualTo(Octets.utf8("bar"));
        assertThat(apply.dirEnt().flags()).isEqualTo(7);
        assertThat(requests.get(0).timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anAnswerIsPrintedWithItsFieldsAsOnTheWire() {
        result = answered(Octets.hex("82a556616c7565c0a5496e64657807"));
        Answer answer = rpc("Catalog.ListNodes", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"Index\":7").contains("\"Value\":null");
    }

    @Test
    void timeThatIsAskedForIsGivenUpToABound() {
        result = answered(ConsulMethods.STATUS_LEADER.answers().encode(""));
        ask("PUT", "v1/agent/rpc/Status.Leader", Map.of("timeout", "30s"), "{}");
        assertThat(requests.get(0).timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rpc("Catalog.ListNodes", "{\"MinQueryIndex\": 5}").body())
                .startsWith("Bad request: an answer may take 55s at most");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Status.Leader|{bad|400|Bad request: Request decode failed: invalid character 'b'",
                "Status.Nope|{}|400|Bad request: no method 'Status.Nope'; there are Catalog.Deregister",
                "KVS.Get|{\"Key\": 5}|400|Bad request: KVS.Get: ",
                "Internal.KeyringOperation|{\"Operation\": \"list\"}|500|keyring operations must run against a server node"
            })
    void whatCannotBeCalledIsNotSent(String method, String body, int status, String text) {
        Answer answer = rpc(method, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).startsWith(text);
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"18446744073709551615", "-5", "1.5", "1.0E-5", "9223372036854775807"})
    void numbersKeepTheirValue(String literal) {
        assertThat(RpcJson.json(RpcJson.tree(new Json.Numeral(literal)))).isEqualTo(new Json.Numeral(literal));
    }

    @Test
    void nothingIsNil() {
        assertThat(RpcJson.tree(Json.Nothing.INSTANCE)).isEqualTo(Nil.NIL);
        assertThat(RpcJson.json(Nil.list())).isEqualTo(Json.Nothing.INSTANCE);
        assertThat(RpcJson.json(Double.NaN)).isEqualTo(Json.Nothing.INSTANCE);
    }
}
