package io.sotto.rpc.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Decoding;
import io.sotto.wire.record.Nil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulCallTest {
    private final RecordedServer server = new RecordedServer();

    @Test
    void whatIsLeftOutIsZeroAndTheDatacenterIsFilledIn() {
        assertThat(answer("KVS.Get", Map.of("Key", "foo")))
                .isEqualTo(Map.of(
                        "ConsistencyLevel",
                        "",
                        "Entries",
                        List.of(Map.of(
                                "CreateIndex",
                                11L,
                                "Flags",
                                0L,
                                "Key",
                                "foo",
                                "LockIndex",
                                0L,
                                "ModifyIndex",
                                11L,
                                "Session",
                                "",
                                "Value",
                                "YmFy")),
                        "Index",
                        11L,
                        "KnownLeader",
                        true,
                        "LastContact",
                        0L));
        assertThat(answer("Status.Leader", Nil.NIL)).isEqualTo("127.0.21.2:8300");
        assertThat(answer("Coordinate.ListDatacenters", Map.of())).isInstanceOf(List.class);
        Map<String, Object> entry = Map.of("Key", "foo", "Value", "YmFy");
        assertThat(answer("KVS.Apply", Map.of("Op", "set", "DirEnt", entry))).isEqualTo(false);
        assertThat(answer("KVS.Get", Map.of("Key", "blk", "MinQueryIndex", 24, "MaxQueryTime", "2s")))
                .isInstanceOf(Map.class);
    }

    @Test
    void aDatacenterThatIsGivenStays() {
        ConsulCall call = ready("Catalog.ListNodes", Map.of("Datacenter", "dc9"));
        assertThat(call.body().toHex())
                .contains(Octets.utf8("dc9").toHex())
                .doesNotContain(Octets.utf8("dc1").toHex());
    }

    @Test
    void aQueryThatWaitsSaysForHowLong() {
        assertThat(ready("KVS.Get", Map.of("Key", "k")).waiting()).isEqualTo(Duration.ZERO);
        assertThat(ready("KVS.Get", Map.of("Key", "k", "MinQueryIndex", 3, "MaxQueryTime", "16s"))
                        .waiting())
                .isEqualTo(Duration.ofSeconds(17));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "install", "use", "remove"})
    void knownOperationsOnKeysAreCalls(String operation) {
        assertThat(ready("Internal.KeyringOperation", Map.of("Operation", operation, "Key", ""))
                        .body()
                        .toHex())
                .contains(Octets.utf8(operation).toHex());
    }

    static List<Object> requestsThatEndAServer() {
        return List.of(
                Map.of("Operation", "drop"),
                Map.of("Operation", "List"),
                Map.of("Operation", ""),
                Map.of("operation", "list"),
                Map.of("Operation", Nil.NIL),
                Map.of(),
                Nil.NIL);
    }

    @ParameterizedTest
    @MethodSource("requestsThatEndAServer")
    void anUnknownOperationOnKeysIsRefused(Object request) {
        assertThat(ConsulCall.read("Internal.KeyringOperation", request, "dc1"))
                .isInstanceOf(ConsulCall.Reading.Refused.class);
    }

    @Test
    void aRefusalSaysWhatThereIs() {
        assertThat(refusal("KVS.Apply", Map.of("DirEnt", Map.of("Value", 5))))
                .isEqualTo("KVS.Apply: DirEnt.Value: expected bytes in base64, not '5'");
        assertThat(refusal("KVS.Get", Map.of("key", "k"))).contains("no field 'key'; there are AllowStale, Datacenter");
        assertThat(refusal("Kvs.Get", Map.of())).contains("no method 'Kvs.Get'; there are Catalog.Deregister");
        assertThat(refusal("KVS.Get", "k")).isEqualTo("KVS.Get: expected an object, not 'k'");
    }

    @Test
    void anAnswerKeepsFieldsOfNewerServers() {
        ConsulCall call = ready("KVS.ListKeys", Map.of("Prefix", ""));
        assertThat(call.answer(Octets.hex("82a44b65797391a16ba84e65774669656c6405")))
                .isEqualTo(new Decoding.Value<>(Map.of("Keys", List.of("k"), "NewField", 5L)));
        assertThat(call.answer(Octets.hex("05"))).isInstanceOf(Decoding.Undecodable.class);
    }

    @Test
    void everyMethodCanBeCalledWithAnEmptyRequestButOne() {
        for (String method : ConsulCall.methods()) {
            boolean isReady = ConsulCall.read(method, Map.of(), "dc1") instanceof ConsulCall.Reading.Ready;
            assertThat(isReady).as(method).isEqualTo(!method.equals("Internal.KeyringOperation"));
        }
        assertThat(ConsulCall.methods()).hasSize(38).isSorted();
    }

    private Object answer(String method, Object request) {
        ConsulCall call = ready(method, request);
        RpcResult result = server.call(new RpcRequest(call.method(), call.body(), Duration.ofSeconds(1)))
                .join();
        assertThat(result).isInstanceOf(RpcResult.Answered.class);
        Decoding<Object> tree = call.answer(((RpcResult.Answered) result).body());
        return ((Decoding.Value<Object>) tree).value();
    }

    private static ConsulCall ready(String method, Object request) {
        return ((ConsulCall.Reading.Ready) ConsulCall.read(method, request, "dc1")).call();
    }

    private static String refusal(String method, Object request) {
        return ((ConsulCall.Reading.Refused) ConsulCall.read(method, request, "dc1")).reason();
    }
}
