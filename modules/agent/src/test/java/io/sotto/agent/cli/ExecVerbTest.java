package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExecVerbTest {
    private StubStore store;

    @BeforeEach
    void start() throws Exception {
        store = new StubStore();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private Shell.Ran exec(String... words) {
        List<String> all =
                new ArrayList<>(List.of("exec", "-http-addr", store.address(), "-wait", "50ms", "-wait-repl", "0s"));
        all.addAll(List.of(words));
        return Shell.run(all.toArray(String[]::new));
    }

    @Test
    void printsWhatTheRealToolPrints() {
        store.atEvent("dd/ack", "").atEvent("dd/out/00000", "up 32 minutes\n").atEvent("dd/exit", "0");
        Shell.Ran ran = exec("uptime", "-p");
        Golden.Call real = Golden.call("exec-session.txt", "exec -wait 1500ms uptime -p", "a1");
        assertThat(ran.out()).isEqualTo(real.out());
        assertThat(ran.code()).isEqualTo(real.code());
        assertThat(store.body("/v1/kv/")).isEqualTo("{\"Command\":\"uptime -p\",\"Wait\":50000000}");
    }

    @Test
    void printsFailuresAsTheRealToolDoes() {
        store.atEvent("dd/ack", "").atEvent("dd/out/00000", "\nerr\n").atEvent("dd/exit", "3");
        Shell.Ran ran = exec("-node", "dd", "sh -c echo out; echo err >&2; exit 3");
        Golden.Call real = Golden.call(
                "exec-session.txt", "exec -wait 1500ms -node dd sh -c echo out; echo err >&2; exit 3", "a1");
        assertThat(ran.out()).isEqualTo(real.out());
        assertThat(ran.code()).isEqualTo(real.code());
        assertThat(store.asked()).contains("PUT /v1/event/fire/_rexec?node=dd");
    }

    @Test
    void doesWhatTheRealToolDoesInItsOrderAndLeavesNothingBehind() {
        exec("true");
        String job = "/v1/kv/_rexec/" + StubStore.SESSION + "/";
        assertThat(store.asked())
                .startsWith(
                        "GET /v1/agent/self",
                        "PUT /v1/session/create",
                        "PUT " + job + "job?acquire=" + StubStore.SESSION,
                        "PUT /v1/event/fire/_rexec",
                        "GET " + job + "?keys=")
                .endsWith("PUT /v1/session/destroy/" + StubStore.SESSION, "DELETE " + job + "?recurse=");
        assertThat(store.body("/v1/session/create"))
                .isEqualTo("{\"Name\":\"Remote Exec\",\"Behavior\":\"delete\",\"TTL\":\"15s\"}");
        assertThat(store.body("/v1/event/fire/_rexec"))
                .isEqualTo("{\"Prefix\":\"_rexec\",\"Session\":\"" + StubStore.SESSION + "\"}");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void nobodyThereIsNoFailure() {
        Shell.Ran ran = exec("true");
        assertThat(ran.out()).isEqualTo("0 / 0 node(s) completed / acknowledged\n");
        assertThat(ran.code()).isEqualTo(Exit.DONE);
    }

    @Test
    void aNodeThatDoesNotEndIsAFailure() {
        store.atEvent("dd/ack", "");
        Shell.Ran ran = exec("-verbose", "sleep 100");
        assertThat(ran.out())
                .contains("==> dd: acknowledged\n", "0 / 1 node(s) completed / acknowledged\n", "Completed in ");
        assertThat(ran.code()).isEqualTo(Exit.PARTIAL);
    }

    @Test
    void withoutAShellTheWordsAreSentAsTheyAre() {
        exec("-shell=false", "echo", "a  b", "-n");
        assertThat(store.body("/v1/kv/")).isEqualTo("{\"Args\":[\"echo\",\"a  b\",\"-n\"],\"Wait\":50000000}");
    }

    @Test
    void forAnotherDatacenterTheSessionIsAtOneOfItsServers() {
        exec("-datacenter", "DC2", "true");
        assertThat(store.body("/v1/session/create"))
                .isEqualTo("{\"Name\":\"Remote Exec via a1@dc1\",\"Node\":\"far\",\"Checks\":[],"
                        + "\"Behavior\":\"delete\",\"TTL\":\"15s\"}");
        assertThat(store.asked().subList(2, store.asked().size())).allMatch(asked -> asked.contains("dc=dc2"));
    }

    @Test
    void programsGetOneObjectEach() {
        store.atEvent("dd/ack", "").atEvent("dd/out/00000", "x\n").atEvent("dd/exit", "0");
        assertThat(exec("-format", "json", "echo x").out()).isEqualTo("""
                        {"event":"acknowledged","node":"dd"}
                        {"event":"output","node":"dd","text":"x\\n"}
                        {"event":"finished","node":"dd","code":0}
                        {"event":"done","completed":1,"acknowledged":1}
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "-node,[,Failed to compile node filter regexp",
        "-tag,x,Cannot provide tag filter without service filter"
    })
    void filtersThatCannotBeAreRefusedBeforeAnybodyIsAsked(String flag, String value, String says) {
        Shell.Ran ran = exec(flag, value, "true");
        assertThat(ran.err()).contains(says);
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(store.asked()).isEmpty();
    }

    @Test
    void nothingToRunIsNoJob() {
        Shell.Ran ran = exec();
        assertThat(ran.err()).startsWith("Must specify a command to execute\n");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(store.asked()).isEmpty();
    }
}
