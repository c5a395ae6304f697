package io.sotto.membership.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One rotation, as the member that drives it sees it:
 *
 * <pre>
 *   surveying -> making -> installing -> checking -> using -> confirming -> waiting -> confirming -> removing -> clearing -> done
 * </pre>
 *
 * <p>Two rules hold in every state. No key is used that a member which is there was not seen to hold. No key is removed that
 * a member may still seal with. So whoever is listed counts, also while it is away, until it returns, leaves, or the operator
 * says by name to go on without it; and what counts is what members list, not what they said when they were told to do
 * something. A member that is found without the new key gets it: before the key is used by another round, afterwards by a
 * <em>rescue</em>, in which all seal with the old key again until it has the new one.
 *
 * <p>Calling it off is the same way with the keys changed over. When old keys are being removed it is too late for that, and it
 * only ends. Each step can be done twice, so a driver that died begins again with the last check before what it may have
 * done. Two rotations at once: of two that began together the one with the lower key id goes on; one that was already
 * confirmed gives way to another primary that came later. Neither removes keys that were not there when it began.
 *
 * <p>One question is under way at a time. Not safe for use by several threads. Longer than most because all that it can be told
 * and all that follows from it are best read together; what a listing shows is in {@link Inspection} and {@link Judgement}.
 * Source: ours; gossip specification, section 17.7, for the order.
 *
 * <p>Over 400 lines: one machine; its steps read in the order in which they are taken.
 */
public final class RotationMachine {
    /** Which rings a rotation may begin with. */
    public enum Beginning {
        /** All members have the same keys and the same primary: nobody else is changing them. */
        SETTLED,
        /** Any: for mending what another rotation left behind. */
        ANY
    }

    /** How often it looks whether somebody came while it waits. */
    private static final Duration LOOK_UP = Duration.ofSeconds(5);

    private final RotationRules rules;
    private final Beginning beginning;
    private final Evidence evidence;
    private final Set<String> listed = new HashSet<>();
    private final Deque<String> toRemove = new ArrayDeque<>();
    private final SortedMap<String, String> refusals = new TreeMap<>();
    private final SortedMap<String, String> unasked = new TreeMap<>();

    private RotationRecord record;
    private Optional<RotationRecord> persisted = Optional.empty();
    private Attendance attendance = Attendance.of(List.of(), List.of(), List.of());
    private List<RotationEffect> effects = new ArrayList<>();
    private RotationProgress progress = RotationProgress.idle("");
    private SortedMap<String, Lack> lastLacks = new TreeMap<>();
    private RotationPhase next = RotationPhase.SURVEYING;
    private String text = "";
    private boolean isAsking;
    private boolean isCalledOff;
    private boolean isOver;
    private int rounds;
    private int rescues;
    private long generation;

    private RotationMachine(RotationRules rules, Beginning beginning, RotationRecord record) {
        this.rules = rules;
        this.beginning = beginning;
        this.evidence = new Evidence(rules.fresh());
        this.record = record;
    }

    /** A rotation away from the key of this id, which this node seals with. Followed by {@link #start}. */
    public static RotationMachine of(RotationRules rules, RotationCause cause, Beginning beginning, String oldKey) {
        return new RotationMachine(rules, beginning, RotationRecord.surveying(cause, oldKey));
    }

    /** The rotation that an earlier life of this node drove. Followed by {@link #resume}. */
    public static RotationMachine of(RotationRules rules, RotationRecord record) {
        return new RotationMachine(rules, Beginning.ANY, record);
    }

    /** Begins. */
    public List<RotationEffect> start(Attendance present, Instant now) {
        attend(present);
        enter(RotationPhase.SURVEYING, now);
        return taken();
    }

