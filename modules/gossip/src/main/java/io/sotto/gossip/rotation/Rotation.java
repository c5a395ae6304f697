package io.sotto.gossip.rotation;

import io.sotto.gossip.files.FileFault;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.rotation.RingAction;
import io.sotto.membership.rotation.RingAnswer;
import io.sotto.membership.rotation.RingReport;
import io.sotto.membership.rotation.RotationCause;
import io.sotto.membership.rotation.RotationEffect;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.membership.rotation.RotationRecord;
import io.sotto.membership.rotation.RotationRules;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Replaces the key of a pool: {@code idle -> rotating -> idle}. What comes next is the {@link RotationMachine}'s decision; this actor
 * asks all members, keeps the journal, and looks from time to time whether a rotation is due.
 *
 * <p>The journal is written before what it tells of is done, so the next life of the node, or of this actor, goes on where this
 * one may have stopped. When it cannot be written, the rotation waits. Runs on a dispatcher for blocking work. Supervised by
 * restart: it begins anew from the journal, exactly as after a {@code kill -9}; without a ring's file there is no journal, a
 * fault ends the rotation, and another one mends what it left. Followers are told of a restart, and may ask again.
 *
 * <p>A little longer than most, for the messages of its own and the links it has to all others. Source: ours; gossip
 * specification, section 17.7, for the operations.
 *
 * <p>Over 400 lines: the effects of one machine, each carried out in its place.
 */
public final class Rotation {
    /** What it can be asked. */
    public sealed interface Command {}

    /** A request of an operator or an application. */
    public record Ask(RotationRequest request, ActorRef<RotationProgress> replyTo) implements Command {}

    /**
     * @param question the number of the question whether it may begin
     * @param hindrance why it may not begin
     */
    private record Cleared(
            long question,
            RotationCause cause,
            RotationMachine.Beginning beginning,
            Optional<ActorRef<RotationProgress>> follower,
            Optional<String> hindrance)
            implements Command {}

    private record Reported(KeyReport report) implements Command {}

    /** @param question the number of what was asked */
    private record ToldElsewhere(long question, OtherRings.Told told) implements Command {}

    private record Kept(KeyKeeper.Answer answer) implements Command {}

    private record Woke(long generation) implements Command {}

    private record Unfollowed(ActorRef<RotationProgress> follower) implements Command {}

    /** Whoever began the last one by the calendar need not be told. */
    private enum Tick implements Command {
        INSTANCE
    }

    private enum WriteAgain implements Command {
        INSTANCE
    }

    /** How it asks all members; the pool answers every question once. */
    @FunctionalInterface
    public interface Asking {
        void ask(KeyOperation operation, Optional<GossipKey> key, int relayFactor, ActorRef<KeyReport> replyTo);
    }

    /**
     * What it works with.
     *
     * @param self the name of this node
     * @param ringFile where the ring is kept; the journal is beside it
     * @param ring the ring in force
     * @param keyring changes the ring of this node
     * @param members who is there
     * @param others the rings beside the pool's that are to have the same key, once they are known
     * @param clearance whether one may begin; what is under way goes on
     * @param sotto the names of those that are there and are sotto's, sorted
     * @param clock the wall clock: a time of grace goes on while the node is down
     * @param entropy fills an array with unpredictable bytes, for new keys
     * @param printable makes names of members fit for the log
     * @param publish is told of all progress
     */
    public record Links(
            String self,
            Optional<Path> ringFile,
            Supplier<Keyring> ring,
            ActorRef<KeyKeeper.Command> keyring,
            Asking asking,
            Supplier<Attendance> members,
            Supplier<Optional<OtherRings>> others,
            Clearance clearance,
            Supplier<List<String>> sotto,
            Seals seals,
            Supplier<Instant> clock,
            Consumer<byte[]> entropy,
            UnaryOperator<String> printable,
            Consumer<RotationProgress> publish) {}

    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration WRITE_AGAIN = Duration.ofSeconds(5);
    private static final int KEY_BYTES = 32;

    private static final String NO_RING = "No keyring to rotate (encryption not enabled)";
    private static final RotationProgress BEGINS_ANEW = RotationProgress.refused(
            RotationCause.ASKED, "a fault of this node broke it off; it goes on from its journal: ask for its status");
    private static final String CALLED_OFF = "it was called off before it began";
    private static final String NONE_HERE = "no rotation is under way on this node";

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final RotationSettings settings;
    private final Links links;
    private final RotationFile journal;
    private final BudgetWatch watch;
    private final Clearings clearings = new Clearings();
    private final ActorRef<KeyReport> reports;

