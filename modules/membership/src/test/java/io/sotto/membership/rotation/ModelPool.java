package io.sotto.membership.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A pool of rings that a {@link RotationMachine} is driven over, which checks at every step that nobody is cut off: its first
 * member carries out what the machine wants, and time passes only from one step to the next.
 */
final class ModelPool {
    static final String OLD = "0000000f";
    static final Duration GRACE = Duration.ofSeconds(60);
    static final Duration ROUND = Duration.ofSeconds(3);

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    /** One member: the ids of its keys, the primary first. */
    static final class Member {
        final List<String> ring = new ArrayList<>();
        boolean isReachable = true;
        boolean hasLeft;
        /** Why it refuses what it is told, if it does. */
        String refusal = "";

        Member(String... keys) {
            ring.addAll(List.of(keys));
        }

        String primary() {
            return ring.get(0);
        }
    }

    final SortedMap<String, Member> members = new TreeMap<>();
    final List<String> told = new ArrayList<>();
    final List<RotationProgress> progress = new ArrayList<>();
    final Set<String> confirmed = new HashSet<>();
    private final RandomGenerator random;
    private double loss;
    Instant now = START;
    RotationMachine machine;
    Optional<String> journal = Optional.empty();
    Optional<RotationProgress> end = Optional.empty();
    private List<RotationEffect> waiting = new ArrayList<>();
    private long wakeGeneration = -1;
    private Instant wakeAt = START;
    private String nextKey = "00000010";

    /** Members of these names with the old key; the first is the one that drives. */
    ModelPool(RandomGenerator random, String... names) {
        this.random = random;
        for (String name : names) {
            members.put(name, new Member(OLD));
        }
        machine = RotationMachine.of(
                RotationRules.defaults().withGrace(GRACE), RotationCause.ASKED, RotationMachine.Beginning.SETTLED, OLD);
    }

    ModelPool loss(double share) {
        loss = share;
        return this;
    }

    ModelPool newKey(String id) {
        nextKey = id;
        return this;
    }

    ModelPool start() {
        waiting.addAll(machine.start(present(), now));
        return this;
    }

    Member member(String name) {
        return Optional.ofNullable(members.get(name)).orElseThrow();
    }

    Member driver() {
        return member(members.firstKey());
    }

    /** Kills the driver and starts it again, knowing nobody yet but what {@code met} names. */
    void restart(String... met) {
        waiting.clear();
        wakeGeneration = -1;
        machine = RotationMachine.of(
                RotationRules.defaults().withGrace(GRACE),
                RotationJournal.parse(journal.orElseThrow()).orElseThrow());
        Set<String> known = new TreeSet<>(Set.of(met));
        known.add(members.firstKey());
        waiting.addAll(machine.resume(Set.copyOf(driver().ring), Attendance.of(known, Set.of(), Set.of()), now));
    }

    /** Carries out one effect, or lets time pass until there is one. False when the rotation is over. */
    boolean step() {
        if (end.isPresent()) {
            return false;
        }
        if (waiting.isEmpty()) {
            assertThat(wakeGeneration).as("something to wait for").isNotNegative();
            now = now.isBefore(wakeAt) ? wakeAt : now;
            long due = wakeGeneration;
            wakeGeneration = -1;
            waiting.addAll(machine.wake(due, present(), now));
            return true;
        }
        RotationEffect effect = waiting.remove(0);
        switch (effect.kind()) {
            case PERSIST -> journal = Optional.of(RotationJournal.text(((RotationEffect.Persist) effect).record()));
            case DRAW -> waiting.addAll(machine.drawn(nextKey, present(), now));
            case KEEP -> {
                driver().ring.add(((RotationEffect.Keep) effect).key());
                waiting.addAll(machine.kept(Optional.empty(), present(), now));
            }
            case RUN -> run((RotationEffect.Run) effect);
            case WAKE -> {
                wakeGeneration = ((RotationEffect.Wake) effect).generation();
                wakeAt = ((RotationEffect.Wake) effect).at();
            }
            case TELL -> progress.add(((RotationEffect.Tell) effect).progress());
            case END -> {
                progress.add(((RotationEffect.End) effect).progress());
                end = Optional.of(((RotationEffect.End) effect).progress());
                journal = Optional.empty();
            }
        }
        return true;
    }

