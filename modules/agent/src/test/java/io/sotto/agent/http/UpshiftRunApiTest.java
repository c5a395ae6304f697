package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import io.sotto.membership.upshift.drive.UpshiftCourse;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpshiftRunApiTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String GOSSIP = "v1/operator/upshift/gossip";
    private static final String TLS = "v1/operator/upshift/tls";
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";

    private final ScriptedUpshifts upshifts = new ScriptedUpshifts();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void anUpshiftIsStreamedStepByStepToItsEnd() throws Exception {
        upshifts.running(
                ScriptedUpshifts.at(UpshiftStage.READY, 2),
                ScriptedUpshifts.at(
                        UpshiftStage.ENFORCED,
                        3,
                        UpshiftCourse.FORWARD,
                        Optional.of(UpshiftOutcome.FINISHED),
                        Map.of()));

        Answer answer = ask("POST", GOSSIP, Map.of(), "");

        assertThat(answer.status()).isEqualTo(200);
        List<String> lines = answer.stream()
                .orElseThrow()
                .map(ByteString::utf8String)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .isEqualTo("{\"Kind\":\"gossip\",\"Id\":\"7f3a\",\"Epoch\":3,\"Driver\":\"n2\",\"Goal\":\"ready\","
                        + "\"Confirmed\":\"none\",\"Course\":\"forward\",\"Stepwise\":false,\"KeyId\":\"1c0216e1\","
                        + "\"Began\":\"2026-11-23T02:00:00Z\",\"UnderWay\":true,\"WaitingForNext\":false,\"Done\":2,\"Of\":3,"
                        + "\"Members\":{\"n1\":{\"Stage\":\"ready\",\"Ground\":\"report\",\"QuietSeconds\":75,"
                        + "\"Hindrance\":\"\",\"Mend\":\"\"},\"n2\":{\"Stage\":\"ready\",\"Ground\":\"report\","
                        + "\"QuietSeconds\":75,\"Hindrance\":\"\",\"Mend\":\"\"},\"srv\":{\"Stage\":\"none\","
                        + "\"Ground\":\"traffic\",\"QuietSeconds\":null,\"Hindrance\":\"has not answered\",\"Mend\":"
                        + Json.of(ScriptedUpshifts.MEND).compact() + "}},\"WaitingFor\":{\"srv\":\"has not answered\"},"
                        + "\"Without\":{},\"Vouched\":{\"srv\":\"ready\"},\"Outcome\":\"\",\"Text\":\"\"}\n");
        assertThat(Json.parse(lines.get(1)).get("Outcome").asText()).isEqualTo("finished");
        assertThat(upshifts.asked())
                .containsExactly("run UpshiftRequest[GOSSIP, by anybody from 127.0.0.9] token secret");
    }

    @Test
    void oneThatIsRefusedIsAConflictWithTheReason() throws Exception {
        upshifts.running(UpshiftProgress.none("n3 is at no stage of TLS: upshift tls comes first"));

        Answer answer = ask("POST", GOSSIP, Map.of("force", ""), "");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(Json.parse(answer.body()).get("Text").asText()).endsWith("upshift tls comes first");
        assertThat(upshifts.asked().get(0)).startsWith("run UpshiftRequest[GOSSIP, forced");
    }

    @Test
    void aKeyOfTheOperatorsOwnGoesInAndNeverComesOut() throws Exception {
        upshifts.running(ScriptedUpshifts.at(UpshiftStage.READY, 1));

        Answer answer = ask("POST", GOSSIP + "/next", Map.of(), "{\"Key\":\"" + KEY + "\"}");

        assertThat(upshifts.asked().get(0))
                .contains("key " + GossipKey.parse(KEY).id());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body() + upshifts.asked()).doesNotContain(KEY.substring(0, 8));
    }

    @ParameterizedTest
    @CsvSource({
        "v1/operator/upshift/tls, '{\"Key\":\"pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=\"}'",
        "v1/operator/upshift/gossip, '{\"Key\":\"pUqJrVyVRj5jsiYE\"}'",
        "v1/operator/upshift/gossip, '{\"Key\":\"pUqJrVyVRj5jsiYE%%\"}'",
        "v1/operator/upshift/gossip, 'pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s='"
    })
    void aKeyThatCannotBeIsRefusedWithoutShowingIt(String path, String body) throws Exception {
        Answer answer = ask("POST", path, Map.of(), body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("pUqJ");
        assertThat(upshifts.asked()).isEmpty();
    }

    @Test
    void aKeyInTheQueryIsNotTaken() throws Exception {
        upshifts.running(ScriptedUpshifts.at(UpshiftStage.READY, 1));

        ask("POST", GOSSIP, Map.of("Key", KEY, "key", KEY), "");

        assertThat(upshifts.asked())
                .noneMatch(asked -> asked.contains(GossipKey.parse(KEY).id()));
    }

    @Test
    void whereItStandsIsAnsweredAndItIsCalledOffAndLedPastMembers() throws Exception {
        upshifts.standing(ScriptedUpshifts.at(UpshiftStage.SENDING, 2));

        assertThat(ask("GET", TLS, Map.of(), "").body()).contains("\"WaitingFor\":{\"srv\":\"has not answered\"}");
        assertThat(ask("DELETE", GOSSIP, Map.of(), "").status()).isEqualTo(200);
        assertThat(ask("PUT", GOSSIP + "/without", Map.of("member", "srv"), "").status())
                .isEqualTo(200);
        assertThat(ask("PUT", TLS + "/vouch", Map.of("member", "srv", "stage", "sending"), "")
                        .status())
                .isEqualTo(200);
        assertThat(upshifts.asked())
                .containsExactly(
                        "status TLS",
                        "abort GOSSIP token secret",
                        "without GOSSIP [srv] by anybody from 127.0.0.9 token secret",
                        "vouch TLS [srv] SENDING token secret");
    }

    @Test
    void toChangeOneThatIsNotThereIsAConflictButToAskForItIsNone() throws Exception {
        assertThat(ask("GET", GOSSIP, Map.of(), "").status()).isEqualTo(200);
        assertThat(ask("DELETE", GOSSIP, Map.of(), "").status()).isEqualTo(409);
        assertThat(ask("PUT", GOSSIP + "/without", Map.of("member", "srv"), "").status())
                .isEqualTo(409);
        assertThat(ask("POST", GOSSIP + "/next", Map.of(), "").status()).isEqualTo(409);
    }

    @Test
    void thePlanShowsEachStageAndWhatIsInItsWay() throws Exception {
        upshifts.planning(new UpshiftPlan(
                UpshiftKind.TLS,
                ScriptedUpshifts.at(UpshiftStage.READY, 2).members(),
                List.of(new UpshiftPlan.Step(
                        UpshiftStage.READY,
                        new TreeMap<>(Map.of("n1", "gets a certificate")),
                        new TreeMap<>(Map.of("srv", ScriptedUpshifts.MEND)))),
                new TreeMap<>(Map.of("n2", "is away"))));

        Json plan = Json.parse(ask("GET", TLS + "/plan", Map.of(), "").body());

        assertThat(plan.get("Steps").compact())
                .isEqualTo("[{\"Stage\":\"ready\",\"Changes\":{\"n1\":\"gets a certificate\"},\"ByHand\":{\"srv\":"
                        + Json.of(ScriptedUpshifts.MEND).compact() + "}}]");
        assertThat(plan.get("Obstacles").compact()).isEqualTo("{\"n2\":\"is away\"}");
        assertThat(plan.get("Members").asFields()).containsOnlyKeys("n1", "n2", "srv");
    }

    @Test
    void onlyWhoMayReadOperatorMattersIsToldOfItAmongTheStats() {
        upshifts.standing(ScriptedUpshifts.at(UpshiftStage.READY, 1));
        UpshiftRunApi api = new UpshiftRunApi(upshifts, () -> "", KIT.system());

        assertThat(api.sections(Rights.ALL)).containsOnlyKeys("upshift_gossip");
        assertThat(api.sections((access, resource) -> access != Access.OPERATOR_READ))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"without, '', ''", "vouch, '', ready", "vouch, srv, ''", "vouch, srv, none", "vouch, srv, READY"})
    void whatIsSaidOfMembersMustBeWhole(String what, String member, String stage) throws Exception {
        Answer answer = ask("PUT", GOSSIP + "/" + what, Map.of("member", member, "stage", stage), "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(upshifts.asked()).isEmpty();
    }

    private Answer ask(String method, String path, Map<String, String> query, String body) throws Exception {
        List<String> segments = List.of(path.split("/", -1));
        Request request = new Request(
                method,
                segments,
                path,
                query,
                Map.of(),
                name -> name.equals("X-Consul-Token") ? Optional.of("secret") : Optional.empty(),
                Optional.of(new InetSocketAddress("127.0.0.9", 4711)),
                Rights.ALL,
                Octets.utf8(body));
        Route route = new UpshiftRunApi(upshifts, () -> "", KIT.system())
                .routes().stream()
                        .filter(each -> each.method().equals(method) && each.matches(segments))
                        .findFirst()
                        .orElseThrow();
        return route.answer(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
