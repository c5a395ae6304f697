package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.PlaintextPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentApiTest {
    private static final AgentFacts FACTS = new AgentFacts(
            "dc1",
            "cli",
            FakePool.CLIENT_ID,
            "0.1.0",
            "",
            "",
            new Json.Fields(Map.of("EncryptKey", Json.of("hidden"))));

    private static final Instant NOW = Instant.parse("2026-11-22T06:31:20.75Z");

    private final FakePool pool = new FakePool();
    private AgentControl.Reloaded reloaded = new AgentControl.Reloaded.Applied();
    private final AgentApi api = new AgentApi(
            FACTS,
            pool,
            new AgentControl() {
                @Override
                public CompletionStage<Reloaded> reload() {
                    return CompletableFuture.completedFuture(reloaded);
                }

                @Override
                public CompletionStage<Done> leave() {
                    return pool.leave();
                }
            },
            () -> NOW,
            new UpshiftApi(pool, Optional.empty()));

    private Answer ask(String method, String path, Map<String, String> query) {
        List<String> segments = path.isEmpty() ? List.of() : List.of(path.split("/"));
        return api.answer(new Request(method, segments, query))
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }

    @Test
    void selfHasTheFieldsOfARealClientAgent() throws JsonException {
        Json ours = Json.parse(ask("GET", "v1/agent/self", Map.of()).body());
        Json real = Json.parse(
                Golden.read("http-agent.txt", "GET /v1/agent/self", "cli").body());

        assertThat(ours.asFields().keySet()).isEqualTo(real.asFields().keySet());
        for (String part : List.of("Config", "Member", "Meta", "Stats")) {
            assertThat(kinds(ours.get(part))).as(part).isEqualTo(kinds(real.get(part)));
        }
    }

    @Test
    void membersHaveTheShapeAndValuesOfARealAgentsButForTheBuild() throws JsonException {
        Answer answer = ask("GET", "v1/agent/members", Map.of());
        String real = Json.parse(Golden.read("http-agent.txt", "GET /v1/agent/members", "cli")
                        .body())
                .compact();

        assertThat(answer.body().replace("0.1.0:", "1.8.7:")).isEqualTo(real);
        assertThat(answer.form()).isEqualTo(Answer.Form.JSON);
    }

    @Test
    void membersAreTheSameForAllSegmentsAndRefusedForOneThatDoesNotExist() {
        assertThat(ask("GET", "v1/agent/members", Map.of("segment", "_all")))
                .isEqualTo(ask("GET", "v1/agent/members", Map.of()));
        assertThat(ask("GET", "v1/agent/members", Map.of("segment", "alpha")).status())
                .isEqualTo(500);
    }

    @Test
    void thereAreNoMembersOfAWanPool() {
        assertThat(ask("GET", "v1/agent/members", Map.of("wan", "1")).body())
                .isEqualTo(Golden.read("http-agent.txt", "GET /v1/agent/members?wan=1", "cli")
                        .body())
                .isEqualTo("null");
    }

    @Test
    void joinAnswersWithNothingOnSuccess() {
        assertThat(ask("PUT", "v1/agent/join/" + FakePool.JOINABLE, Map.of())).isEqualTo(Answer.empty());
        assertThat(pool.asked).containsExactly("join [127.0.21.13]");
    }

    @Test
    void joinSaysWhyItFailedInTheRealAgentsWords() {
        Golden real = Golden.read("http-misc.txt", "PUT /v1/agent/join/127.0.21.99", "srv");
        Answer answer = ask("PUT", "v1/agent/join/127.0.21.99", Map.of());

        assertThat(answer.status()).isEqualTo(real.status());
        assertThat(answer.body()).isEqualTo(real.body() + "\n\n");
    }

    @Test
    void joiningAWanPoolIsRefusedInTheRealAgentsWords() {
        Golden real = Golden.read("http-misc.txt", "PUT /v1/agent/join/127.0.21.11?wan=1", "cli");
        assertThat(ask("PUT", "v1/agent/join/127.0.21.11", Map.of("wan", "1")))
                .isEqualTo(Answer.text(real.status(), real.body()));
        assertThat(pool.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, v1/agent/join/127.0.21.13, PUT",
        "POST, v1/agent/self, GET",
        "HEAD, v1/agent/members, GET",
        "GET, v1/agent/leave, PUT",
        "GET, v1/agent/reload, PUT",
        "DELETE, v1/agent/force-leave/x, PUT"
    })
    void aWrongMethodIsRefusedAndTheRightOneNamed(String method, String path, String right) {
        Answer answer = ask(method, path, Map.of());
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.body()).isEqualTo("method " + method + " not allowed");
        assertThat(answer.header("Allow")).contains("OPTIONS," + right);
        assertThat(pool.asked).isEmpty();
    }

    @Test
    void theRefusalOfAMethodReadsLikeTheRealOne() {
        Golden real = Golden.read("http-misc.txt", "GET /v1/agent/join/127.0.21.13", "srv");
        assertThat(ask("GET", "v1/agent/join/127.0.21.13", Map.of()).body()).isEqualTo(real.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v1", "v1/nope", "v1/agent", "v1/agent/self/more", "v1/agent/join", "v1/agent/join/a/b", "ui"})
    void anUnknownPathIsNotFoundWithoutAWord(String path) {
        Golden real = Golden.read("http-misc.txt", "GET /v1/nope", "srv");
        Answer answer = ask("GET", path, Map.of());
        assertThat(answer.status()).isEqualTo(real.status());
        assertThat(answer.body()).isEqualTo(real.body()).isEmpty();
        assertThat(answer.form()).isEqualTo(Answer.Form.NONE);
    }

    @Test
    void theRootSaysWhatItIs() {
        assertThat(ask("GET", "", Map.of()).body())
                .isEqualTo(Golden.read("http-misc.txt", "GET /", "srv").body());
    }

    @Test
    void forceLeaveAsksThePoolAndPrunesOnlyWhenTold() {
        assertThat(ask("PUT", "v1/agent/force-leave/srv", Map.of())).isEqualTo(Answer.empty());
        assertThat(ask("PUT", "v1/agent/force-leave/srv", Map.of("prune", ""))).isEqualTo(Answer.empty());
        assertThat(pool.asked).containsExactly("force-leave srv", "force-leave srv and prune");
    }

    @Test
    void forceLeaveOfANameThatNobodyHasIsRefusedInTheRealAgentsWords() {
        Golden real = Golden.read("http-misc.txt", "PUT /v1/agent/force-leave/nobody", "srv");
        assertThat(ask("PUT", "v1/agent/force-leave/nobody", Map.of()))
                .isEqualTo(Answer.text(real.status(), real.body()));
    }

    @Test
    void leaveLeavesAndAnswersWithNothing() {
        assertThat(ask("PUT", "v1/agent/leave", Map.of())).isEqualTo(Answer.empty());
        assertThat(pool.asked).containsExactly("leave");
    }

    @Test
    void reloadAnswersWithNothingOrWithTheReason() {
        assertThat(ask("PUT", "v1/agent/reload", Map.of())).isEqualTo(Answer.empty());
        reloaded = new AgentControl.Reloaded.Applied(
                List.of("log_level=DEBUG"), List.of("ports.http"), List.of("a remark"));
        assertThat(ask("PUT", "v1/agent/reload", Map.of())).isEqualTo(Answer.empty());
        assertThat(ask("PUT", "v1/agent/reload", Map.of("report", "")).body())
                .isEqualTo("{\"Changed\":[\"log_level=DEBUG\"],\"AfterRestart\":[\"ports.http\"],"
                        + "\"Remarks\":[\"a remark\"]}");
        reloaded = new AgentControl.Reloaded.Refused("invalid config key bogus_key");
        assertThat(ask("PUT", "v1/agent/reload", Map.of())).isEqualTo(Answer.text(500, "invalid config key bogus_key"));
    }

    @Test
    void prettyIndentsAndEndsTheLine() throws JsonException {
        String pretty = ask("GET", "v1/agent/members", Map.of("pretty", "")).body();
        assertThat(pretty).endsWith("]\n").contains("\n");
        assertThat(Json.parse(pretty).compact())
                .isEqualTo(ask("GET", "v1/agent/members", Map.of()).body());
    }

    /** Field names with the kind of their values, nested ones included. */
    private static Map<String, Object> kinds(Json json) {
        Map<String, Object> kinds = new TreeMap<>();
        json.asFields()
                .forEach((name, value) -> kinds.put(
                        name,
                        value instanceof Json.Fields
                                ? kinds(value)
                                : value.getClass().getSimpleName()));
        return kinds;
    }

    @Test
    void theGossipStatusTellsOfEachMemberAndEachStep() throws JsonException {
        Json status = Json.parse(ask("GET", "v1/agent/gossip/status", Map.of()).body());

        assertThat(status.get("Members").asElements())
                .extracting(member -> member.get("Name").asText())
                .containsExactly("cli", "srv");
        assertThat(status.get("Members")
                        .asElements()
                        .get(0)
                        .get("Report")
                        .get("Primary")
                        .asText())
                .isEqualTo("01abcdef");
        Json real = status.get("Members").asElements().get(1);
        assertThat(real.get("SealedWith").asText()).isEqualTo("01abcdef");
        assertThat(real.get("Rejected").get("replay").asLong()).isEqualTo(2);
        assertThat(status.get("Steps").asElements())
                .extracting(step ->
                        step.get("Step").asText() + " " + step.get("Answer").asText())
                .containsExactly("keyed safe", "outgoing likely", "incoming likely", "remove likely");
        assertThat(status.get("Plaintext")).isEqualTo(Json.Nothing.INSTANCE);
    }

    @Test
    void whileItLastsATimeOfPlaintextIsInTheStatsAndAtItsOwnPath() throws JsonException {
        pool.plaintext = Optional.of(
                new PlaintextPhase(Instant.parse("2026-11-22T06:00:00Z"), Optional.empty(), Duration.ofSeconds(0)));

        Json stats = Json.parse(ask("GET", "v1/agent/self", Map.of()).body()).get("Stats");
        assertThat(stats.get("plaintext").get("until").asText()).isEqualTo("without end");
        assertThat(Json.parse(ask("GET", "v1/agent/gossip/plaintext", Map.of()).body())
                        .get("Since")
                        .asText())
                .isEqualTo("2026-11-22T06:00:00Z");
    }

    @Test
    void suspicionsTellWhoAccusedWhomAndWhatCameOfIt() throws JsonException {
        Json list = Json.parse(ask("GET", "v1/agent/suspicions", Map.of()).body());

        assertThat(list.asElements()).hasSize(2);
        Json open = list.asElements().get(0);
        assertThat(open.asFields().keySet())
                .containsExactly("Member", "Accuser", "Confirmers", "OwnHealth", "Outcome", "Start", "End");
        assertThat(open.get("Member").asText()).isEqualTo("two");
        assertThat(open.get("Accuser").asText()).isEqualTo("one");
        assertThat(open.get("Confirmers").asElements()).containsExactly(Json.of("three"));
        assertThat(open.get("OwnHealth").asLong()).isEqualTo(2);
        assertThat(open.get("Outcome").asText()).isEqualTo("open");
        assertThat(open.get("End").asText()).isEmpty();
        assertThat(list.asElements().get(1).get("End").asText()).isEqualTo("2026-11-22T06:31:12.500Z");
    }

    @Test
    void metricsHaveTheShapeOfARealAgents() throws JsonException {
        Answer answer = ask("GET", "v1/agent/metrics", Map.of());
        Json metrics = Json.parse(answer.body());

        assertThat(answer.form()).isEqualTo(Answer.Form.JSON);
        assertThat(metrics.asFields().keySet()).containsExactly("Timestamp", "Gauges", "Points", "Counters", "Samples");
        assertThat(metrics.get("Timestamp").asText()).isEqualTo("2026-11-22 06:31:20 +0000 UTC");
        assertThat(metrics.get("Gauges").asElements())
                .contains(Json.parse("{\"Name\":\"sotto.test.members\",\"Value\":2,\"Labels\":{\"pool\":\"lan\"}}"));
        assertThat(metrics.get("Counters").asElements())
                .allSatisfy(counter -> assertThat(counter.asFields().keySet())
                        .containsExactly("Name", "Count", "Rate", "Sum", "Min", "Max", "Mean", "Stddev", "Labels"));
        assertThat(metrics.get("Points").asElements()).isEmpty();
        assertThat(metrics.get("Samples").asElements()).isEmpty();
    }

    @Test
    void metricsOfThePoolAndOfTheProcessStandTogetherInTheTextOfPrometheus() {
        Answer answer = ask("GET", "v1/agent/metrics", Map.of("format", "prometheus"));

        assertThat(answer.form()).isEqualTo(Answer.Form.PROMETHEUS);
        assertThat(answer.body().lines()).contains("sotto_test_members{pool=\"lan\"} 2");
        assertThat(answer.body()).contains("\nsotto_agent_threads ");
    }

    @Test
    void metricsInAnyOtherFormatAreJson() {
        assertThat(ask("GET", "v1/agent/metrics", Map.of("format", "bogus")).form())
                .isEqualTo(Answer.Form.JSON);
        assertThat(ask("GET", "v1/agent/metrics", Map.of("pretty", "")).body()).contains("\n  \"Gauges\": [");
        assertThat(ask("PUT", "v1/agent/metrics", Map.of()).status()).isEqualTo(405);
    }
}
