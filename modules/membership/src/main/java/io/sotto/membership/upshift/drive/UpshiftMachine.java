package io.sotto.membership.upshift.drive;

import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.drive.OrderAnswer.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One upshift, as the member that drives it sees it:
 *
 * <pre>
 *   entering -> fencing -> moving -> closing -> over
 *
 *   entering   asks everybody, until it is known what there is to do, or to take over
 *   fencing    all take the record, and nothing else: after a takeover, so that no order of the old epoch can come after; and while
 *              it is not known where some members are, so that the others can tell of it and go on with it
 *   moving     asks, orders one group to a neighbouring stage, asks again
 *   closing    everybody is told how it ended
 * </pre>
 *
 * <p>Three rules hold. What decides is what members answered to the newest question, asked after the last order was answered, and
 * held against who is listed when the answers are in: whoever is listed counts, alive or failed, until it leaves or the operator
 * says by name to go on without it. Nobody is ordered up before all are known to be on the stage below, and nobody further than
 * one stage. What is ordered was written down before. So whoever can talk to each other still can after each order, wherever the
 * driver dies.
 *
 * <p>Whoever turns up behind the others is brought up first, stage by stage, and no gate opens meanwhile. Calling it off takes
 * everybody to the last stage that all had confirmed, and ends once each has said so and taken the record of it: one that has not
 * might still carry out an earlier order. Before it is known where all are nobody was moved, and it ends at once. A member that took over trusts its own record and what members report of
 * themselves, but no exclusions and no stages that other members' records tell of.
 *
 * <p>One question or order is under way at a time. Not safe for use by several threads. Source: ours; agent specification, section
 * 4, for the ladder.
 *
 * <p>Over 400 lines: one machine; what it can be told and what follows are best read together.
 */
public final class UpshiftMachine {
    private enum Phase {
        ENTERING,
        FENCING,
        MOVING,
        CLOSING,
        OVER
    }

    private final UpshiftRules rules;
    private final Takeover takeover;
    private final Roll roll = new Roll();
    private final Silence silence;
    /** Those that have taken an order of this epoch and course. */
    private final Set<String> fenced = new HashSet<>();

    private final Waiting waiting = new Waiting();

    private UpshiftRecord record;
    private Optional<UpshiftRecord> persisted = Optional.empty();
    private Survey survey;
    private List<UpshiftEffect> effects = new ArrayList<>();
    private Optional<UpshiftProgress> told = Optional.empty();
    private Optional<UpshiftEffect.Order> lastOrder = Optional.empty();
    private Phase phase = Phase.ENTERING;
    private String text = "";
    private Instant askedAt = Instant.EPOCH;
    private boolean isOrdering;
    private boolean isAsking;
    private boolean isCalledOff;
    private boolean isWaitingForNext;
    private boolean mayGoOn;
    private boolean hasBase;
    private long question;
    private long generation;

    private UpshiftMachine(UpshiftRules rules, Takeover takeover, UpshiftRecord record) {
        this.rules = rules;
        this.takeover = takeover;
        this.silence = new Silence(rules.quiet());
        this.record = record;
        this.survey = new Survey(record, Map.of(), roll.attendance());
    }

    /**
     * Begins one, or takes over the one that is found to be under way. Followed by {@link #start}.
     *
     * @param fresh what to begin with, made by {@link UpshiftRecord#fresh}
     * @param own the last record of this kind that this node was given as a member, or drove; it is trusted
     * @param keysHere the ids of the keys that this node has; empty for TLS
     */
    public static UpshiftMachine begin(
            UpshiftRules rules, UpshiftRecord fresh, Optional<UpshiftRecord> own, Set<String> keysHere) {
        UpshiftMachine machine = new UpshiftMachine(rules, new Takeover(fresh, keysHere), fresh);
        own.filter(known -> known.kind() == fresh.kind()
                        && known.outcome().isEmpty()
                        && known.epoch() < UpshiftRecord.EPOCH_MAX)
                .ifPresent(known -> machine.record = machine.takeover.adopted(known, fresh, true));
        return machine;
    }