    /** Goes on until it is over. */
    RotationProgress finish() {
        for (int i = 0; i < 2_000 && step(); i++) {
            // Each step checks what it does.
        }
        assertThat(end).as("an end, after %s", told).isPresent();
        return end.orElseThrow();
    }

    /** Goes on until a phase has begun. */
    ModelPool until(RotationPhase phase) {
        for (int i = 0; i < 2_000 && machine.progress().phase() != phase; i++) {
            assertThat(step()).as("still under way, after %s", told).isTrue();
        }
        assertThat(machine.progress().phase()).isEqualTo(phase);
        return this;
    }

    /** Goes on for so long, or until it is over. */
    ModelPool pass(Duration time) {
        Instant until = now.plus(time);
        for (int i = 0; i < 10_000 && (now.isBefore(until) || !waiting.isEmpty()) && step(); i++) {
            // Each step checks what it does.
        }
        return this;
    }

    void carryOut(List<RotationEffect> effects) {
        waiting.addAll(effects);
    }

    Attendance present() {
        Set<String> alive = new TreeSet<>();
        Set<String> failed = new TreeSet<>();
        Set<String> left = new TreeSet<>();
        members.forEach((name, member) -> {
            Set<String> names = member.hasLeft ? left : member.isReachable && isHeardBy(member) ? alive : failed;
            names.add(name);
        });
        return Attendance.of(alive, failed, left);
    }

    /** Whether the driver can read it: it is then listed as alive, even if it cannot read the driver. */
    private boolean isHeardBy(Member member) {
        return driver().ring.contains(member.primary());
    }

    /** Whether what members that are there send reaches it in a form that it reads. */
    private boolean reads(Member member) {
        return members.values().stream()
                .filter(other -> other.isReachable && !other.hasLeft && other != member)
                .anyMatch(other -> member.ring.contains(other.primary()));
    }

    private void run(RotationEffect.Run run) {
        told.add(run.action() + run.key().map(key -> " " + key).orElse(""));
        check(run);
        Map<String, RingAnswer> answers = new TreeMap<>();
        Set<String> hearing = new HashSet<>();
        members.forEach((name, member) -> {
            boolean isDriver = member == driver();
            boolean isLost = !isDriver && random.nextDouble() < loss * loss;
            if (isDriver || (member.isReachable && !member.hasLeft && reads(member) && !isLost)) {
                hearing.add(name);
            }
        });
        hearing.forEach(name -> {
            Member member = member(name);
            RingAnswer answer = act(member, run);
            if (member == driver() || random.nextDouble() >= loss) {
                answers.put(name, answer);
            }
        });
        now = now.plus(ROUND);
        waiting.addAll(machine.on(new RingReport(answers, Optional.empty()), present(), now));
    }

    /** What must hold whatever happens. */
    private void check(RotationEffect.Run run) {
        String key = run.key().orElse("");
        Attendance present = present();
        switch (run.action()) {
            case LIST, INSTALL -> {
                // Neither can cut anybody off.
            }
            case USE ->
                assertThat(present.alive().stream().filter(name -> !confirmed.contains(name)))
                        .as("who must read %s, after %s", key, told)
                        .allMatch(name -> member(name).ring.contains(key));
            case REMOVE ->
                assertThat(Stream.concat(present.alive().stream(), present.failed().stream())
                                .filter(name -> !confirmed.contains(name)))
                        .as("who must not seal with %s any more, after %s", key, told)
                        .noneMatch(name -> member(name).primary().equals(key));
        }
    }

    private static RingAnswer act(Member member, RotationEffect.Run run) {
        String key = run.key().orElse("");
        if (!member.refusal.isEmpty() && run.action() != RingAction.LIST) {
            return refused(member.refusal);
        }
        switch (run.action()) {
            case LIST -> {
                return new RingAnswer(true, "", member.ring, Optional.of(member.primary()));
            }
            case INSTALL -> {
                if (!member.ring.contains(key)) {
                    member.ring.add(key);
                }
            }
            case USE -> {
                if (!member.ring.remove(key)) {
                    return refused("Requested key is not in the keyring");
                }
                member.ring.add(0, key);
            }
            case REMOVE -> {
                if (member.primary().equals(key)) {
                    return refused("Removing the primary key is not allowed");
                }
                member.ring.remove(key);
            }
        }
        return new RingAnswer(true, "", List.of(), Optional.empty());
    }

    private static RingAnswer refused(String why) {
        return new RingAnswer(false, why, List.of(), Optional.empty());
    }
}
