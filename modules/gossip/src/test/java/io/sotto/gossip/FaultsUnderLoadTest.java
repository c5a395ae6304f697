package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.Supervision.Aftermath;
import io.sotto.gossip.VirtualPools.Node;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rows of docs/internals/supervision.md on the actors of a pool: each is made to fail on every kind of message that it gets,
 * before it has done anything and after all of it, while members come and go, keys change, and events and questions fly.
 */
class FaultsUnderLoadTest {
    /** Rounds of work, of a virtual second each, without a new kind of message to fail on. */
    private static final int QUIET_ROUNDS = 5;

    private static final int ROUNDS_MAX = 40;

    /** How often each kind of message is failed on, before and after. */
    private static final int TIMES = 2;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    /** Fails twice before, and twice after, each kind of message of one kind of actor, not twice within a round. */
    private static final class EachOnce implements Supervision.Faults {
        private final ActorKind kind;
        private final Map<String, Integer> done = new HashMap<>();
        private final List<String> fired = new ArrayList<>();
        private boolean isArmed;

        EachOnce(ActorKind kind, boolean isArmed) {
            this.kind = kind;
            this.isArmed = isArmed;
        }

        @Override
        public void before(ActorKind actor, Object message) {
            fail(actor, "before", message);
        }

        @Override
        public void after(ActorKind actor, Object message) {
            fail(actor, "after", message);
        }

        private void fail(ActorKind actor, String moment, Object message) {
            String point = moment + " " + message.getClass().getSimpleName();
            if (isArmed && actor == kind && done.merge(point, 1, Integer::sum) <= TIMES) {
                isArmed = false;
                fired.add(point);
                throw new IllegalStateException("made to fail " + point);
            }
        }
    }