    /** Goes on with what an earlier life of this node drove and wrote down. Followed by {@link #start}. */
    public static UpshiftMachine resume(UpshiftRules rules, UpshiftRecord record) {
        UpshiftMachine machine = new UpshiftMachine(rules, new Takeover(record, Set.of()), record);
        machine.persisted = Optional.of(record);
        machine.hasBase = !record.isFencing();
        machine.phase = record.outcome().isPresent() ? Phase.CLOSING : machine.hasBase ? Phase.MOVING : Phase.FENCING;
        return machine;
    }

    /** Begins. */
    public List<UpshiftEffect> start(Attendance present, Instant now) {
        attend(present);
        ask(now);
        return taken();
    }

    /**
     * What came of the last {@link UpshiftEffect.Ask}.
     *
     * @param stands where members are, by name; a member that is not in it did not answer
     * @param records the last record of this kind that each member reports, by the member's name
     * @param present who is listed now, not when it was asked
     */
    public List<UpshiftEffect> surveyed(
            long which,
            Map<String, Stand> stands,
            Map<String, UpshiftRecord> records,
            Attendance present,
            Instant now) {
        if (phase == Phase.FENCING) {
            record = takeover.expectingAll(record, records.values());
        }
        attend(present);
        if (phase == Phase.OVER || !isAsking || which != question) {
            return taken();
        }
        isAsking = false;
        if (now.isAfter(askedAt.plus(rules.fresh()))) {
            ask(now);
            return taken();
        }
        survey = new Survey(record, roll.sifted(stands), roll.attendance());
        text = "";
        roll.note(survey);
        record = Exclusions.countedBack(record, survey, hasBase);
        survey = new Survey(record, survey.stands(), roll.attendance());
        if (phase == Phase.ENTERING && isAnother(records, now)) {
            ask(now);
        } else if (phase == Phase.ENTERING || !yields(records, now)) {
            judge(now);
        }
        return taken();
    }

    /** What came of the last {@link UpshiftEffect.Order}; a member that is not in it was silent. */
    public List<UpshiftEffect> ordered(long which, Map<String, OrderAnswer> answers, Attendance present, Instant now) {
        attend(present);
        if (phase == Phase.OVER || !isOrdering || which != question) {
            return taken();
        }
        isOrdering = false;
        if (phase == Phase.CLOSING) {
            finish(record.outcome().orElse(UpshiftOutcome.FINISHED));
            return taken();
        }
        boolean isAnyTaken = false;
        waiting.answered(answers);
        for (Map.Entry<String, OrderAnswer> answer : answers.entrySet()) {
            OrderAnswer said = answer.getValue();
            if (said.kind() == Kind.TAKEN) {
                fenced.add(answer.getKey());
                isAnyTaken = true;
            }
            if (said.held().isPresent() && yieldsTo(answer.getKey(), said.held().get(), now)) {
                return taken();
            }
        }
        if (isAnyTaken) {
            ask(now);
        } else {
            again(waiting.withRefusing(), now);
        }
        return taken();
    }

    /** The time of a {@link UpshiftEffect.Wake} has come. */
    public List<UpshiftEffect> wake(long which, Attendance present, Instant now) {
        attend(present);
        if (phase != Phase.OVER && !isAsking && !isOrdering && which == generation) {
            ask(now);
        }
        return taken();
    }

    /** The operator wants the next stage of one that goes stepwise, and of one that does not, that it goes stepwise from now on. */
    public List<UpshiftEffect> next(Attendance present, Instant now) {
        return command(present, now, () -> {
            record = record.stepwise(true);
            mayGoOn = phase != Phase.MOVING || record.goal() == record.confirmed();
        });
    }

    /** The operator wants all stages that are left. */
    public List<UpshiftEffect> run(Attendance present, Instant now) {
        return command(present, now, () -> {
            record = record.stepwise(false);
            mayGoOn = true;
        });
    }

