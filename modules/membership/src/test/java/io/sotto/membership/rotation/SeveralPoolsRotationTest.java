package io.sotto.membership.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A rotation over the pool of its driver, the WAN pool, and the pool of another datacenter, of which only counts are known. */
class SeveralPoolsRotationTest {
    private static final String OLD = "0000000f";
    private static final String NEW = "00000010";
    private static final String DATACENTER = RingPlace.lanOf("dc2");
    private static final String WAN_MEMBER = RingPlace.inWan("b.dc2");

    /** The rings by name; of a datacenter several. */
    private final SortedMap<String, List<List<String>>> rings = new TreeMap<>(Map.of(
            "a",
            List.of(ring()),
            RingPlace.inWan("a.dc1"),
            List.of(ring()),
            WAN_MEMBER,
            List.of(ring()),
            DATACENTER,
            List.of(ring(), ring())));

    private final Map<String, String> unreachable = new TreeMap<>();
    /** Of a datacenter that takes what it is told on its first ring only. */
    private boolean isHalfDeaf;

    private final List<String> told = new ArrayList<>();
    private final Deque<RotationEffect> due = new ArrayDeque<>();
    private RotationMachine machine = begin(RotationMachine.Beginning.SETTLED);
    private Optional<RotationRecord> journal = Optional.empty();
    private Optional<RotationProgress> end = Optional.empty();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    private static List<String> ring() {
        return new ArrayList<>(List.of(OLD));
    }

    private static RotationMachine begin(RotationMachine.Beginning beginning) {
        return RotationMachine.of(RotationRules.defaults(), RotationCause.ASKED, beginning, OLD);
    }

    @Test
    void everyPoolEndsWithTheNewKeyAloneAndEachIsNamed() {
        run();

        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(end.orElseThrow().pools()).isEqualTo(Map.of("LAN", "1/1", "WAN", "2/2", "dc2 (LAN)", "done"));
        assertThat(rings.values()).allSatisfy(each -> assertThat(each).allMatch(List.of(NEW)::equals));
        assertThat(told)
                .containsExactly(
                        "LIST", "INSTALL " + NEW, "LIST", "USE " + NEW, "LIST", "LIST", "REMOVE " + OLD, "LIST");
    }

