package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.VirtualPools.Node;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.MemoryNetwork;
import io.sotto.gossip.rotation.Clearance;
import io.sotto.gossip.rotation.NonceBudget;
import io.sotto.gossip.rotation.OtherRings;
import io.sotto.gossip.rotation.RotationRequest;
import io.sotto.gossip.rotation.RotationSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RingAnswer;
import io.sotto.membership.rotation.RingPlace;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import io.sotto.wire.message.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pools replace their key: because they are asked to, by the calendar, and because it has sealed enough. */
class RotationTest {
    private static final GossipKey OLD = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");
    private static final RotationSettings QUICK = RotationSettings.defaults().withGrace(Duration.ofSeconds(5));

    private final VirtualPools rig = new VirtualPools();

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void whoAsksIsToldEveryStepAndAllEndWithTheNewKeyAlone() {
        List<Node> nodes = formed(QUICK, "a", "b", "c");
        VirtualSystem.Recorder<RotationProgress> progress = ask(nodes.get(1), start());
        passUntilEnd(progress);

        assertThat(last(progress).outcome()).contains(RotationOutcome.FINISHED);
        assertThat(progress.all().stream().map(RotationProgress::phase).distinct())
                .containsExactly(
                        RotationPhase.SURVEYING,
                        RotationPhase.MAKING,
                        RotationPhase.INSTALLING,
                        RotationPhase.CHECKING,
                        RotationPhase.USING,
                        RotationPhase.CONFIRMING,
                        RotationPhase.WAITING,
                        RotationPhase.REMOVING,
                        RotationPhase.CLEARING,
                        RotationPhase.DONE);
        assertThat(nodes).allMatch(node -> ring(node).keys().size() == 1);
        assertThat(nodes.stream().map(RotationTest::ring).distinct()).hasSize(1);
        assertThat(ring(nodes.get(0)).keys()).doesNotContain(OLD);
        assertThat(nodes).allMatch(node -> node.state().rejections().total() == 0);
        assertThat(status(nodes.get(1)).text()).contains("finished");
    }

    @Test
    void whoAsksForOneWhileOneIsUnderWayFollowsIt() {
        List<Node> nodes = formed(QUICK, "a", "b");
        VirtualSystem.Recorder<RotationProgress> first = ask(nodes.get(0), start());
        rig.virtual.passUntil(
                "a rotation that waits", () -> last(first).phase() == RotationPhase.WAITING, Duration.ofMinutes(2));

        VirtualSystem.Recorder<RotationProgress> second = ask(nodes.get(0), start());
        assertThat(second.all()).hasSize(1);
        passUntilEnd(second);

        assertThat(last(second)).isEqualTo(last(first));
    }

    @Test
    void ringsElsewhereGetTheSameKeyAndNothingGoesOnBeforeTheyAnswered() {
        List<Node> nodes = formed(QUICK, "a", "b");
        Elsewhere elsewhere = new Elsewhere();
        nodes.get(0).state().rotateWith(elsewhere);
        elsewhere.isSlow = true;
        VirtualSystem.Recorder<RotationProgress> progress = ask(nodes.get(0), start());
        rig.virtual.pass(Duration.ofMinutes(1));
        assertThat(last(progress).phase()).isEqualTo(RotationPhase.SURVEYING);

        elsewhere.isSlow = false;
        elsewhere.late.run();
        passUntilEnd(progress);

        assertThat(last(progress).outcome()).contains(RotationOutcome.FINISHED);
        assertThat(last(progress).pools()).isEqualTo(Map.of("LAN", "2/2", "dc2 (LAN)", "done"));
        assertThat(nodes).allMatch(node -> ring(node).keys().equals(elsewhere.ring));
        assertThat(elsewhere.ring).hasSize(1).doesNotContain(OLD);
        assertThat(status(nodes.get(0)).text()).endsWith("is finished: LAN 2/2, dc2 (LAN) done");
    }

    @Test
    void oneThatAFaultBreaksOffBeforeItIsWrittenDownIsNotUnderWayAnyMore() {
        Node node = formed(QUICK, "a", "b").get(0);
        node.state().rotateWith(new OtherRings() {
            @Override
            public Attendance members() {
                return Attendance.of(List.of(), List.of(), List.of());
            }

            @Override
            public CompletionStage<Told> ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
                throw new IllegalStateException("made to fail");
            }
        });
        rig.virtual.expectWarning("made to fail");
        VirtualSystem.Recorder<RotationProgress> progress = ask(node, start());
        rig.virtual.pass(Duration.ofMinutes(1));