    /** The operator wants it called off. When it has ended it is too late. */
    public List<UpshiftEffect> abort(Attendance present, Instant now) {
        attend(present);
        if (phase == Phase.OVER || phase == Phase.CLOSING) {
            String how = record.outcome().map(Enum::name).orElse("");
            text = text.isEmpty() ? "it has ended already: " + how : text;
            tell();
        } else if (!isCalledOff && record.course() != UpshiftCourse.BACK) {
            isCalledOff = true;
            if (phase != Phase.ENTERING) {
                turnBack();
                isOrdering = false;
                ask(now);
            }
        }
        return taken();
    }

    /** Something else is found to be under way that it must not begin beside; too late once anybody may have been moved. */
    public List<UpshiftEffect> hindered(String why, Attendance present, Instant now) {
        attend(present);
        if (phase == Phase.ENTERING && !isTakeover()) {
            end(UpshiftOutcome.REFUSED, why);
        } else if (phase == Phase.FENCING && record.isFirstEpoch()) {
            isAsking = false;
            isOrdering = false;
            close(UpshiftOutcome.REFUSED, why, now);
        }
        return taken();
    }

    /**
     * The operator wants it done without these members. One that is there and reports is not left out like this: it is brought
     * along, or {@link #force} says otherwise.
     *
     * @param by who said so
     */
    public List<UpshiftEffect> without(Set<String> names, String by, Attendance present, Instant now) {
        return command(present, now, () -> {
            SortedSet<String> there = survey.thereOf(names);
            SortedSet<String> away = new TreeSet<>(names);
            away.removeAll(there);
            away.retainAll(record.expected());
            text = there.isEmpty() ? "" : String.join(", ", there) + ": answers, and is brought along; stop it first";
            record = Exclusions.with(record, away, "by " + by + " at " + now);
        });
    }

    /** An operator vouches that these members, which cannot be seen from here, are at a stage; heeded for listed ones. */
    public List<UpshiftEffect> vouch(Set<String> names, UpshiftStage stage, Attendance present, Instant now) {
        return command(present, now, () -> {
            SortedSet<String> listed = roll.attendance().counted();
            listed.retainAll(names);
            record = record.vouching(listed, stage);
        });
    }

    /**
     * The operator wants the gate that is waited at now opened all the same: once it has been in vain often enough, whoever it
     * waits for is left out by name, and what was taken in lately does not matter.
     *
     * @param by who said so
     */
    public List<UpshiftEffect> force(String by, Attendance present, Instant now) {
        return command(present, now, () -> waiting.force(by));
    }

    /** Where it stands. */
    public UpshiftProgress progress() {
        boolean isUnderWay = phase != Phase.OVER;
        return new UpshiftProgress(
                Optional.of(record),
                isUnderWay,
                isUnderWay && isWaitingForNext,
                survey.there(record),
                survey.shown(),
                waiting.names(),
                text);
    }

    /** What is kept of it; a question is about the key that it names. */
    public UpshiftRecord record() {
        return record;
    }

    public boolean isOver() {
        return phase == Phase.OVER;
    }

    private List<UpshiftEffect> command(Attendance present, Instant now, Runnable change) {
        attend(present);
        if (phase != Phase.OVER && phase != Phase.CLOSING) {
            change.run();
            if (phase != Phase.ENTERING) {
                persist();
            }
            if (!isAsking && !isOrdering) {
                ask(now);
            }
            tell();
        }
        return taken();
    }

    private boolean isTakeover() {
        return takeover.isTakeover(record);
    }

    /** Of what members report, what goes before the one that is being entered may be taken over instead: all is asked anew then. */
    private boolean isAnother(Map<String, UpshiftRecord> records, Instant now) {
        UpshiftRecord before = record;
        record = takeover.entered(record, records.values(), now);
        return !record.id().equals(before.id()) || record.epoch() != before.epoch();
    }