    @Test
    void aDatacenterThatCannotBeReachedKeepsItFromBeginning() {
        unreachable.put(DATACENTER, "no TLS");
        run();

        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.REFUSED);
        assertThat(end.orElseThrow().text()).isEqualTo("dc2 (LAN): no TLS");
        assertThat(rings.values()).allSatisfy(each -> assertThat(each).allMatch(List.of(OLD)::equals));
    }

    @Test
    void oneThatCannotBeReachedLaterIsNamedWithTheReasonAndWaitedFor() {
        until(RotationPhase.INSTALLING);
        unreachable.put(DATACENTER, "no route");
        pass(Duration.ofMinutes(5));

        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of(DATACENTER, "does not answer: no route"));
        assertThat(machine.progress().pools()).isEqualTo(Map.of("LAN", "1/1", "WAN", "2/2", "dc2 (LAN)", "waiting"));
        assertThat(rings.get("a")).as("the new key is not used").containsExactly(List.of(OLD, NEW));

        unreachable.clear();
        run();
        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void aKeyThatOnlySomeRingsOfADatacenterHaveIsNotUsed() {
        until(RotationPhase.INSTALLING);
        isHalfDeaf = true;
        pass(Duration.ofMinutes(5));

        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of(DATACENTER, "lacks the key: 1/2 rings"));
        assertThat(told).doesNotContain("USE " + NEW);

        isHalfDeaf = false;
        run();
        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
    }

    @Test
    void anOldKeyThatSomeRingsOfADatacenterStillHaveIsRemovedAgain() {
        until(RotationPhase.REMOVING);
        isHalfDeaf = true;
        pass(Duration.ofSeconds(2));
        assertThat(machine.progress().waitingFor()).isEqualTo(Map.of(DATACENTER, "still has an old key: 1/2 rings"));

        isHalfDeaf = false;
        run();
        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(rings.get(DATACENTER)).allMatch(List.of(NEW)::equals);
    }

    @Test
    void ringsThatDifferWithinADatacenterAreNotWhereARotationBegins() {
        rings.getOrDefault(DATACENTER, List.of()).get(1).add("000000aa");
        run();

        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.REFUSED);
        assertThat(end.orElseThrow().text()).contains("members hold different keys");

        end = Optional.empty();
        machine = begin(RotationMachine.Beginning.ANY);
        run();
        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
        assertThat(rings.get(DATACENTER)).allMatch(List.of(NEW)::equals);
    }

    @Test
    void aDriverInItsNextLifeWaitsForThePoolsThatItDoesNotKnowYet() {
        until(RotationPhase.CHECKING);
        step();
        machine = RotationMachine.of(RotationRules.defaults(), journal.orElseThrow());
        due.clear();
        Attendance onlyLan = Attendance.of(Set.of("a"), Set.of(), Set.of());
        machine.resume(Set.of(OLD, NEW), onlyLan, now);
        RingAnswer own = new RingAnswer(true, "", List.of(OLD, NEW), Optional.of(OLD));

        List<RotationEffect> effects = machine.on(new RingReport(Map.of("a", own), Optional.empty()), onlyLan, now);

        assertThat(effects).noneMatch(effect -> effect.kind() == RotationEffect.Kind.RUN);
        assertThat(machine.progress().waitingFor()).containsKeys(WAN_MEMBER, DATACENTER);
        due.addAll(effects);
        run();
        assertThat(end.orElseThrow().outcome()).contains(RotationOutcome.FINISHED);
    }

    private Attendance present() {
        return Attendance.of(rings.keySet(), Set.of(), Set.of());
    }

    private void run() {
        pass(Duration.ofDays(1));
        assertThat(end).as("an end after %s", told).isPresent();
    }

    private void until(RotationPhase phase) {
        start();
        for (int i = 0; i < 1_000 && machine.progress().phase() != phase; i++) {
            step();
        }
        assertThat(machine.progress().phase()).isEqualTo(phase);
    }

    private void pass(Duration time) {
        start();
        Instant until = now.plus(time);
        for (int i = 0; i < 10_000 && end.isEmpty() && now.isBefore(until); i++) {
            step();
        }
    }

    private void start() {
        if (machine.progress().phase() == RotationPhase.IDLE) {
            due.addAll(machine.start(present(), now));
        }
    }

    private void step() {
        RotationEffect effect = due.remove();
        switch (effect.kind()) {
            case PERSIST -> journal = Optional.of(((RotationEffect.Persist) effect).record());
            case DRAW -> due.addAll(machine.drawn(NEW, present(), now));
            case KEEP -> {
                rings.getOrDefault("a", List.of()).get(0).add(NEW);
                due.addAll(machine.kept(Optional.empty(), present(), now));
            }
            case RUN -> ask((RotationEffect.Run) effect);
            case WAKE -> {
                RotationEffect.Wake wake = (RotationEffect.Wake) effect;
                now = now.isBefore(wake.at()) ? wake.at() : now;
                due.addAll(machine.wake(wake.generation(), present(), now));
            }
            case TELL -> {
                // It is in the machine too.
            }
            case END -> end = Optional.of(((RotationEffect.End) effect).progress());
        }
    }

    private void ask(RotationEffect.Run run) {
        told.add(run.action() + run.key().map(key -> " " + key).orElse(""));
        Map<String, RingAnswer> answers = new TreeMap<>();
        rings.forEach((name, all) -> {
            if (!unreachable.containsKey(name)) {
                answers.put(name, answer(all, run));
            }
        });
        now = now.plusSeconds(1);
        due.addAll(machine.on(new RingReport(answers, unreachable, Optional.empty()), present(), now));
    }

    private RingAnswer answer(List<List<String>> all, RotationEffect.Run run) {
        if (run.action() == RingAction.LIST) {
            Set<String> on = Set.copyOf(all.stream().flatMap(List::stream).toList());
            List<String> everywhere = on.stream()
                    .filter(key -> all.stream().allMatch(ring -> ring.contains(key)))
                    .toList();
            Set<String> primaries =
                    Set.copyOf(all.stream().map(ring -> ring.get(0)).toList());
            boolean isOne = primaries.size() == 1;
            return new RingAnswer(
                    true,
                    "",
                    everywhere,
                    isOne ? primaries.stream().findFirst() : Optional.empty(),
                    Set.copyOf(
                            on.stream().filter(key -> !everywhere.contains(key)).toList()),
                    isOne ? Set.of() : primaries);
        }
        String key = run.key().orElseThrow();
        List<List<String>> hearing = isHalfDeaf ? all.subList(0, 1) : all;
        hearing.forEach(ring -> change(ring, run.action(), key));
        boolean isAll = hearing.size() == all.size();
        return new RingAnswer(isAll, isAll ? "" : "1/2 rings", List.of(), Optional.empty());
    }

    private static void change(List<String> ring, RingAction action, String key) {
        switch (action) {
            case INSTALL -> {
                if (!ring.contains(key)) {
                    ring.add(key);
                }
            }
            case USE -> {
                assertThat(ring.remove(key))
                        .as("%s is on the ring before it is used", key)
                        .isTrue();
                ring.add(0, key);
            }
            case REMOVE -> {
                assertThat(ring.get(0)).as("the primary stays").isNotEqualTo(key);
                ring.remove(key);
            }
            case LIST -> throw new IllegalArgumentException("changes nothing");
        }
    }
}
