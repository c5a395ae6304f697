package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real agent's answers must come out as the real tool printed them. */
final class ClientVerbsTest {
    private static final String MEMBERS = "GET /v1/agent/members?segment=_all";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent();
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @ParameterizedTest
    @CsvSource({
        "members, srv",
        "members -detailed, srv",
        "members -wan, srv",
        "members -status failed, srv",
        "members, cli",
        "members -wan, cli"
    })
    void membersPrintsWhatTheRealToolPrints(String line, String against) {
        agent.on(MEMBERS, 200, golden("/v1/agent/members", against));
        agent.on(MEMBERS + "&wan=1", 200, golden("/v1/agent/members?wan=1", against));
        assertSame(Golden.call("cli-members.txt", line, against));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void membersReadsChunkedAndPlainAnswersAlike(boolean chunked) {
        if (chunked) {
            agent.chunked();
        }
        agent.on(MEMBERS, 200, golden("/v1/agent/members", "srv"));
        assertSame(Golden.call("cli-members.txt", "members", "srv"));
    }

    @Test
    void membersNamesEveryStatus() {
        String body = golden("/v1/agent/members", "srv");
        int srv = body.indexOf("\"srv\"");
        String failed = body.substring(0, srv).replace("\"Status\": 1", "\"Status\": 4") + body.substring(srv);
        agent.on(MEMBERS, 200, failed);
        assertSame(Golden.calls("cli-failed.txt").get(0));
        agent.on(
                MEMBERS,
                200,
                Golden.answer("cli-leave.txt", "GET", "/v1/agent/members", "srv")
                        .body());
        assertSame(Golden.call("cli-leave.txt", "members", "srv"));
    }

    @Test
    void membersRefusesABadRegexpAndSaysSo() {
        Shell.Ran ran = run("members", "-status", "(");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("Failed to compile status regexp: error parsing regexp: ")
                .contains("`(`");
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void membersInJsonHasSerfsShape() throws Exception {
        agent.on(MEMBERS, 200, golden("/v1/agent/members", "srv"));
        Json first = Json.parse(run("members", "-format", "json").out())
                .get("members")
                .asElements()
                .get(0);
        assertThat(first.get("name").asText()).isEqualTo("srv");
        assertThat(first.get("addr").asText()).isEqualTo("127.0.21.11:8301");
        assertThat(first.get("status").asText()).isEqualTo("alive");
        assertThat(first.get("tags").get("role").asText()).isEqualTo("consul");
        assertThat(first.get("protocol").get("version").asLong()).isEqualTo(4);
    }

    @Test
    void aPlainSerfMemberIsListedWithoutInventedTags() {
        agent.on(
                MEMBERS,
                200,
                "[{\"Name\":\"a\",\"Addr\":\"::1\",\"Port\":7946,\"Tags\":{\"os\":\"linux\"},\"Status\":1}]");
        assertThat(run("members").out()).isEqualTo("""
                        Node  Address     Status  Type     Build  Protocol  DC  Segment
                        a     [::1]:7946  alive   unknown
                        """);
        assertThat(run("members", "-detailed").out()).endsWith("\na     [::1]:7946  alive   os=linux\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"srv", "cli"})
    void infoPrintsTheSectionsOfTheRealTool(String against) {
        agent.on("GET /v1/agent/self", 200, golden("/v1/agent/self", against));
        Golden.Call expected = Golden.call("cli-info.txt", "info", against);
        Shell.Ran ran = run("info");
        // The two captures are from different moments: counters differ, all else must not.
        assertThat(ran.out().replaceAll("= \\d+\n", "= N\n"))
                .isEqualTo(expected.out().replaceAll("= \\d+\n", "= N\n"));
        assertThat(ran.code()).isEqualTo(expected.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"join 127.0.21.13", "join 127.0.21.99", "reload", "force-leave nobody"})
    void otherVerbsPrintWhatTheRealToolPrints(String line) {
        for (Golden.Answer answer : Golden.answers("http-misc.txt")) {
            if (answer.agent().equals("srv")) {
                agent.on(answer.method() + " " + answer.path(), answer.status(), answer.body());
            }
        }
        // The real agent takes no notice of the parameter.
        agent.on("PUT /v1/agent/reload?report", 200, "");
        assertSame(Golden.call("cli-misc.txt", line, "srv"));
    }

    @Test
    void reloadSaysWhatChangedAndWhatNeedsARestart() {
        agent.on(
                "PUT /v1/agent/reload?report",
                200,
                "{\"Changed\":[\"log_level=DEBUG\"],\"AfterRestart\":[\"ports.http\"],\"Remarks\":[\"a remark\"]}");
        assertThat(run("reload")).isEqualTo(new Shell.Ran(Exit.DONE, """
                        Configuration reload triggered
                          changed: log_level=DEBUG
                          needs a restart: ports.http
                          a remark
                        """, ""));

        agent.on("PUT /v1/agent/reload?report", 200, "{\"Changed\":[],\"AfterRestart\":[],\"Remarks\":[]}");
        assertThat(run("reload").out()).isEqualTo("Configuration reload triggered\n  nothing changed\n");

        agent.on(
                "PUT /v1/agent/reload?report", 500, "Failed to reload config: invalid config key bogus_key (a.json:3)");
        assertThat(run("reload").code()).isEqualTo(Exit.FAILED);
        assertThat(run("reload").err()).contains("invalid config key bogus_key (a.json:3)");
    }

    @Test
    void leavePrintsWhatTheRealToolPrints() {
        agent.on("PUT /v1/agent/leave", 200, "");
        assertSame(Golden.call("cli-leave.txt", "leave", "cli"));
    }

    @Test
    void forceLeaveAsksToPruneOnlyWhenTold() {
        agent.on("PUT /v1/agent/force-leave/cli", 200, "");
        agent.on("PUT /v1/agent/force-leave/cli?prune", 200, "");
        assertSame(Golden.call("cli-failed.txt", "force-leave cli", "srv"));
        assertSame(Golden.call("cli-failed.txt", "force-leave -prune cli", "srv"));
        assertThat(agent.asked())
                .containsExactly("PUT /v1/agent/force-leave/cli", "PUT /v1/agent/force-leave/cli?prune");
    }

    @Test
    void aJoinThatReachesSomeOfItsAddressesIsPartlyDone() {
        agent.on("PUT /v1/agent/join/10.0.0.1", 200, "");
        agent.on("PUT /v1/agent/join/%5B::1%5D:7946", 500, "no");
        Shell.Ran ran = run("join", "10.0.0.1", "[::1]:7946");
        assertThat(ran.code()).isEqualTo(Exit.PARTIAL);
        assertThat(ran.out()).isEqualTo("Successfully joined cluster by contacting 1 nodes.\n");
        assertThat(ran.err()).isEqualTo("Error joining address '[::1]:7946': Unexpected response code: 500 (no)\n");
    }

    @ParameterizedTest
    @CsvSource({
        "join, At least one address to join must be specified.",
        "force-leave, A single node name must be specified to force leave."
    })
    void aMissingArgumentIsNamedAndTheUsageShown(String verb, String text) {
        Shell.Ran ran = run(verb);
        assertThat(ran.code())
                .isEqualTo(Golden.call("cli-misc.txt", verb, "srv").code());
        assertThat(ran.err()).startsWith(text + "\n\nUsage: sotto " + verb + " [options] ");
    }

    @ParameterizedTest
    @CsvSource({
        "members, Error retrieving members",
        "metrics, Error retrieving metrics",
        "info, Error querying agent",
        "leave, Error leaving",
        "reload, Error reloading",
        "join, Error joining",
        "force-leave, Error force leaving"
    })
    void anAgentThatDoesNotAnswerIsCodeFour(String verb, String failure) {
        String address = agent.address();
        agent.close();
        List<String> words = new ArrayList<>(List.of(verb, "-http-addr", address));
        if (verb.equals("join") || verb.equals("force-leave")) {
            words.add("a");
        }
        Shell.Ran ran = Shell.run(words.toArray(String[]::new));
        assertThat(ran.code()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ran.err())
                .startsWith(failure + ": ")
                .contains("dial tcp " + address + ": connect: connection refused\n");
    }

    @Test
    void theFlagWinsOverSottosVariableAndThatOverConsuls() {
        agent.on(MEMBERS, 200, "[]");
        Map<String, String> ours = Map.of("SOTTO_HTTP_ADDR", agent.address(), "CONSUL_HTTP_ADDR", "127.0.0.1:1");
        assertThat(Shell.run(ours, "members").code()).isEqualTo(Exit.PARTIAL);
        Map<String, String> consuls = Map.of("CONSUL_HTTP_ADDR", "http://" + agent.address() + "/");
        assertThat(Shell.run(consuls, "members").code()).isEqualTo(Exit.PARTIAL);
        Map<String, String> wrong = Map.of("SOTTO_HTTP_ADDR", "127.0.0.1:1");
        assertThat(Shell.run(wrong, "members", "-http-addr=" + agent.address()).code())
                .isEqualTo(Exit.PARTIAL);
    }

    private String golden(String path, String against) {
        return Golden.answer("http-agent.txt", "GET", path, against).body();
    }

    private Shell.Ran run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("-http-addr");
        all.add(agent.address());
        return Shell.run(all.toArray(String[]::new));
    }

    private void assertSame(Golden.Call expected) {
        Shell.Ran ran = run(expected.words().toArray(String[]::new));
        assertThat(ran).isEqualTo(new Shell.Ran(expected.code(), expected.out(), expected.err()));
    }
}