    private boolean yields(Map<String, UpshiftRecord> records, Instant now) {
        return new TreeMap<>(records)
                .entrySet().stream().anyMatch(reported -> yieldsTo(reported.getKey(), reported.getValue(), now));
    }

    private boolean yieldsTo(String member, UpshiftRecord other, Instant now) {
        if (!takeover.isSensible(other, now) || !record.yieldsTo(other)) {
            return false;
        }
        end(UpshiftOutcome.TAKEN_OVER, "as " + member + " tells, " + other.drivenInsteadOf(record));
        return true;
    }

    private void judge(Instant now) {
        switch (phase) {
            case ENTERING -> enter(now);
            case FENCING -> fence(now);
            case MOVING -> move(now);
            case CLOSING -> close(now);
            case OVER -> throw new IllegalStateException("judged when it was over");
        }
    }

    private void enter(Instant now) {
        if (isCalledOff && !isTakeover()) {
            end(UpshiftOutcome.UNDONE, "none was under way");
            return;
        }
        Optional<String> need = isTakeover() ? Optional.empty() : survey.needs();
        if (need.isPresent()) {
            end(UpshiftOutcome.REFUSED, need.get());
            return;
        }
        if (!isTakeover() && survey.unknown().isEmpty()) {
            phase = Phase.MOVING;
        } else {
            phase = Phase.FENCING;
            record = record.fencing();
        }
        if (isCalledOff) {
            record = record.back();
        }
        judge(now);
    }

    private void fence(Instant now) {
        if (record.isFirstEpoch()) {
            Optional<String> need = survey.needs();
            if (record.course() == UpshiftCourse.BACK || need.isPresent()) {
                close(need.isPresent() ? UpshiftOutcome.REFUSED : UpshiftOutcome.UNDONE, need.orElse(""), now);
                return;
            }
        }
        Judgement.Step step = judgement().fence();
        if (step.isReached()) {
            phase = Phase.MOVING;
            record = record.fenced();
            fenced.clear();
            judge(now);
        } else {
            take(step, now);
        }
    }

    private void move(Instant now) {
        if (!hasBase) {
            hasBase = true;
            UpshiftStage base = judgement().base();
            record = record.at(base, base);
        }
        silence.see(survey, now);
        Judgement.Step step = judgement().next();
        if (!step.isReached()) {
            take(step, now);
        } else if (record.course() == UpshiftCourse.BACK) {
            close(UpshiftOutcome.UNDONE, "", now);
        } else {
            reached();
            if (record.confirmed() == UpshiftStage.ENFORCED) {
                close(UpshiftOutcome.FINISHED, "", now);
            } else if (isGateOpen(now)) {
                mayGoOn = false;
                silence.forget();
                record = record.at(record.confirmed(), record.confirmed().above());
                move(now);
            }
        }
    }

    private Judgement judgement() {
        return new Judgement(record, survey, fenced, roll.floors());
    }

    private void take(Judgement.Step step, Instant now) {
        if (step.kind() == Judgement.Kind.ORDER) {
            order(step.members(), step.stage(), step.waitingFor(), now);
        } else {
            persist();
            again(step.waitingFor(), now);
        }
    }

    /** All have confirmed the goal. */
    private void reached() {
        if (record.goal() != record.confirmed()) {
            record = record.at(record.goal(), record.goal());
            waiting.passed();
        }
    }

    private boolean isGateOpen(Instant now) {
        if (record.isStepwise() && !mayGoOn) {
            isWaitingForNext = true;
            waiting.forNobody();
            persist();
            tell();
            wakeAt(now.plus(rules.watch()));
            return false;
        }
        isWaitingForNext = false;
        if (record.confirmed() != UpshiftStage.SENDING || silence.isOver(survey, now)) {
            return true;
        }
        persist();
        SortedMap<String, String> loud = silence.brokenBy(survey);
        if (loud.isEmpty()) {
            Instant end = silence.end(now);
            Instant later = now.plus(rules.retryMost());
            text = "all send securely; waits until " + end.truncatedTo(ChronoUnit.SECONDS)
                    + ", to see that nothing else comes in";
            waiting.forNobody();
            tell();
            wakeAt(end.isBefore(later) ? end : later);
        } else {
            again(loud, now);
        }
        return false;
    }

