package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.consul.ConsulMethods;
import io.sotto.wire.rpc.consul.Kvs;
import io.sotto.wire.rpc.consul.QueryMeta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and values against servers that give prepared answers. */
final class KvApiTest {
    private static final QueryMeta META = new QueryMeta(17, Duration.ofMillis(3), true, "");

    private final ScriptedServers servers = new ScriptedServers();
    private final Asking api = new Asking(new KvApi(servers.servers(), 512 * 1024));

    private void holds(Kvs.Entry... entries) {
        servers.answering(ConsulMethods.KVS_GET, new Kvs.Entries(List.of(entries), META));
        servers.answering(ConsulMethods.KVS_LIST, new Kvs.Entries(List.of(entries), META));
    }

    @Test
    void aKeyIsAListOfOneWithTheIndexToGoOnFrom() {
        holds(new Kvs.Entry(2, "a/b", 42, Octets.utf8("bar"), "", 11, 17));

        Answer answer = api.get("v1/kv/a/b");

        assertThat(answer.body())
                .isEqualTo("[{\"LockIndex\":2,\"Key\":\"a/b\",\"Flags\":42,\"Value\":\"YmFy\","
                        + "\"CreateIndex\":11,\"ModifyIndex\":17}]");
        assertThat(answer.headers())
                .containsExactly(
                        new Header("X-Consul-Index", "17"),
                        new Header("X-Consul-Knownleader", "true"),
                        new Header("X-Consul-Lastcontact", "3"));
        assertThat(servers.last(ConsulMethods.KVS_GET).key()).isEqualTo("a/b");
        assertThat(servers.last(ConsulMethods.KVS_GET).datacenter()).isEqualTo("dc1");
    }

    @Test
    void aKeyKeepsItsSlashes() {
        holds(Kvs.Entry.of("a//b/", Octets.empty()));
        assertThat(api.get("v1/kv/a//b/").body()).contains("\"Value\":null");
        assertThat(servers.last(ConsulMethods.KVS_GET).key()).isEqualTo("a//b/");
    }

    @Test
    void whoHoldsALockIsTold() {
        holds(Kvs.Entry.of("x", Octets.utf8("1")).withSession("some-session"));
        assertThat(api.get("v1/kv/x").body()).contains("\"Value\":\"MQ==\",\"Session\":\"some-session\",");
    }