    /**
     * Goes on where the earlier life may have stopped.
     *
     * @param ownKeys the ids of the keys on this node's ring
     */
    public List<RotationEffect> resume(Set<String> ownKeys, Attendance present, Instant now) {
        persisted = Optional.of(record);
        attend(present);
        if (record.course() == RotationCourse.RESCUE) {
            record = record.heading(RotationCourse.FORWARD);
        }
        if (!ownKeys.contains(record.target())) {
            end(
                    record.phase() == RotationPhase.MAKING ? RotationOutcome.ABORTED : RotationOutcome.FAILED,
                    "key " + record.target() + " is not on the ring of this node");
            return taken();
        }
        enter(
                switch (record.phase()) {
                    case IDLE, SURVEYING, MAKING, INSTALLING -> RotationPhase.INSTALLING;
                    case CHECKING, USING -> RotationPhase.CHECKING;
                    case CONFIRMING, WAITING, REMOVING, CLEARING, DONE -> RotationPhase.CONFIRMING;
                },
                now);
        return taken();
    }

    /** A key of this id was drawn; nobody has it yet. */
    public List<RotationEffect> drawn(String key, Attendance present, Instant now) {
        attend(present);
        if (!isOver && record.phase() == RotationPhase.MAKING) {
            if (record.retired().contains(key)) {
                effects.add(new RotationEffect.Draw());
            } else {
                record = record.drawn(key);
                persist();
                effects.add(new RotationEffect.Keep(key));
            }
        }
        return taken();
    }

    /** The drawn key is on the ring of this node, or, for this reason, not. */
    public List<RotationEffect> kept(Optional<String> fault, Attendance present, Instant now) {
        attend(present);
        if (!isOver && record.phase() == RotationPhase.MAKING) {
            if (fault.isPresent()) {
                end(RotationOutcome.REFUSED, fault.get());
            } else if (isCalledOff) {
                turnBack("", now);
            } else {
                enter(RotationPhase.INSTALLING, now);
            }
        }
        return taken();
    }

    /** What came of the last {@link RotationEffect.Run}. */
    public List<RotationEffect> on(RingReport report, Attendance present, Instant now) {
        attend(present);
        if (isOver || !isAsking) {
            return taken();
        }
        isAsking = false;
        unasked.clear();
        unasked.putAll(report.unasked());
        if (report.refused().isPresent()) {
            refused(report.refused().get(), now);
        } else {
            answered(report, now);
        }
        return taken();
    }

    /** The time of a {@link RotationEffect.Wake} has come. */
    public List<RotationEffect> wake(long which, Attendance present, Instant now) {
        attend(present);
        if (!isOver && !isAsking && which == generation) {
            if (record.phase() == RotationPhase.WAITING && !isWaitOver(now)) {
                lookUpLater(now);
            } else {
                enter(next, now);
            }
        }
        return taken();
    }

    /** The operator wants it called off. */
    public List<RotationEffect> abort(Attendance present, Instant now) {
        attend(present);
        if (!isOver && record.course() != RotationCourse.BACK) {
            if (record.hasReached(RotationReach.REMOVING)) {
                end(RotationOutcome.ABORTED, "old keys are being removed already; the new key stays");
            } else if (isAsking || record.phase() == RotationPhase.MAKING) {
                isCalledOff = true;
            } else {
                turnBack("", now);
            }
        }
        return taken();
    }

    /** The operator wants it done without these members, as long as they do not answer; only listed members are heeded. */
    public List<RotationEffect> without(Set<String> names, Attendance present, Instant now) {
        attend(present);
        SortedSet<String> known = new TreeSet<>(names);
        known.retainAll(record.expected());
        if (!isOver && !record.without().containsAll(known)) {
            record = record.without(known);
            if (record.phase() != RotationPhase.SURVEYING && record.phase() != RotationPhase.MAKING) {
                persist();
            }
            if (!isAsking && record.phase() != RotationPhase.WAITING && record.phase() != RotationPhase.MAKING) {
                enter(next, now);
            }
        }
        return taken();
    }

    /** Where it stands. */
    public RotationProgress progress() {
        return progress;
    }

