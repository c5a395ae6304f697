package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.server.DatacenterKeyrings;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keyring's routes answer as the real agent did, but for the blocks of the WAN pool, which there is none of. */
class KeyringApiTest {
    private static final String OLD = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String NEW = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String PATH = "/v1/operator/keyring";

    private final FakePool pool = new FakePool();
    private final AgentApi api = new AgentApi(
            new AgentFacts("dc1", "srv", FakePool.CLIENT_ID, "0.1.0", "", "", Json.Nothing.INSTANCE),
            pool,
            new NoControl(),
            () -> Instant.EPOCH,
            new KeyringApi(DatacenterKeyrings.of("dc1", pool), pool, Optional.empty(), "dc1", "srv"));

    @Test
    void aListHasTheBlockOfTheLan() throws JsonException {
        pool.keyring.with(NEW);
        Golden real = golden("GET " + PATH);

        Json lan = Json.parse(real.body()).asElements().stream()
                .filter(block -> block.get("WAN").equals(Json.of(false)))
                .findFirst()
                .orElseThrow();
        Answer ours = ask("GET", Map.of(), "");
        assertThat(ours.status()).isEqualTo(real.status());
        assertThat(ours.body()).isEqualTo("[" + lan.compact() + "]");
    }

    @Test
    void aListOfThisDatacenterAloneIsTheRealOne() {
        pool.keyring.with(NEW);
        Golden real = golden("GET " + PATH + "?local-only=true");

        Answer ours = ask("GET", Map.of("local-only", "true"), "");

        assertThat(ours)
                .isEqualTo(new Answer(
                        real.status(), Answer.Form.JSON, real.body(), Octets.empty(), List.of(), Optional.empty()));
    }