    @Test
    void aKeyThatThereIsNotIsNotFoundButHasAnIndexToWaitFrom() {
        servers.answering(ConsulMethods.KVS_GET, new Kvs.Entries(List.of(), new QueryMeta(0, Duration.ZERO, true, "")));
        Answer answer = api.get("v1/kv/none");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.form()).isEqualTo(Answer.Form.NONE);
        assertThat(answer.header("X-Consul-Index")).contains("1");
    }

    @Test
    void rawIsTheValueItselfAndNoPage() {
        holds(Kvs.Entry.of("x", Octets.utf8("<script>")));
        Answer answer = api.get("v1/kv/x?raw");
        assertThat(answer.bytes()).isEqualTo(Octets.utf8("<script>"));
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Content-Security-Policy")).contains("sandbox");
        assertThat(answer.header("X-Consul-Index")).contains("17");
    }

    @Test
    void keysAreListedUpToTheSeparator() {
        servers.answering(ConsulMethods.KVS_LIST_KEYS, new Kvs.Keys(List.of("a/", "b"), META));
        assertThat(api.get("v1/kv/?keys&separator=/").body()).isEqualTo("[\"a/\",\"b\"]");
        assertThat(servers.last(ConsulMethods.KVS_LIST_KEYS).seperator()).isEqualTo("/");
        servers.answering(ConsulMethods.KVS_LIST_KEYS, new Kvs.Keys(List.of(), META));
        assertThat(api.get("v1/kv/none?keys").status()).isEqualTo(404);
        assertThat(api.get("v1/kv/?keys").body()).as("the root is always there").isEqualTo("[]");
    }

    @Test
    void allKeysBelowOneAreRead() {
        holds(Kvs.Entry.of("a/1", Octets.empty()), Kvs.Entry.of("a/2", Octets.empty()));
        assertThat(api.get("v1/kv/a?recurse").body()).contains("a/1").contains("a/2");
        assertThat(servers.last(ConsulMethods.KVS_LIST).key()).isEqualTo("a");
    }

    @Test
    void aWaitIsPassedOnAndTheCallHasAsMuchTimeMore() {
        holds(Kvs.Entry.of("x", Octets.empty()));
        api.get("v1/kv/x?index=17&wait=32s");
        assertThat(servers.last(ConsulMethods.KVS_GET).options().minQueryIndex())
                .isEqualTo(17);
        assertThat(servers.last(ConsulMethods.KVS_GET).options().maxQueryTime()).isEqualTo(Duration.ofSeconds(32));
        assertThat(servers.requests.get(0).timeout()).isEqualTo(Duration.ofSeconds(44));
    }

    @Test
    void howSureTheAnswerMustBeIsPassedOn() {
        holds(Kvs.Entry.of("x", Octets.empty()));
        api.get("v1/kv/x?stale");
        assertThat(servers.last(ConsulMethods.KVS_GET).options().allowStale()).isTrue();
        api.get("v1/kv/x?consistent");
        assertThat(servers.last(ConsulMethods.KVS_GET).options().requireConsistent())
                .isTrue();
        api.get("v1/kv/x?max_stale=5s");
        assertThat(servers.last(ConsulMethods.KVS_GET).options().maxStaleDuration())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/kv/x?index=abc",
        "/v1/kv/x?wait=abc",
        "/v1/kv/x?stale&consistent",
    })
    void whatCannotBeAskedIsRefusedInTheRealAgentsWords(String url) {
        Golden real = Golden.read("http-misc.txt", "GET " + url, "srv");
        assertThat(api.get(url.substring(1))).isEqualTo(Answer.text(real.status(), real.body()));
        assertThat(servers.requests).isEmpty();
    }

    @Test
    void theTokenOfTheRequestGoesWithItOrElseTheAgentsOwn() {
        holds(Kvs.Entry.of("x", Octets.empty()));
        servers.answering(ConsulMethods.KVS_APPLY, false);
        api.ask("GET", "v1/kv/x", "", Map.of("X-Consul-Token", "mine"));
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEqualTo("mine");
        api.ask("PUT", "v1/kv/x", "", Map.of("X-Consul-Token", "mine"));
        assertThat(servers.last(ConsulMethods.KVS_APPLY).token()).isEqualTo("mine");
        servers.defaultToken = "the agent's";
        api.get("v1/kv/x");
        assertThat(servers.last(ConsulMethods.KVS_GET).options().token()).isEqualTo("the agent's");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|v1/kv/x|set|0|false|true",
                "PUT|v1/kv/x?flags=42|set|0|false|true",
                "PUT|v1/kv/x?cas=7|cas|7|false|false",
                "PUT|v1/kv/x?cas=7|cas|7|true|true",
                "PUT|v1/kv/x?acquire=s|lock|0|true|true",
                "PUT|v1/kv/x?release=s|unlock|0|true|true",
                "DELETE|v1/kv/x|delete|0|false|true",
                "DELETE|v1/kv/x?cas=7|delete-cas|7|false|false",
                "DELETE|v1/kv/x?recurse|delete-tree|0|false|true"
            })
    void writesSayWhetherTheyWereDone(String method, String url, String op, long index, boolean wire, String told) {
        servers.answering(ConsulMethods.KVS_APPLY, wire);
        assertThat(api.ask(method, url, "bar", Map.of()).body()).isEqualTo(told);
        Kvs.Apply sent = servers.last(ConsulMethods.KVS_APPLY);
        assertThat(sent.op()).isEqualTo(op);
        assertThat(sent.dirEnt().key()).isEqualTo("x");
        assertThat(sent.dirEnt().modifyIndex()).isEqualTo(index);
        assertThat(sent.dirEnt().session()).isEqualTo(url.contains("=s") ? "s" : "");
        assertThat(sent.dirEnt().flags()).isEqualTo(url.contains("flags") ? 42 : 0);
        assertThat(sent.dirEnt().value()).isEqualTo(method.equals("PUT") ? Octets.utf8("bar") : Octets.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|v1/kv/|400|Missing key name",
                "PUT|v1/kv/|400|Missing key name",
                "DELETE|v1/kv/|400|Missing key name",
                "PUT|v1/kv/x?cas=1&acquire=s|400|Conflicting flags: acquire=s&cas=1",
                "DELETE|v1/kv/x?recurse&cas=1|400|Conflicting flags: cas=1&recurse=",
                "PUT|v1/kv/x?flags=abc|500|strconv.ParseUint: parsing \"abc\": invalid syntax"
            })
    void whatMakesNoSenseIsNotSent(String method, String url, int status, String text) {
        assertThat(api.ask(method, url, "", Map.of())).isEqualTo(Answer.text(status, text));
        assertThat(servers.requests).isEmpty();
    }

    @Test
    void refusalsOfTheServersAreForbidden() {
        servers.ending(ConsulMethods.KVS_APPLY, new RpcResult.Failed("rpc error making call: Permission denied"));
        assertThat(api.put("v1/kv/x", "1")).isEqualTo(Answer.text(403, "rpc error making call: Permission denied"));
        servers.ending(ConsulMethods.KVS_APPLY, new RpcResult.Failed("rpc error making call: ACL not found"));
        assertThat(api.put("v1/kv/x", "1").status()).isEqualTo(403);
        servers.ending(ConsulMethods.KVS_APPLY, new RpcResult.Failed("rpc error making call: No cluster leader"));
        assertThat(api.put("v1/kv/x", "1").status()).isEqualTo(500);
        assertThat(new Asking(new KvApi(ScriptedServers.silent().servers(), 1))
                        .get("v1/kv/x")
                        .body())
                .isEqualTo("No known Consul servers");
    }
}