    @Test
    void everyActorOfAPoolHasARow() throws IOException {
        assertThat(rows().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ActorKind.values()).map(ActorKind::label).toList());
    }

    @TestFactory
    Stream<DynamicTest> eachRowIsSo() throws IOException {
        Map<String, Aftermath> rows = rows();
        return Arrays.stream(ActorKind.values())
                .map(kind -> DynamicTest.dynamicTest(
                        kind.label(),
                        () -> failUnderLoad(kind, Objects.requireNonNull(rows.get(kind.label()), "no row"))));
    }

    @Test
    void aMemberWhoseArrivalWasLostIsListedAndAnnouncedAllTheSame() {
        try (VirtualPools pools = new VirtualPools()) {
            pools.virtual.expectWarning("made to fail");
            pools.virtual.tolerateWarning("");
            Node a = pools.start("a");
            VirtualSystem.Recorder<MemberEvent> told = pools.virtual.recorder();
            pools.virtual.tell(a.pool(), new GossipPool.Subscribe(told.ref()));
            AtomicBoolean isLost = new AtomicBoolean();
            a.state().counters().supervision().inject(new Supervision.Faults() {
                @Override
                public void before(ActorKind kind, Object message) {
                    if (message instanceof Members.Changed changed
                            && changed.change().after().name().equals("z")
                            && isLost.compareAndSet(false, true)) {
                        throw new IllegalStateException("made to fail on the arrival of z");
                    }
                }
            });

            pools.join(pools.start("z"), a.target());
            pools.virtual.pass(Duration.ofSeconds(1));

            assertThat(isLost).isTrue();
            assertThat(a.names()).contains("z");
            assertThat(told.all())
                    .extracting(event -> event.kind() + " " + event.member().name())
                    .contains("JOINED z");
        }
    }

    private void failUnderLoad(ActorKind kind, Aftermath expected) throws IOException {
        boolean isEarly = kind == ActorKind.RETRY_JOIN || kind == ActorKind.REJOIN;
        EachOnce faults = new EachOnce(kind, isEarly);
        try (FaultyPool pool = new FaultyPool(directory.resolve(kind.label()), faults, kind != ActorKind.RETRY_JOIN)) {
            pool.pools.virtual.passUntil("all know all", pool::allKnowAll, PATIENCE);
            int quiet = 0;
            for (int round = 0; round < ROUNDS_MAX && quiet < QUIET_ROUNDS; round++) {
                int before = faults.fired.size();
                faults.isArmed = true;
                if (kind == ActorKind.ROTATION && round % 15 == 0) {
                    pool.rotate();
                }
                if (kind == ActorKind.TRANSPORT && round % 10 == 0) {
                    // It gets no message but that.
                    faults.fired.add("its socket broke");
                    pool.pools.sockets.breakSocket(pool.a().address());
                }
                pool.work();
                quiet = faults.fired.size() > before ? 0 : quiet + 1;
            }
            faults.isArmed = false;
            pool.quiet();

            assertThat(faults.fired).as("faults").isNotEmpty();
            Supervision supervision = pool.a().state().counters().supervision();
            for (Aftermath aftermath : Aftermath.values()) {
                assertThat(supervision.failures(kind, aftermath))
                        .as("%s after %s", aftermath, faults.fired)
                        .isBetween(
                                aftermath == expected ? 1L : 0L,
                                aftermath == expected ? (long) faults.fired.size() : 0L);
            }
            nothingIsLost(pool, faults);
            everythingWorks(pool);
        }
    }

    private static void nothingIsLost(FaultyPool pool, EachOnce faults) throws IOException {
        String context = "after " + faults.fired;
        pool.pools.virtual.passUntil("all know all " + context, pool::allKnowAll, PATIENCE);
        for (int i = 0; i < pool.nodes.size(); i++) {
            assertThat(pool.members.get(i).all())
                    .as("what %s was told %s", pool.nodes.get(i).name(), context)
                    .noneMatch(event ->
                            Set.of("a", "b", "c").contains(event.member().name())
                                    && (event.kind() == MemberEvent.Kind.FAILED
                                            || event.kind() == MemberEvent.Kind.LEFT
                                            || event.kind() == MemberEvent.Kind.REAPED));
        }
        for (VirtualSystem.Recorder<MemberEvent> told : pool.members) {
            assertThat(joined(told)).as("who came %s", context).isEqualTo(joined(pool.members.get(1)));
        }
        List<GossipKey> ring = pool.a().state().policy().ring().keys();
        assertThat(ring).as("keys %s", context).isNotEmpty();
        for (Node node : pool.nodes) {
            assertThat(node.state().policy().ring().primary())
                    .as("primary of %s %s", node.name(), context)
                    .isEqualTo(Optional.of(ring.get(0)));
        }
        assertThat(ring).allSatisfy(key -> assertThat(pool.ringFile()).contains(key.toBase64(KeyAccess.KEYRING_FILE)));
        List<FaultyPool.Call> unanswered = pool.unanswered();
        long before = faults.fired.stream()
                .filter(point -> point.startsWith("before"))
                .count();
        assertThat(unanswered).as("calls without an answer %s", context).hasSizeLessThanOrEqualTo((int) before);
    }

    private static Set<String> joined(VirtualSystem.Recorder<MemberEvent> told) {
        return told.all().stream()
                .filter(event -> event.kind() == MemberEvent.Kind.JOINED)
                .map(event -> event.member().name())
                .collect(Collectors.toSet());
    }

    private static void everythingWorks(FaultyPool pool) {
        VirtualSystem virtual = pool.pools.virtual;
        pool.events.forEach(told -> told.all().clear());
        for (Node node : pool.nodes) {
            node.pool()
                    .tell(new GossipPool.Broadcast(
                            "last",
                            Octets.utf8(node.name()),
                            false,
                            virtual.<Broadcasted>recorder().ref()));
        }
        virtual.passUntil(
                "each event at each node",
                () -> pool.events.stream()
                        .allMatch(told -> told.all().stream()
                                        .filter(event -> event.name().equals("last"))
                                        .count()
                                == pool.nodes.size()),
                PATIENCE);
        pool.calls.clear();
        for (Node node : pool.nodes) {
            pool.query(node);
            pool.<Boolean>ask(node, "force-leave", reply -> new GossipPool.ForceLeave("nobody", false, reply));
        }
        virtual.passUntil("answers", () -> pool.unanswered().isEmpty(), PATIENCE);

        pool.members.forEach(told -> told.all().clear());
        Node last = pool.pools.start(
                "z",
                settings -> settings.withKeys(VirtualPools.keyed(
                        pool.a().state().policy().ring().primary().orElseThrow().toBase64(KeyAccess.KEYRING_FILE))));
        pool.pools.join(last, pool.nodes.get(1).target());
        virtual.passUntil("the newcomer is known", () -> isTold(pool, MemberEvent.Kind.JOINED), PATIENCE);
        virtual.stop(last.pool());
        virtual.passUntil(
                "its end is noticed",
                () -> pool.a().statusOf("z") == SerfStatus.FAILED && isTold(pool, MemberEvent.Kind.FAILED),
                PATIENCE);
    }

    private static boolean isTold(FaultyPool pool, MemberEvent.Kind kind) {
        return pool.members.stream()
                .allMatch(told -> told.all().stream()
                        .anyMatch(event ->
                                event.kind() == kind && event.member().name().equals("z")));
    }

    /** What the page says of each actor: its label, and what becomes of it. */
    private static Map<String, Aftermath> rows() throws IOException {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("docs/internals/supervision.md"))) {
            at = Objects.requireNonNull(at.getParent(), "no page");
        }
        Map<String, Aftermath> rows = new TreeMap<>();
        boolean isOurs = false;
        for (String line : Files.readAllLines(at.resolve("docs/internals/supervision.md"))) {
            if (line.startsWith("## ")) {
                isOurs = line.equals("## The actors of a pool");
            }
            List<String> cells = List.of(line.split("\\|", -1));
            if (isOurs && cells.size() > 3 && cells.get(1).contains("`")) {
                rows.put(
                        cells.get(1).replace("`", "").strip(),
                        switch (cells.get(2).strip()) {
                            case "goes on" -> Aftermath.RESUMED;
                            case "begins anew" -> Aftermath.RESTARTED;
                            case "ends" -> Aftermath.STOPPED;
                            default -> throw new IllegalStateException("what becomes of it? " + line);
                        });
            }
        }
        return rows;
    }
}