    private void refused(String reason, Instant now) {
        if (isCalledOff && record.phase() != RotationPhase.SURVEYING) {
            turnBack("", now);
        } else if (record.phase() == RotationPhase.SURVEYING) {
            end(isCalledOff ? RotationOutcome.ABORTED : RotationOutcome.REFUSED, reason);
        } else {
            text = reason;
            again(record.phase(), new TreeMap<>(), now);
        }
    }

    private void answered(RingReport report, Instant now) {
        switch (record.phase()) {
            case SURVEYING -> surveyed(report);
            case INSTALLING ->
                told(
                        report,
                        record.course() == RotationCourse.RESCUE ? RotationPhase.USING : RotationPhase.CHECKING,
                        now);
            case USING -> {
                boolean isRescue = record.course() == RotationCourse.RESCUE;
                if (isRescue) {
                    record = record.heading(RotationCourse.FORWARD);
                }
                told(report, isRescue ? RotationPhase.INSTALLING : RotationPhase.CONFIRMING, now);
            }
            case REMOVING -> {
                if (toRemove.isEmpty()) {
                    told(report, RotationPhase.CLEARING, now);
                } else {
                    run(RingAction.REMOVE, toRemove.pop());
                }
            }
            case CHECKING, CONFIRMING, CLEARING -> {
                evidence.add(report, attendance, record.target(), now);
                if (isCalledOff) {
                    turnBack("", now);
                } else {
                    judge(now);
                }
            }
            case IDLE, MAKING, WAITING, DONE -> {
                // Nothing was asked.
            }
        }
    }

    private void told(RingReport report, RotationPhase then, Instant now) {
        refusals.clear();
        report.answers().forEach((name, answer) -> {
            if (!answer.done() && attendance.alive().contains(name)) {
                refusals.put(name, answer.message());
            }
        });
        if (isCalledOff && !record.hasReached(RotationReach.REMOVING)) {
            turnBack("", now);
        } else {
            if (then != RotationPhase.CHECKING) {
                evidence.askAnew();
            }
            enter(then, now);
        }
    }

    private void surveyed(RingReport report) {
        if (isCalledOff) {
            end(RotationOutcome.ABORTED, "");
            return;
        }
        SortedMap<String, RingAnswer> answers = new TreeMap<>(report.answers());
        answers.keySet().retainAll(attendance.alive());
        Optional<String> refusal = answers.entrySet().stream()
                .filter(answer -> !answer.getValue().done())
                .map(answer -> answer.getKey() + ": " + answer.getValue().message())
                .findFirst()
                .or(this::outOfReach);
        if (refusal.isPresent()) {
            end(RotationOutcome.REFUSED, refusal.get());
            return;
        }
        Collection<RingAnswer> rings = answers.values();
        NavigableSet<String> keys = new TreeSet<>();
        keys.add(record.oldKey());
        rings.forEach(ring ->
                ring.all().stream().filter(key -> keys.size() < rules.keysMax()).forEach(keys::add));
        boolean isSettled = rings.stream()
                .allMatch(ring -> ring.uses(record.oldKey())
                        && ring.partly().isEmpty()
                        && new HashSet<>(ring.keys()).equals(keys));
        if (beginning == Beginning.SETTLED && !isSettled) {
            end(
                    RotationOutcome.REFUSED,
                    "members hold different keys, as while a rotation is under way; see keyring status");
            return;
        }
        record = record.retiring(keys).at(RotationPhase.MAKING);
        tell(new TreeMap<>());
        effects.add(new RotationEffect.Draw());
    }

    /** Who is there, cannot be asked, and would be waited for in vain: a rotation that is not to mend anything does not begin. */
    private Optional<String> outOfReach() {
        return beginning == Beginning.ANY
                ? Optional.empty()
                : unasked.entrySet().stream()
                        .filter(why -> attendance.alive().contains(why.getKey()))
                        .map(why -> why.getKey() + ": " + why.getValue())
                        .findFirst();
    }