    private Rotation(
            ActorContext<Command> context, TimerScheduler<Command> timers, RotationSettings settings, Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Rotation.class);
        this.timers = timers;
        this.settings = settings;
        this.links = links;
        this.journal = new RotationFile(links.ringFile);
        this.watch = new BudgetWatch(
                settings.budget(), links.seals, new Calendar(settings, links.self), links.sotto, context.getLog());
        this.reports = context.messageAdapter(KeyReport.class, Reported::new);
    }

    /** Goes on with what an earlier life began, or waits to be asked. */
    public static Behavior<Command> create(RotationSettings settings, Links links) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Rotation(context, timers, settings, links).begin()));
    }

    private Behavior<Command> begin() {
        timers.startTimerWithFixedDelay(Tick.INSTANCE, LOOK);
        try {
            Optional<RotationRecord> kept = journal.load();
            if (kept.isPresent()) {
                context.getLog()
                        .info("going on with the rotation to key {}", kept.get().newKey());
                Turn turn = new Turn(RotationMachine.of(rules(), kept.get()));
                List<String> own =
                        links.ring.get().keys().stream().map(GossipKey::id).toList();
                turn.add(turn.machine.resume(Set.copyOf(own), present(), now()));
                return carryOut(turn);
            }
        } catch (IOException e) {
            context.getLog().warn("a rotation that was under way is not known any more: {}", e.getMessage());
        }
        // What an earlier life told of, and had not written down, is over.
        links.publish.accept(RotationProgress.idle(""));
        return idle("");
    }

    private Behavior<Command> idle(String text) {
        return common().onMessage(Ask.class, ask -> onAskedIdle(ask, text))
                .onMessage(Cleared.class, this::onCleared)
                .onMessage(Reported.class, late -> Behaviors.same())
                .onMessage(ToldElsewhere.class, late -> Behaviors.same())
                .onMessage(Kept.class, late -> Behaviors.same())
                .onMessage(Woke.class, late -> Behaviors.same())
                .onMessage(WriteAgain.class, late -> Behaviors.same())
                .onMessage(Unfollowed.class, late -> Behaviors.same())
                .onMessage(Tick.class, tick -> {
                    Optional<RotationCause> due = watch.look(now());
                    due.ifPresent(cause -> clear(cause, RotationMachine.Beginning.SETTLED, Optional.empty()));
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> rotating(Turn turn) {
        return common().onMessage(Ask.class, ask -> onAsked(ask, turn))
                .onMessage(Cleared.class, late -> {
                    if (clearings.counts(late.question)) {
                        late.follower.ifPresent(follower -> join(follower, turn));
                    } else {
                        neverBegan(late);
                    }
                    return Behaviors.same();
                })
                .onMessage(Reported.class, reported -> onReported(reported.report, turn))
                .onMessage(ToldElsewhere.class, elsewhere -> {
                    turn.asked().told(elsewhere.question, elsewhere.told);
                    return onAnswer(turn);
                })
                .onMessage(Kept.class, kept -> {
                    Optional<String> fault = fault(kept.answer);
                    turn.add(turn.machine.kept(fault, present(), now()));
                    return carryOut(turn);
                })
                .onMessage(Woke.class, woke -> {
                    turn.add(turn.machine.wake(woke.generation, present(), now()));
                    return carryOut(turn);
                })
                .onMessage(WriteAgain.class, again -> carryOut(turn))
                .onMessage(Unfollowed.class, gone -> {
                    turn.unfollow(gone.follower);
                    return Behaviors.same();
                })
                .onMessage(Tick.class, tick -> {
                    watch.look(now());
                    return Behaviors.same();
                })
                .onSignal(PreRestart.class, restart -> {
                    turn.followers().forEach(follower -> follower.tell(BEGINS_ANEW));
                    return Behaviors.same();
                })
                .build();
    }

    private static BehaviorBuilder<Command> common() {
        return Behaviors.receive(Command.class);
    }

    private Behavior<Command> onAskedIdle(Ask ask, String text) {
        if (ask.request instanceof RotationRequest.Start start) {
            clear(start.cause(), start.beginning(), Optional.of(ask.replyTo));
            return Behaviors.same();
        }
        boolean isCalledOff = ask.request instanceof RotationRequest.Abort && clearings.callOff();
        ask.replyTo.tell(RotationProgress.idle(isCalledOff ? CALLED_OFF : text.isEmpty() ? NONE_HERE : text));
        return Behaviors.same();
    }

    /** Has found out first whether one may begin. */
    private void clear(
            RotationCause cause, RotationMachine.Beginning beginning, Optional<ActorRef<RotationProgress>> follower) {
        long question = clearings.ask();
        context.pipeToSelf(
                links.clearance.hindrance(),
                (why, failure) ->
                        new Cleared(question, cause, beginning, follower, why == null ? Optional.empty() : why));
    }

    private Behavior<Command> onCleared(Cleared cleared) {
        if (!clearings.counts(cleared.question)) {
            neverBegan(cleared);
            return Behaviors.same();
        }
        if (cleared.hindrance.isEmpty()) {
            return start(cleared.cause, cleared.beginning, cleared.follower);
        }
        String why = links.printable.apply(cleared.hindrance.get());
        cleared.follower.ifPresentOrElse(
                follower -> follower.tell(RotationProgress.refused(cleared.cause, why)),
                () -> watch.hindered(why, now()));
        return Behaviors.same();
    }

    private void neverBegan(Cleared calledOff) {
        calledOff.follower.ifPresentOrElse(
                follower -> follower.tell(RotationProgress.neverBegan(calledOff.cause, CALLED_OFF)),
                () -> watch.tried(now()));
    }

    private Behavior<Command> start(
            RotationCause cause, RotationMachine.Beginning beginning, Optional<ActorRef<RotationProgress>> follower) {
        Optional<GossipKey> primary = links.ring.get().primary();
        if (primary.isEmpty()) {
            follower.ifPresent(replyTo -> replyTo.tell(RotationProgress.refused(cause, NO_RING)));
            return Behaviors.same();
        }
        Turn turn = new Turn(
                RotationMachine.of(rules(), cause, beginning, primary.get().id()));
        follower.ifPresent(replyTo -> follow(turn, replyTo));
        turn.add(turn.machine.start(present(), now()));
        return carryOut(turn);
    }

    private void follow(Turn turn, ActorRef<RotationProgress> follower) {
        if (turn.follow(follower)) {
            context.watchWith(follower, new Unfollowed(follower));
        }
    }

    private void join(ActorRef<RotationProgress> follower, Turn turn) {
        follow(turn, follower);
        follower.tell(turn.machine.progress());
    }

    private Behavior<Command> onAsked(Ask ask, Turn turn) {
        if (ask.request instanceof RotationRequest.Start) {
            join(ask.replyTo, turn);
            return Behaviors.same();
        }
        if (ask.request instanceof RotationRequest.Abort) {
            clearings.callOff();
            turn.add(turn.machine.abort(present(), now()));
        } else if (ask.request instanceof RotationRequest.Without without) {
            turn.add(turn.machine.without(without.names(), present(), now()));
        }
        Behavior<Command> next = carryOut(turn);
        ask.replyTo.tell(turn.machine.progress());
        return next;
    }

    private Behavior<Command> onReported(KeyReport report, Turn turn) {
        turn.asked().reported(report);
        return onAnswer(turn);
    }

    /** Goes on once all have answered, or never will. */
    private Behavior<Command> onAnswer(Turn turn) {
        Optional<Asked.Answer> all = turn.asked().take();
        if (all.isEmpty()) {
            return Behaviors.same();
        }
        KeyReport report = all.get().report();
        OtherRings.Told elsewhere = all.get().elsewhere();
        Map<String, RingAnswer> answers = new HashMap<>();
        report.answers().forEach((name, said) -> {
            said.keys().forEach(turn::know);
            answers.put(name, answer(said));
        });
        elsewhere.keys().forEach(turn::know);
        answers.putAll(elsewhere.answers());
        turn.add(turn.machine.on(new RingReport(answers, elsewhere.unasked(), report.refused()), present(), now()));
        return carryOut(turn);
    }

    private static RingAnswer answer(MemberKeys said) {
        return new RingAnswer(
                said.done(),
                said.message(),
                said.keys().stream().map(GossipKey::id).toList(),
                said.primary().map(GossipKey::id));
    }

    /** Does what is due, in its order; what comes of it may be more. */
    private Behavior<Command> carryOut(Turn turn) {
        for (Optional<RotationEffect> due = turn.next(); due.isPresent(); due = turn.next()) {
            RotationEffect effect = due.get();
            switch (effect.kind()) {
                case PERSIST -> {
                    if (!persist(((RotationEffect.Persist) effect).record())) {
                        turn.putBack(effect);
                        timers.startSingleTimer(WriteAgain.INSTANCE, WRITE_AGAIN);
                        return rotating(turn);
                    }
                }
                case DRAW -> {
                    GossipKey key = draw();
                    turn.drew(key);
                    turn.add(turn.machine.drawn(key.id(), present(), now()));
                }
                case KEEP ->
                    turn.takeDrawn().ifPresent(key -> {
                        links.keyring.tell(new KeyKeeper.Install(
                                key.copy(), context.messageAdapter(KeyKeeper.Answer.class, Kept::new)));
                        key.wipe();
                    });
                case RUN -> run((RotationEffect.Run) effect, turn);
                case WAKE -> {
                    RotationEffect.Wake wake = (RotationEffect.Wake) effect;
                    Duration wait = Duration.between(now(), wake.at());
                    timers.startSingleTimer(
                            "wake", new Woke(wake.generation()), wait.isNegative() ? Duration.ZERO : wait);
                }
                case TELL -> tell(((RotationEffect.Tell) effect).progress(), turn);
                case END -> {
                    return end(((RotationEffect.End) effect).progress(), turn);
                }
            }
        }
        return rotating(turn);
    }

    private boolean persist(RotationRecord record) {
        try {
            journal.store(record);
            return true;
        } catch (FileFault e) {
            context.getLog()
                    .warn(
                            "the rotation to key {} waits, because its journal cannot be written: {}",
                            record.newKey(),
                            e.getMessage());
            return false;
        }
    }

    private GossipKey draw() {
        byte[] bytes = new byte[KEY_BYTES];
        links.entropy.accept(bytes);
        try {
            return GossipKey.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void run(RotationEffect.Run run, Turn turn) {
        KeyOperation operation = operation(run.action());
        Optional<GossipKey> key = run.key().flatMap(id -> turn.find(links.ring.get(), id));
        if (run.key().isPresent() && key.isEmpty()) {
            turn.asked().begin(operation, false);
            context.getSelf()
                    .tell(new Reported(KeyReport.refused(
                            operation, "key " + run.key().get() + " is not on the ring of this node")));
            return;
        }
        Optional<OtherRings> others = links.others.get();
        long question = turn.asked().begin(operation, others.isPresent());
        // A copy, because the question may still be under way when this rotation is over.
        links.asking.ask(operation, key.map(GossipKey::copy), settings.relayFactor(), reports);
        others.ifPresent(rings -> context.pipeToSelf(
                rings.ask(operation, key.map(GossipKey::copy), settings.relayFactor()),
                (told, failure) -> new ToldElsewhere(question, told == null ? OtherRings.Told.nothing() : told)));
    }

    private void tell(RotationProgress progress, Turn turn) {
        links.publish.accept(progress);
        turn.followers().forEach(follower -> follower.tell(progress));
        if (progress.waitingFor().isEmpty()) {
            context.getLog()
                    .debug(
                            "rotation {} {}: {} of {}",
                            progress.course(),
                            progress.phase(),
                            progress.done(),
                            progress.members());
        } else if (turn.isNews(progress)) {
            context.getLog()
                    .info(
                            "rotation to key {} is {} and waits for {}",
                            progress.newKey().orElse("?"),
                            progress.phase(),
                            links.printable.apply(progress.waitingFor().toString()));
        }
    }

    private Behavior<Command> end(RotationProgress progress, Turn turn) {
        links.publish.accept(progress);
        try {
            journal.remove();
        } catch (IOException e) {
            context.getLog().warn("the journal of a rotation that is over stays: {}", e.getMessage());
        }
        timers.cancel("wake");
        turn.wipe();
        watch.tried(now());
        turn.followers().forEach(follower -> {
            context.unwatch(follower);
            follower.tell(progress);
        });
        String text = "the last rotation, to key " + progress.newKey().orElse("?") + ", is "
                + progress.outcome()
                        .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                        .orElse("over")
                + (progress.text().isEmpty() ? "" : ": " + progress.text())
                + (progress.pools().isEmpty() ? "" : ": " + pools(progress));
        context.getLog().info("{}", links.printable.apply(text));
        return idle(text);
    }

    private static String pools(RotationProgress progress) {
        return progress.pools().entrySet().stream()
                .map(pool -> pool.getKey() + " " + pool.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Who is there, in this pool and beside it. */
    private Attendance present() {
        Attendance here = links.members.get();
        return links.others.get().map(rings -> here.with(rings.members())).orElse(here);
    }

    private RotationRules rules() {
        return RotationRules.defaults().withGrace(settings.grace());
    }

    private Instant now() {
        return links.clock.get();
    }

    private static Optional<String> fault(KeyKeeper.Answer answer) {
        if (answer instanceof KeyKeeper.Answer.Refused refused) {
            return Optional.of(refused.reason());
        }
        return answer instanceof KeyKeeper.Answer.NotWritten unwritten
                ? Optional.of(unwritten.reason())
                : Optional.empty();
    }

    private static KeyOperation operation(RingAction action) {
        return switch (action) {
            case LIST -> KeyOperation.LIST;
            case INSTALL -> KeyOperation.INSTALL;
            case USE -> KeyOperation.USE;
            case REMOVE -> KeyOperation.REMOVE;
        };
    }
}