    @Test
    void keysAreInstalledUsedAndRemovedAndTheRealRefusalIsTheSame() {
        pool.keyring.with(NEW);
        assertLike("POST " + PATH + " body={\"Key\": \"" + OLD + "\"}");
        assertThat(pool.keyring.ring()).containsExactly(GossipKey.parse(NEW), GossipKey.parse(OLD));
        assertLike("PUT " + PATH + " body={\"Key\": \"" + OLD + "\"}");
        assertThat(pool.keyring.ring()).containsExactly(GossipKey.parse(OLD), GossipKey.parse(NEW));
        assertLike("DELETE " + PATH + " body={\"Key\": \"" + NEW + "\"}");
        assertThat(pool.keyring.ring()).containsExactly(GossipKey.parse(OLD));
        assertLike("DELETE " + PATH + " body={\"Key\": \"" + OLD + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/operator/keyring body={bad",
                "POST /v1/operator/keyring body={\"Key\": \"\"}",
                "GET /v1/operator/keyring?relay-factor=9",
                "GET /v1/operator/keyring?relay-factor=abc",
                "POST /v1/operator/keyring?local-only=true body={\"Key\": \"pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=\"}",
                "PATCH /v1/operator/keyring"
            })
    void whatCannotBeIsRefusedInTheRealWords(String request) {
        pool.keyring.with(NEW);
        assertLike(request);
        assertThat(pool.keyring.ring()).containsExactly(GossipKey.parse(NEW));
    }

    @Test
    void theRelayFactorIsPassedOn() {
        pool.keyring.with(NEW);
        ask("GET", Map.of("relay-factor", "3"), "");
        ask("POST", Map.of("relay-factor", "5"), "{\"Key\":\"" + OLD + "\"}");

        assertThat(pool.keyring.relayFactors).containsExactly(3, 5);
    }

    @Test
    void whoeverDoesNotAnswerIsNamed() {
        pool.keyring.with(NEW).silent.add("cli");

        Answer answer = ask("POST", Map.of(), "{\"Key\":\"" + OLD + "\"}");

        assertThat(answer)
                .isEqualTo(Answer.text(
                        500,
                        "2 errors occurred:\n\t* dc1 (LAN) error: 1/2 nodes reported success\n\t* cli: no answer\n\n"));
    }

    @Test
    void whatMustNotTravelInTheClearIsRefusedWithTheReason() {
        pool.keyring.refused = Optional.of("keyring operations need encrypt_verify_outgoing");

        assertThat(ask("PUT", Map.of(), "{\"Key\":\"" + OLD + "\"}"))
                .isEqualTo(Answer.text(
                        500,
                        "1 error occurred:\n\t* dc1 (LAN) error: keyring operations need encrypt_verify_outgoing\n\n"));
    }

    @Test
    void aKeyThatIsNoKeyIsNeverRepeated() {
        for (String text : List.of("{\"Key\":\"" + OLD + "x\"}", OLD, "{\"Key\":\"" + OLD)) {
            for (String method : List.of("POST", "PUT", "DELETE")) {
                Answer answer = ask(method, Map.of(), text);
                assertThat(answer.status()).isGreaterThanOrEqualTo(400);
                assertThat(answer.body()).doesNotContain(OLD.substring(0, 8));
            }
        }
    }

    @Test
    void theStatusTellsWhoHoldsWhatByIdsOnly() throws JsonException {
        pool.keyring.with(OLD, NEW).silent.add("cli");
        Answer failed = askAt(List.of("v1", "operator", "keyring", "status"), "GET", Map.of(), "");
        assertThat(failed.status()).as("who is silent is part of the answer").isEqualTo(200);

        Json status = Json.parse(failed.body());
        assertThat(failed.body()).doesNotContain(OLD).doesNotContain(NEW);
        assertThat(status.get("Members").asLong()).isEqualTo(2);
        assertThat(status.get("Silent")).isEqualTo(Json.of(List.of("cli")));
        Json ring = status.get("Rings").asElements().get(0);
        assertThat(ring.get("Member").asText()).isEqualTo("srv");
        assertThat(ring.get("Primary").asText()).isEqualTo(GossipKey.parse(OLD).id());
        assertThat(ring.get("Keys"))
                .isEqualTo(Json.of(
                        List.of(GossipKey.parse(OLD).id(), GossipKey.parse(NEW).id())));
    }

    private void assertLike(String request) {
        Golden real = golden(request);
        String[] head = request.split(" ", 3);
        Map<String, String> query = new LinkedHashMap<>();
        int mark = head[1].indexOf('?');
        if (mark >= 0) {
            String[] parameter = head[1].substring(mark + 1).split("=", 2);
            query.put(parameter[0], parameter[1]);
        }
        Answer ours = ask(head[0], query, head.length > 2 ? head[2].substring("body=".length()) : "");

        assertThat(ours.status()).as(request).isEqualTo(real.status());
        assertThat(ours.body().stripTrailing()).as(request).isEqualTo(lan(real.body()));
        assertThat(ours.form().equals(Answer.Form.NONE))
                .isEqualTo(real.contentType().equals("None"));
    }

    /** Without what the real agent tells of its WAN pool. */
    static String lan(String text) {
        String[] lines = text.split("\n", -1);
        List<String> kept = Arrays.stream(lines)
                .filter(line -> !line.startsWith("\t* WAN error:") && !line.startsWith("\t* srv.dc1:"))
                .toList();
        int errors = (int) kept.stream().filter(line -> line.startsWith("\t* ")).count();
        return String.join("\n", kept)
                .replaceFirst("\\d+ errors occurred", errors + (errors == 1 ? " error occurred" : " errors occurred"));
    }

    private static Golden golden(String request) {
        return Golden.read("http-keyring.txt", request, "srv");
    }

    private Answer ask(String method, Map<String, String> query, String body) {
        return askAt(List.of("v1", "operator", "keyring"), method, query, body);
    }

    private Answer askAt(List<String> path, String method, Map<String, String> query, String body) {
        return api.answer(new Request(method, path, query, Map.of(), Octets.utf8(body)))
                .toCompletableFuture()
                .getNow(Answer.text(599, "not answered at once"));
    }

    private static final class NoControl implements AgentControl {
        @Override
        public CompletionStage<Reloaded> reload() {
            return CompletableFuture.failedFuture(new IllegalStateException("no test reloads"));
        }

        @Override
        public CompletionStage<Done> leave() {
            return CompletableFuture.failedFuture(new IllegalStateException("no test leaves"));
        }
    }
}