    private void turnBack() {
        waiting.anew();
        text = "";
        fenced.clear();
        lastOrder = Optional.empty();
        isWaitingForNext = false;
        record = record.back();
        persist();
    }

    private void close(UpshiftOutcome outcome, String why, Instant now) {
        phase = Phase.CLOSING;
        text = why;
        record = record.ended(outcome);
        close(now);
    }

    private void close(Instant now) {
        SortedSet<String> there = new TreeSet<>();
        for (String name : roll.attendance().counted()) {
            if (survey.reports(name)) {
                there.add(name);
            }
        }
        waiting.forNobody();
        if (there.isEmpty()) {
            persist();
            finish(record.outcome().orElse(UpshiftOutcome.FINISHED));
        } else {
            lastOrder = Optional.empty();
            order(there, record.goal(), new TreeMap<>(), now);
        }
    }

    private void end(UpshiftOutcome outcome, String why) {
        text = why;
        finish(outcome);
    }

    private void finish(UpshiftOutcome outcome) {
        phase = Phase.OVER;
        isWaitingForNext = false;
        waiting.forNobody();
        record = record.ended(outcome);
        effects.add(new UpshiftEffect.End(progress()));
    }

    private void order(SortedSet<String> members, UpshiftStage stage, SortedMap<String, String> lacking, Instant now) {
        persist();
        UpshiftEffect.Order order = new UpshiftEffect.Order(question + 1, members, stage, record);
        if (lastOrder.filter(order::repeats).isPresent()) {
            lastOrder = Optional.empty();
            again(lacking, now);
            return;
        }
        waiting.whileOrdering(lacking);
        tell();
        question++;
        isOrdering = true;
        lastOrder = Optional.of(order);
        effects.add(order);
    }

    private void ask(Instant now) {
        question++;
        generation++;
        isAsking = true;
        askedAt = now;
        effects.add(new UpshiftEffect.Ask(question));
    }

    /** Not all are where they should be: says so, and asks again in a while. */
    private void again(SortedMap<String, String> lacking, Instant now) {
        Optional<String> forcedBy = waiting.inVain(lacking, rules.patience());
        if (forcedBy.isPresent()) {
            pass(lacking, forcedBy.get(), now);
        } else {
            tell();
            wakeAt(now.plus(rules.pause(waiting.rounds())));
        }
    }

    /** The gate is forced: without whomever it waits for. */
    private void pass(SortedMap<String, String> lacking, String by, Instant now) {
        boolean isForSilence = record.goal() == UpshiftStage.SENDING
                && survey.below(UpshiftStage.SENDING).isEmpty();
        if (isForSilence) {
            silence.force();
        }
        SortedSet<String> left = isForSilence ? new TreeSet<>() : new TreeSet<>(lacking.keySet());
        record = Exclusions.forced(record, survey, left, "by force of " + by + " at " + now);
        persist();
        ask(now);
    }

    private void wakeAt(Instant at) {
        effects.add(new UpshiftEffect.Wake(at, ++generation));
    }

    /** Writes down what is not written down yet. */
    private void persist() {
        if (!persisted.equals(Optional.of(record))) {
            record = record.revised();
            persisted = Optional.of(record);
            effects.add(new UpshiftEffect.Persist(record));
        }
    }

    private void tell() {
        UpshiftProgress now = progress();
        if (!told.equals(Optional.of(now))) {
            told = Optional.of(now);
            effects.add(new UpshiftEffect.Tell(now));
        }
    }

    private void attend(Attendance present) {
        roll.attend(present, record.expected());
        record = record.expecting(roll.attendance().counted());
    }

    private List<UpshiftEffect> taken() {
        List<UpshiftEffect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
