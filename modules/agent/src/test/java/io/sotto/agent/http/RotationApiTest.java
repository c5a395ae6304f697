package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationCourse;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RotationApiTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final RotationProgress CHECKING =
            progress(RotationPhase.CHECKING, Map.of("n3", "is away"), Optional.empty(), "");

    private final FakeKeyring keyring = new FakeKeyring();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aRotationIsStreamedStepByStepToItsEnd() throws Exception {
        keyring.steps =
                List.of(CHECKING, progress(RotationPhase.DONE, Map.of(), Optional.of(RotationOutcome.FINISHED), ""));

        Answer answer = ask("POST", Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.stream()
                        .orElseThrow()
                        .map(ByteString::utf8String)
                        .runWith(Sink.seq(), KIT.system())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .containsExactly(
                        "{\"Phase\":\"checking\",\"Course\":\"forward\",\"Cause\":\"asked\",\"NewKey\":\"1c0216e1\","
                                + "\"OldKey\":\"7d3a0b52\",\"Done\":2,\"Members\":3,\"WaitingFor\":{\"n3\":\"is away\"},"
                                + "\"Outcome\":\"\",\"Text\":\"\"}\n",
                        "{\"Phase\":\"done\",\"Course\":\"forward\",\"Cause\":\"asked\",\"NewKey\":\"1c0216e1\","
                                + "\"OldKey\":\"7d3a0b52\",\"Done\":2,\"Members\":3,\"WaitingFor\":{},"
                                + "\"Outcome\":\"finished\",\"Text\":\"\"}\n");
        assertThat(keyring.asked).containsExactly("rotate SETTLED");
    }

    @Test
    void aRotationThatCannotBeginIsAnErrorWithTheReason() throws Exception {
        keyring.steps = List.of(RotationProgress.refused(RotationCause.ASKED, "no ring"));

        Answer answer = ask("POST", Map.of("force", ""));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("no ring");
        assertThat(keyring.asked).containsExactly("rotate ANY");
    }

    @Test
    void whereItStandsIsAnsweredAndItIsCalledOffAndLedPastMembers() throws Exception {
        assertThat(ask("GET", Map.of()).body()).contains("\"WaitingFor\":{\"n3\":\"is away\"}");
        assertThat(ask("DELETE", Map.of()).status()).isEqualTo(200);
        assertThat(ask("PUT", Map.of("without", "n3")).status()).isEqualTo(200);

        assertThat(keyring.asked).containsExactly("status", "abort", "without [n3]");
    }

    @Test
    void ofSeveralPoolsItIsToldHowFarEachIs() throws Exception {
        keyring.steps = List.of(new RotationProgress(
                RotationPhase.DONE,
                RotationCourse.FORWARD,
                RotationCause.ASKED,
                Optional.of("1c0216e1"),
                Optional.of("7d3a0b52"),
                4,
                4,
                new TreeMap<>(),
                Optional.of(RotationOutcome.FINISHED),
                "",
                new TreeMap<>(Map.of("LAN", "1/1", "WAN", "2/2", "dc2 (LAN)", "done"))));

        assertThat(ask("POST", Map.of()).stream()
                        .orElseThrow()
                        .map(ByteString::utf8String)
                        .runWith(Sink.seq(), KIT.system())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .singleElement()
                .asString()
                .endsWith(",\"Text\":\"\",\"Pools\":{\"LAN\":\"1/1\",\"WAN\":\"2/2\",\"dc2 (LAN)\":\"done\"}}\n");
    }

    @Test
    void aMemberOfAWanPoolThatIsNoServerDoesNotBegin() throws Exception {
        List<String> path = List.of("v1", "agent", "keyring", "rotate");
        Route start = new RotationApi(keyring, true, KIT.system()).routes().get(0);

        Answer answer = start.answer(new Request("POST", path, Map.of(), Map.of(), Octets.empty()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("no server");
        assertThat(keyring.asked).isEmpty();
    }

    @Test
    void goingOnWithoutNobodyIsABadRequest() throws Exception {
        assertThat(ask("PUT", Map.of()).status()).isEqualTo(400);
        assertThat(keyring.asked).isEmpty();
    }

    private Answer ask(String method, Map<String, String> query) throws Exception {
        List<String> path = List.of("v1", "agent", "keyring", "rotate");
        Request request = new Request(method, path, query, Map.of(), Octets.empty());
        Route route = new RotationApi(keyring, false, KIT.system())
                .routes().stream()
                        .filter(each -> each.method().equals(method) && each.matches(path))
                        .findFirst()
                        .orElseThrow();
        return route.answer(request).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static RotationProgress progress(
            RotationPhase phase, Map<String, String> waitingFor, Optional<RotationOutcome> outcome, String text) {
        return new RotationProgress(
                phase,
                RotationCourse.FORWARD,
                RotationCause.ASKED,
                Optional.of("1c0216e1"),
                Optional.of("7d3a0b52"),
                2,
                3,
                new TreeMap<>(waitingFor),
                outcome,
                text);
    }

    /** Rotates as it is told beforehand, and remembers what it was asked. */
    private static final class FakeKeyring implements ClusterKeyring {
        private final List<String> asked = new ArrayList<>();
        private List<RotationProgress> steps = List.of();

        @Override
        public Source<RotationProgress, NotUsed> rotate(RotationMachine.Beginning beginning) {
            asked.add("rotate " + beginning);
            return Source.from(steps);
        }

        @Override
        public void rotateWith(OtherRings rings) {
            throw notAsked();
        }

        @Override
        public CompletionStage<RotationProgress> rotation() {
            return answer("status");
        }

        @Override
        public CompletionStage<RotationProgress> abortRotation() {
            return answer("abort");
        }

        @Override
        public CompletionStage<RotationProgress> rotateWithout(Set<String> members) {
            return answer("without " + new TreeSet<>(members));
        }

        private CompletionStage<RotationProgress> answer(String what) {
            asked.add(what);
            return CompletableFuture.completedFuture(CHECKING);
        }

        @Override
        public CompletionStage<KeyringReport> list(int relayFactor) {
            throw notAsked();
        }

        @Override
        public CompletionStage<KeyringReport> listLocal() {
            throw notAsked();
        }

        @Override
        public CompletionStage<KeyringReport> install(GossipKey key, int relayFactor) {
            throw notAsked();
        }

        @Override
        public CompletionStage<KeyringReport> use(GossipKey key, int relayFactor) {
            throw notAsked();
        }

        @Override
        public CompletionStage<KeyringReport> remove(GossipKey key, int relayFactor) {
            throw notAsked();
        }

        @Override
        public CompletionStage<KeyringReport> status() {
            throw notAsked();
        }

        private static UnsupportedOperationException notAsked() {
            return new UnsupportedOperationException("these routes only rotate");
        }
    }
}