    /** A listing has come: what now? */
    private void judge(Instant now) {
        Inspection inspection = new Inspection(record, attendance, evidence);
        SortedMap<String, Lack> lacks = inspection.lacks(now);
        lastLacks = lacks;
        Judgement judgement = new Judgement(record, rules, inspection, rounds, rescues);
        Judgement.Step step = judgement.of(lacks, now);
        switch (step.kind()) {
            case ENTER -> {
                rounds = 0;
                enter(step.phase(), now);
            }
            case AGAIN -> again(step.phase(), lacks, now);
            case SETTLE -> settle(now);
            case RESCUE -> {
                rescues++;
                rounds = 0;
                text = step.text();
                record = record.heading(RotationCourse.RESCUE);
                evidence.askAnew();
                enter(step.phase(), now);
            }
            case BACK -> turnBack(step.text(), now);
            case END -> end(step.outcome(), step.text().isEmpty() ? text : step.text());
        }
    }

    /** All seal with the key. */
    private void settle(Instant now) {
        rounds = 0;
        if (record.isUndone() || (record.waitUntil().isPresent() && isWaitOver(now))) {
            enter(RotationPhase.REMOVING, now);
            return;
        }
        if (record.waitUntil().isEmpty()) {
            record = record.waitingUntil(now.plus(rules.grace()));
        }
        if (record.course() == RotationCourse.FORWARD) {
            record = record.reaching(RotationReach.CONFIRMED);
        }
        enter(RotationPhase.WAITING, now);
    }

    private void turnBack(String why, Instant now) {
        isCalledOff = false;
        text = why;
        rounds = 0;
        evidence.forget();
        record = record.heading(RotationCourse.BACK);
        enter(record.isUndone() ? RotationPhase.CONFIRMING : RotationPhase.INSTALLING, now);
    }

    private boolean isWaitOver(Instant now) {
        boolean someoneCame = attendance.alive().stream()
                .anyMatch(name -> !evidence.held(name) && !record.without().contains(name));
        return someoneCame || !now.isBefore(record.waitUntil().orElse(now));
    }

    private void lookUpLater(Instant now) {
        Instant later = now.plus(LOOK_UP);
        Instant until = record.waitUntil().orElse(now);
        effects.add(new RotationEffect.Wake(until.isBefore(later) ? until : later, ++generation));
    }

    private void enter(RotationPhase phase, Instant now) {
        generation++;
        next = phase;
        switch (phase) {
            case SURVEYING -> move(phase, RingAction.LIST);
            case INSTALLING -> {
                moved(phase);
                run(RingAction.INSTALL, record.target());
            }
            case CHECKING, CLEARING -> move(phase, RingAction.LIST);
            case CONFIRMING -> {
                if (record.phase() == RotationPhase.WAITING) {
                    evidence.askAnew();
                }
                move(phase, RingAction.LIST);
            }
            case USING -> {
                if (record.course() == RotationCourse.FORWARD) {
                    record = record.reaching(RotationReach.USED);
                }
                moved(phase);
                run(RingAction.USE, record.target());
            }
            case WAITING -> {
                next = RotationPhase.CONFIRMING;
                moved(phase);
                lookUpLater(now);
            }
            case REMOVING -> remove(now);
            case IDLE, MAKING, DONE -> throw new IllegalArgumentException("not entered like this: " + phase);
        }
    }

    private void remove(Instant now) {
        if (record.course() == RotationCourse.FORWARD) {
            record = record.reaching(RotationReach.REMOVING);
        }
        moved(RotationPhase.REMOVING);
        toRemove.clear();
        boolean isAll = record.isUndone() || rounds >= rules.patience();
        record.leaving().stream()
                .filter(key -> isAll || evidence.answers(now).anyMatch(answer -> answer.hasSomewhere(key)))
                .forEach(toRemove::add);
        if (toRemove.isEmpty()) {
            evidence.askAnew();
            enter(RotationPhase.CLEARING, now);
        } else {
            run(RingAction.REMOVE, toRemove.pop());
        }
    }