        assertThat(progress.all()).isNotEmpty();
        assertThat(node.state().rotation().isUnderWay()).isFalse();
        node.state().rotateWith(new Elsewhere());
        VirtualSystem.Recorder<RotationProgress> next = ask(node, start());
        passUntilEnd(next);
        assertThat(last(next).outcome()).contains(RotationOutcome.FINISHED);
    }

    /** The pool of another datacenter, with one ring. */
    private static final class Elsewhere implements OtherRings {
        private static final String NAME = RingPlace.lanOf("dc2");

        private final List<GossipKey> ring = new ArrayList<>(List.of(OLD));
        private boolean isSlow;
        private Runnable late = () -> {};

        @Override
        public Attendance members() {
            return Attendance.of(List.of(NAME), List.of(), List.of());
        }

        @Override
        public CompletionStage<Told> ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor) {
            switch (operation) {
                case LIST -> {}
                case INSTALL -> ring.add(key.orElseThrow());
                case USE -> {
                    ring.remove(key.orElseThrow());
                    ring.add(0, key.orElseThrow());
                }
                case REMOVE -> ring.remove(key.orElseThrow());
            }
            List<String> ids = ring.stream().map(GossipKey::id).toList();
            boolean isList = operation == KeyOperation.LIST;
            RingAnswer answer = isList
                    ? new RingAnswer(true, "", ids, Optional.of(ids.get(0)))
                    : new RingAnswer(true, "", List.of(), Optional.empty());
            Told told = new Told(Map.of(NAME, answer), Map.of(), isList ? ring : List.of());
            CompletableFuture<Told> answered = new CompletableFuture<>();
            late = () -> answered.complete(told);
            if (!isSlow) {
                late.run();
            }
            return answered;
        }
    }

    @Test
    void aPoolWithoutAKeyHasNothingToRotate() {
        Node node = rig.start("a");

        assertThat(ask(node, start()).all()).singleElement().satisfies(refused -> {
            assertThat(refused.outcome()).contains(RotationOutcome.REFUSED);
            assertThat(refused.text()).isEqualTo("No keyring to rotate (encryption not enabled)");
        });
        assertThat(status(node).phase()).isEqualTo(RotationPhase.IDLE);
    }

    @Test
    void noneBeginsWhileSomethingElseIsInItsWay() {
        List<Node> nodes = formed(QUICK, "a", "b");
        nodes.get(0).state().rotateIf(() -> CompletableFuture.completedFuture(Optional.of("an upshift is under way")));

        for (RotationMachine.Beginning beginning : RotationMachine.Beginning.values()) {
            assertThat(ask(nodes.get(0), new RotationRequest.Start(RotationCause.ASKED, beginning))
                            .all())
                    .singleElement()
                    .satisfies(refused -> {
                        assertThat(refused.outcome()).contains(RotationOutcome.REFUSED);
                        assertThat(refused.text()).isEqualTo("an upshift is under way");
                    });
        }
        assertThat(nodes).allMatch(node -> ring(node).keys().equals(List.of(OLD)));
        assertThat(status(nodes.get(0)).phase()).isEqualTo(RotationPhase.IDLE);
    }

    @Test
    void whoAsksTwiceBeforeItIsKnownWhetherOneMayBeginFollowsTheSameOne() {
        List<Node> nodes = formed(QUICK, "a", "b");
        CompletableFuture<Optional<String>> late = new CompletableFuture<>();
        nodes.get(0).state().rotateIf(() -> late);
        VirtualSystem.Recorder<RotationProgress> first = ask(nodes.get(0), start());
        VirtualSystem.Recorder<RotationProgress> second = ask(nodes.get(0), start());
        assertThat(first.all()).isEmpty();

        late.complete(Optional.empty());
        rig.virtual.pass(Duration.ofSeconds(1));
        passUntilEnd(second);

        assertThat(last(second)).isEqualTo(last(first));
        assertThat(last(first).outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void oneThatIsCalledOffBeforeItIsKnownWhetherItMayBeginDoesNotBegin() {
        List<Node> nodes = formed(QUICK, "a", "b");
        CompletableFuture<Optional<String>> late = new CompletableFuture<>();
        nodes.get(0).state().rotateIf(() -> late);
        VirtualSystem.Recorder<RotationProgress> progress = ask(nodes.get(0), start());

        assertThat(last(ask(nodes.get(0), new RotationRequest.Abort())).text())
                .isEqualTo("it was called off before it began");
        late.complete(Optional.empty());
        rig.virtual.pass(Duration.ofMinutes(1));

        assertThat(progress.all())
                .containsExactly(RotationProgress.neverBegan(RotationCause.ASKED, "it was called off before it began"));
        assertThat(nodes).allMatch(node -> ring(node).keys().equals(List.of(OLD)));
        assertThat(last(ask(nodes.get(0), new RotationRequest.Abort())).text())
                .isEqualTo("no rotation is under way on this node");
        VirtualSystem.Recorder<RotationProgress> next = ask(nodes.get(0), start());
        passUntilEnd(next);
        assertThat(last(next).outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void oneThatIsDueWaitsUntilNothingIsInItsWay() {
        List<Node> nodes = formed(QUICK.withEvery(Duration.ofMinutes(10)), "a", "b");
        nodes.get(0).state().rotateIf(() -> CompletableFuture.completedFuture(Optional.of("an upshift is under way")));
        rig.virtual.pass(Duration.ofMinutes(30));
        assertThat(nodes).allMatch(node -> ring(node).primary().equals(Optional.of(OLD)));

        nodes.get(0).state().rotateIf(Clearance.always());
        rig.virtual.pass(Duration.ofMinutes(4));

        assertThat(nodes).allMatch(node -> !ring(node).keys().contains(OLD));
        assertThat(nodes.get(0).state().rotation().cause()).isEqualTo(RotationCause.AGE);
    }

    @Test
    void aKeyThatIsOldEnoughIsReplacedByTheFirstMember() {
        List<Node> nodes = formed(QUICK.withEvery(Duration.ofMinutes(10)), "a", "b", "c");
        rig.virtual.pass(Duration.ofMinutes(9));
        assertThat(nodes).allMatch(node -> ring(node).primary().equals(Optional.of(OLD)));

        rig.virtual.pass(Duration.ofMinutes(3));

        assertThat(nodes).allMatch(node -> !ring(node).keys().contains(OLD));
        assertThat(nodes.get(0).state().rotation().cause()).isEqualTo(RotationCause.AGE);
        assertThat(nodes.get(1).state().rotation().phase()).isEqualTo(RotationPhase.IDLE);
        assertThat(nodes.get(2).state().rotation().phase()).isEqualTo(RotationPhase.IDLE);
    }

    @Test
    void aBudgetThatIsSpentIsWarnedOfAndThenTheKeyIsRotated() {
        rig.virtual.expectWarning("messages of at most 10000: rotate it before long");
        rig.virtual.expectWarning("has sealed its 10000 messages: it is going to be rotated");
        List<Node> nodes = formed(QUICK.withBudget(new NonceBudget(10_000, 50, NonceBudget.Action.ROTATE)), "a", "b");

        rig.virtual.passUntil(
                "another key",
                () -> nodes.stream().noneMatch(node -> ring(node).keys().contains(OLD)),
                Duration.ofHours(6));

        assertThat(nodes.get(0).state().rotation().cause()).isEqualTo(RotationCause.BUDGET);
        assertThat(nodes).allMatch(node -> node.state().counters().seals.withPrimary() < 1_000);
        assertThat(nodes.get(0).stateOf("b")).contains(NodeState.ALIVE);
        assertThat(nodes.get(1).stateOf("a")).contains(NodeState.ALIVE);
    }

    @Test
    void aBudgetThatIsSpentAndRefusesSendsNothingMoreAndNothingPlain() {
        rig.virtual.expectWarning("messages of at most 10000: rotate it before long");
        rig.virtual.expectWarning("has sealed its 10000 messages: nothing is sealed or sent any more");
        rig.virtual.tolerateWarning("Refuting");
        rig.virtual.tolerateWarning("memberlist: ");
        RotationSettings strict = QUICK.withBudget(new NonceBudget(10_000, 50, NonceBudget.Action.REFUSE));
        Node a = start("a", strict);
        Node b = start("b", QUICK);
        assertThat(rig.join(b, a.target()).contacted()).isEqualTo(1);

        rig.virtual.passUntil("nothing more", () -> a.state().counters().seals.refused() > 0, Duration.ofHours(6));
        int before = rig.network.sent().size();
        rig.virtual.pass(Duration.ofMinutes(2));

        assertThat(a.state().counters().seals.total()).isEqualTo(10_000);
        List<MemoryNetwork.Sent> all = rig.network.sent();
        assertThat(all.subList(before, all.size()))
                .noneMatch(sent -> sent.from().equals(a.address()));
        Opener opener = new Opener();
        assertThat(all.stream().filter(sent -> sent.from().equals(a.address())))
                .allMatch(sent -> opener.open(Keyring.of(OLD), sent.bytes(), Octets.empty()) instanceof Opened.Plain);
        assertThat(b.statusOf("a")).isEqualTo(SerfStatus.FAILED);
    }

    @Test
    void aJournalThatCannotBeWrittenHoldsTheRotationUp(@TempDir Path directory) throws IOException {
        rig.virtual.expectWarning("waits, because its journal cannot be written");
        Path ringFile = directory.resolve("serf").resolve("local.keyring");
        Path journal = directory.resolve("serf").resolve("local.rotation");
        Node node = rig.start(
                "a",
                settings -> settings.withKeys(new KeySettings(Optional.of(OLD), Optional.of(ringFile), true, true))
                        .withRotation(QUICK));
        Files.createDirectories(journal.resolve("in the way"));

        VirtualSystem.Recorder<RotationProgress> progress = ask(node, start());
        rig.virtual.pass(Duration.ofMinutes(1));
        assertThat(ring(node).keys())
                .as("nobody has a key that is not written down")
                .containsExactly(OLD);

        Files.delete(journal.resolve("in the way"));
        Files.delete(journal);
        passUntilEnd(progress);
        assertThat(last(progress).outcome()).contains(RotationOutcome.FINISHED);
        assertThat(journal).doesNotExist();
    }

    @Test
    void neitherFileBesideTheRingHoldsAKey(@TempDir Path directory) throws IOException {
        Path ringFile = directory.resolve("serf").resolve("local.keyring");
        Node node = rig.start(
                "a",
                settings -> settings.withKeys(new KeySettings(Optional.of(OLD), Optional.of(ringFile), true, true))
                        .withRotation(QUICK));
        VirtualSystem.Recorder<RotationProgress> progress = ask(node, start());
        rig.virtual.passUntil(
                "a rotation that waits", () -> last(progress).phase() == RotationPhase.WAITING, Duration.ofMinutes(2));

        List<String> keys = new ArrayList<>();
        for (String line : Files.readAllLines(ringFile)) {
            if (line.contains("\"")) {
                keys.add(line.replaceAll("[\", ]", ""));
            }
        }
        assertThat(keys).hasSize(2);
        String files = Files.readString(ringFile.resolveSibling("local.rotation"))
                + Files.readString(ringFile.resolveSibling("local.seals"));
        assertThat(keys).noneMatch(files::contains);
        assertThat(files).contains(OLD.id());
    }

    private List<Node> formed(RotationSettings settings, String... names) {
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(start(name, settings));
        }
        for (Node node : nodes.subList(1, nodes.size())) {
            assertThat(rig.join(node, nodes.get(0).target()).contacted()).isEqualTo(1);
        }
        rig.virtual.passUntil(
                "all know all",
                () -> nodes.stream().allMatch(node -> node.names().size() == nodes.size()),
                Duration.ofSeconds(90));
        return nodes;
    }

    private Node start(String name, RotationSettings settings) {
        return rig.start(
                name,
                start -> start.withKeys(new KeySettings(Optional.of(OLD), Optional.empty(), true, true))
                        .withMeta(Tags.encode(Map.of("sotto", "1")))
                        .withRotation(settings));
    }

    private static RotationRequest start() {
        return new RotationRequest.Start(RotationCause.ASKED, RotationMachine.Beginning.SETTLED);
    }

    private VirtualSystem.Recorder<RotationProgress> ask(Node node, RotationRequest request) {
        VirtualSystem.Recorder<RotationProgress> progress = rig.virtual.recorder();
        rig.virtual.tell(node.pool(), new GossipPool.Rotate(request, progress.ref()));
        return progress;
    }

    private RotationProgress status(Node node) {
        return last(ask(node, new RotationRequest.Status()));
    }

    private void passUntilEnd(VirtualSystem.Recorder<RotationProgress> progress) {
        rig.virtual.passUntil(
                "the end of a rotation", () -> last(progress).outcome().isPresent(), Duration.ofMinutes(10));
    }

    private static RotationProgress last(VirtualSystem.Recorder<RotationProgress> progress) {
        return progress.all().get(progress.all().size() - 1);
    }

    private static Keyring ring(Node node) {
        return node.state().policy().ring();
    }
}
