package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.agent.access.Access;
import io.sotto.agent.access.Rights;
import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.PlaintextPhase;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.metrics.Metric;
import io.sotto.wire.metrics.MetricName;
import io.sotto.wire.metrics.MetricUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What those who watch are told, and what becomes of those who do not listen. */
final class PoolWatchTest {
    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.load());
    private static final MetricName GENERATION =
            MetricName.gauge("sotto.tls.generation", MetricUnit.COUNT, "Which set is in force");
    private static final MetricName LEFT =
            MetricName.gauge("sotto.tls.certificate.left.seconds", MetricUnit.SECONDS, "How long it is valid");
    private static final int BUFFER = 4;
    /** More than the buffers of the watch and of the sink together. */
    private static final int MANY = 64;

    private final FakePool pool = new FakePool();
    private List<Metric> figures = List.of(Metric.of(GENERATION, 1L), Metric.of(LEFT, 3.5 * 86_400));
    private Instant now = Instant.parse("2026-11-22T06:31:30Z");
    private final PoolWatch watch = watch(new ScriptedUpshifts().silent());

    private PoolWatch watch(ScriptedUpshifts upshifts) {
        return PoolWatch.of(
                new AgentFacts("dc1", "cli", FakePool.CLIENT_ID, "0.1.0", "", "", Json.of(Map.of())),
                pool,
                upshifts,
                () -> figures,
                () -> now,
                2,
                BUFFER);
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Somebody who watches. */
    private final class Watcher {
        private final SinkQueueWithCancel<ByteString> told;

        Watcher(Rights rights) {
            this(watch, rights);
        }

        Watcher(PoolWatch watched, Rights rights) {
            told = watched.watch(rights).runWith(Sink.queue(1), KIT.system());
        }

        /** The events of the next chunk, each as its type, a space, and its data; empty at the end. */
        List<String> next() throws Exception {
            CompletionStage<Optional<ByteString>> pulled = told.pull();
            Optional<ByteString> chunk = pulled.toCompletableFuture().get(10, TimeUnit.SECONDS);
            List<String> events = new ArrayList<>();
            for (String event : chunk.map(ByteString::utf8String).orElse("").split("\n\n", -1)) {
                if (!event.isEmpty()) {
                    assertThat(event).matches("event: [a-z]+\ndata: [^\n]*");
                    events.add(event.substring("event: ".length()).replace("\ndata: ", " "));
                }
            }
            return events;
        }
    }

    private static List<String> types(List<String> events) {
        return events.stream().map(event -> event.split(" ", 2)[0]).toList();
    }

    private static Json told(List<String> events, String type) throws JsonException {
        String event = events.stream()
                .filter(each -> each.startsWith(type + " "))
                .findFirst()
                .orElseThrow();
        return Json.parse(event.split(" ", 2)[1]);
    }

    @Test
    void whoComesIsFirstToldHowEverythingIs() throws Exception {
        List<String> first = new Watcher(Rights.ALL).next();

        assertThat(types(first))
                .containsExactly("start", "member", "member", "gossip", "tls", "traffic", "suspicion", "suspicion");
        assertThat(told(first, "start").compact())
                .isEqualTo("{\"Node\":\"cli\",\"Datacenter\":\"dc1\",\"Version\":\"0.1.0\","
                        + "\"At\":\"2026-11-22T06:31:30Z\"}");
        Json member = told(first, "member");
        assertThat(member.get("Kind").asText()).isEqualTo("joined");
        assertThat(member.get("Member")).isEqualTo(Shapes.member(pool.self()));
        assertThat(told(first, "tls").compact())
                .isEqualTo("{\"Generation\":1,\"CertificateDays\":3,\"AuthorityDays\":null}");
        assertThat(told(first, "traffic").compact())
                .isEqualTo("{\"Member\":\"srv\",\"Wire\":\"sealed\",\"SealedWith\":\"01abcdef\","
                        + "\"Rejected\":[\"replay\"]}");
        // The eldest first, so that the latest of a member is the last that was told.
        assertThat(told(first, "suspicion").get("Outcome").asText()).isEqualTo("refuted");
    }

    @Test
    void aMemberThatChangesIsToldOfAtOnce() throws Exception {
        Watcher watcher = new Watcher(Rights.ALL);
        watcher.next();

        watch.happened(new MemberEvent(MemberEvent.Kind.FAILED, pool.members().get(1)));

        Json told = told(watcher.next(), "member");
        assertThat(told.get("Kind").asText()).isEqualTo("failed");
        assertThat(told.get("Member").get("Name").asText()).isEqualTo("srv");
    }

    @Test
    void aLookTellsWhatDiffersAndNothingElse() throws Exception {
        Watcher watcher = new Watcher(Rights.ALL);
        watcher.next();
        watch.look();
        assertThat(told(watcher.next(), "gossip").get("Keys").compact())
                .as("this agent's keys are known with the first look")
                .isEqualTo("[\"01abcdef\",\"fedcba98\"]");

        figures = List.of(Metric.of(GENERATION, 2L), Metric.of(LEFT, -1.0));
        watch.look();
        watch.look();
        pool.plaintext =
                Optional.of(new PlaintextPhase(Instant.parse("2026-11-22T06:00:00Z"), Optional.empty(), Duration.ZERO));
        watch.look();

        assertThat(watcher.next())
                .containsExactly("tls {\"Generation\":2,\"CertificateDays\":-1,\"AuthorityDays\":null}");
        assertThat(told(watcher.next(), "gossip").get("Plaintext").compact())
                .isEqualTo("{\"Since\":\"2026-11-22T06:00:00Z\",\"Until\":\"\",\"Overdue\":false}");
    }

    @Test
    void whatSomebodyMayNotSeeIsNotTold() throws Exception {
        Watcher watcher = new Watcher((access, name) -> name.equals("cli"));

        assertThat(types(watcher.next())).containsExactly("start", "member", "gossip", "tls");

        watch.happened(new MemberEvent(MemberEvent.Kind.FAILED, pool.members().get(1)));
        watch.happened(new MemberEvent(MemberEvent.Kind.UPDATED, pool.members().get(0)));
        assertThat(told(watcher.next(), "member").get("Member").get("Name").asText())
                .isEqualTo("cli");
    }

    @Test
    void whoIsTooSlowIsToldWhatWaitsAndThenLetGo() throws Exception {
        Watcher slow = new Watcher(Rights.ALL);
        Watcher quick = new Watcher(Rights.ALL);
        slow.next();
        quick.next();
        MemberEvent event =
                new MemberEvent(MemberEvent.Kind.UPDATED, pool.members().get(0));
        int told = 0;
        for (int i = 0; i < MANY; i++) {
            watch.happened(event);
            told += quick.next().size();
        }

        assertThat(told).isEqualTo(MANY);
        assertThat(watch.metrics())
                .extracting(Metric::value)
                .as("one watches, none was refused, one was lost")
                .containsExactly(1.0, 0.0, 1.0);
        int waited = 0;
        for (List<String> next = slow.next(); !next.isEmpty(); next = slow.next()) {
            waited += next.size();
        }
        assertThat(waited).isGreaterThanOrEqualTo(BUFFER).isLessThan(MANY);
    }

    @Test
    void noMoreWatchThanMay() throws Exception {
        new Watcher(Rights.ALL).next();
        Watcher second = new Watcher(Rights.ALL);
        second.next();
        Asking api = new Asking(new WatchApi(watch));

        Answer refused = api.get("v1/events");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(watch.metrics()).extracting(Metric::value).containsExactly(2.0, 1.0, 0.0);
        assertThat(refused.body()).contains("http.watchers-max");
        assertThat(new Watcher(Rights.ALL).next())
                .as("a source that was made before")
                .isEmpty();

        second.told.cancel();
        KIT.<Void>createTestProbe().awaitAssert(() -> {
            assertThat(api.get("v1/events").status()).isEqualTo(200);
            return true;
        });
        assertThat(api.get("v1/events").form()).isEqualTo(Answer.Form.EVENTS);
    }

    @Test
    void anUpshiftIsToldToWhoeverMayAskForItAndAskedForAsOftenAsItMoves() throws Exception {
        ScriptedUpshifts upshifts = new ScriptedUpshifts().standing(ScriptedUpshifts.at(UpshiftStage.READY, 1));
        PoolWatch moving = watch(upshifts);
        Watcher operator = new Watcher(moving, Rights.ALL);
        Watcher other = new Watcher(moving, (access, resource) -> access != Access.OPERATOR_READ);
        assertThat(types(operator.next())).doesNotContain("upshift");
        assertThat(types(other.next())).doesNotContain("upshift");

        moving.look();

        assertThat(types(operator.next()))
                .as("the keys, asked for at the beginning")
                .containsExactly("gossip");
        assertThat(types(other.next())).containsExactly("gossip");
        List<String> told = operator.next();
        assertThat(told(told, "upshift").get("Goal").asText()).isEqualTo("ready");
        moving.look();
        assertThat(upshifts.asked()).containsExactly("status GOSSIP", "status TLS");
        now = now.plus(UpshiftLook.WHILE_UNDER_WAY);
        upshifts.standing(UpshiftProgress.none("none any more"));
        moving.look();
        assertThat(upshifts.asked()).hasSize(4);
        now = now.plus(UpshiftLook.WHILE_UNDER_WAY);
        moving.look();
        assertThat(upshifts.asked()).as("seldom, while none is under way").hasSize(4);
        now = now.plus(UpshiftLook.WHILE_NONE);
        moving.look();
        assertThat(upshifts.asked()).hasSize(6);
        upshifts.counting(Metric.of(GENERATION, 2L));
        moving.look();
        assertThat(upshifts.asked()).as("at once, where a gauge has moved").hasSize(8);
        moving.happened(new MemberEvent(MemberEvent.Kind.FAILED, pool.members().get(1)));
        assertThat(types(other.next())).as("no upshift before it").containsExactly("member");
    }
}