    private void move(RotationPhase phase, RingAction action) {
        moved(phase);
        isAsking = true;
        effects.add(new RotationEffect.Run(action, Optional.empty()));
    }

    private void moved(RotationPhase phase) {
        boolean isNew = phase != record.phase() || progress.phase() == RotationPhase.IDLE;
        record = record.at(phase);
        if (phase != RotationPhase.SURVEYING) {
            persist();
        }
        if (isNew && rounds == 0) {
            tell(new TreeMap<>());
        }
    }

    private void run(RingAction action, String key) {
        isAsking = true;
        effects.add(new RotationEffect.Run(action, Optional.of(key)));
    }

    /** Not all are where they should be: says so, and goes on with {@code phase} in a while. */
    private void again(RotationPhase phase, SortedMap<String, Lack> lacks, Instant now) {
        rounds++;
        next = phase;
        tell(lacks);
        effects.add(new RotationEffect.Wake(now.plus(rules.pause(rounds)), ++generation));
    }

    private void persist() {
        if (!persisted.equals(Optional.of(record))) {
            persisted = Optional.of(record);
            effects.add(new RotationEffect.Persist(record));
        }
    }

    private void tell(SortedMap<String, Lack> lacks) {
        lastLacks = lacks;
        RotationProgress told = progress(lacks, Optional.empty());
        if (!told.equals(progress)) {
            progress = told;
            effects.add(new RotationEffect.Tell(told));
        }
    }

    private void end(RotationOutcome outcome, String why) {
        isOver = true;
        text = why;
        record = record.at(RotationPhase.DONE);
        progress = progress(new TreeMap<>(), Optional.of(outcome));
        effects.add(new RotationEffect.End(progress));
    }

    private RotationProgress progress(SortedMap<String, Lack> lacks, Optional<RotationOutcome> outcome) {
        SortedMap<String, String> waitingFor = new TreeMap<>();
        lacks.forEach((name, lack) -> {
            String why = lack == Lack.SILENT ? unasked.getOrDefault(name, "") : "";
            String refusal = why.isEmpty() ? refusals.getOrDefault(name, "") : why;
            waitingFor.put(name, refusal.isEmpty() ? lack.text : lack.text + ": " + refusal);
        });
        int members = record.expected().size();
        return new RotationProgress(
                record.phase(),
                record.course(),
                record.cause(),
                Optional.of(record.newKey()).filter(key -> !key.isEmpty()),
                Optional.of(record.oldKey()),
                members - waitingFor.size(),
                members,
                waitingFor,
                outcome,
                text,
                pools(outcome));
    }

    /** Of a rotation that did not begin there is nothing to tell. */
    private SortedMap<String, String> pools(Optional<RotationOutcome> outcome) {
        if (outcome.filter(RotationOutcome.REFUSED::equals).isPresent()) {
            return new TreeMap<>();
        }
        boolean isAll = outcome.filter(RotationOutcome.FINISHED::equals).isPresent();
        return RingPlace.tally(record.expected(), isAll ? Set.of() : lastLacks.keySet());
    }

    /** Takes in who is there. Whoever was expected and has not been seen in this life is away. */
    private void attend(Attendance present) {
        listed.addAll(present.alive());
        listed.addAll(present.failed());
        listed.addAll(present.left());
        NavigableSet<String> failed = new TreeSet<>(present.failed());
        record.expected().stream().filter(name -> !listed.contains(name)).forEach(failed::add);
        attendance = new Attendance(present.alive(), failed, present.left());
        record = record.expecting(attendance.counted());
        listed.retainAll(unforgotten(present));
        evidence.attend(attendance);
    }

    private static Set<String> unforgotten(Attendance present) {
        Set<String> names = new HashSet<>(present.alive());
        names.addAll(present.failed());
        names.addAll(present.left());
        return names;
    }

    private List<RotationEffect> taken() {
        List<RotationEffect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
