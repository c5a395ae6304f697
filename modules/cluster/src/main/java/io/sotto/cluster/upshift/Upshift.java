package io.sotto.cluster.upshift;

import io.sotto.cluster.UpshiftRequest;
import io.sotto.gossip.files.FileFault;
import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftCourse;
import io.sotto.membership.upshift.drive.UpshiftEffect;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftMachine;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftRules;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.rpc.supervision.SecondTry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Drives the upshifts of one kind: {@code idle -> looking -> driving -> idle}. What comes next is the {@link UpshiftMachine}'s
 * decision; this actor asks and orders members, writes the journal before it does what the journal tells of, and tells followers.
 *
 * <p>Looking is a census before anything begins: it finds what is under way elsewhere, which is taken over, and which key there is.
 * Questions where it stands are answered in any state, from what all members say.
 *
 * <p>Runs on a dispatcher for blocking work. Supervised by restart: it begins anew from the journal, exactly as after a {@code kill
 * -9}, with the same followers; what an operator asked for while it failed is done once more. Source: ours.
 *
 * <p>Over 400 lines: the effects of one machine, each carried out in its place, and the requests of one API.
 */
public final class Upshift {
    /** What it can be asked. */
    public sealed interface Command {}

    /** Begin, follow, have go on to the end, or take over; the follower is told until it is over, or stops. */
    public record Run(UpshiftRequest request, ActorRef<UpshiftProgress> follower) implements Command {}

    /** Begin stepwise, or take the next stage. */
    public record Next(UpshiftRequest request, ActorRef<UpshiftProgress> replyTo) implements Command {}

    /** Change the course of the one that is under way; if another member drives it, it is taken over. */
    public record Change(Deed deed, String token, ActorRef<UpshiftProgress> replyTo) implements Command {}

    /** Say where it stands, whoever drives it. */
    public record Status(ActorRef<UpshiftProgress> replyTo) implements Command {}

    /** Say what one would do. */
    public record Plan(ActorRef<UpshiftPlan> replyTo) implements Command {}

    private record Looked(Looking looking, Census.Seen seen) implements Command {}

    private record Counted(Census.Seen seen) implements Command {}

    private record Surveyed(UpshiftMachine machine, long question, Census.Seen seen) implements Command {}

    private record Told(UpshiftMachine machine, long question, Map<String, OrderAnswer> answers) implements Command {}

    private record Woke(UpshiftMachine machine, long generation) implements Command {}

    private record Unfollowed(ActorRef<UpshiftProgress> follower) implements Command {}

    private enum Note implements Command {
        STARTED,
        WRITE_AGAIN
    }

    /** What is looked for before one begins; at most one of the requests is there. */
    private record Looking(Command cause) {}

    /**
     * What it works with.
     *
     * @param started completes once this node is a member
     * @param book shared with the member that obeys
     * @param keys where the key of a gossip upshift is
     * @param clock the wall clock: an upshift goes on while the node is down
     * @param ids draws names for upshifts
     * @param publish is told of all progress while this node drives, and of the end
     */
    public record Links(
            CompletionStage<?> started,
            UpshiftRules rules,
            Roll roll,
            Census census,
            UpshiftCarrier carrier,
            ActorRef<UpshiftMember.Command> member,
            Census.Later later,
            UpshiftBook book,
            UpshiftKeys keys,
            UpshiftCounters counters,
            Supplier<Instant> clock,
            Supplier<String> ids,
            Consumer<UpshiftProgress> publish) {}

    private static final int WAITING_MAX = 64;
    private static final Duration WRITE_AGAIN = Duration.ofSeconds(5);
    private static final String NONE_UNDER_WAY = "none is under way";

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final StashBuffer<Command> stash;
    private final UpshiftKind kind;
    private final Links links;
    private final Dispatch dispatch;
    private final Followers followers;

    private Upshift(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            StashBuffer<Command> stash,
            UpshiftKind kind,
            Links links,
            Followers followers) {
        this.context = context;
        context.setLoggerName(Upshift.class);
        this.timers = timers;
        this.stash = stash;
        this.kind = kind;
        this.links = links;
        this.followers = followers;
        this.dispatch = new Dispatch(links.roll, links.carrier, links.member, links.later);
    }

    /** Goes on with what an earlier life drove, or waits to be asked. */
    public static Behavior<Command> create(UpshiftKind kind, Links links, Supplier<SecondTry.Faults> faults) {
        return Behaviors.setup(outer -> {
            Followers followers = new Followers();
            Behavior<Command> driver = Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                    WAITING_MAX, stash -> new Upshift(context, timers, stash, kind, links, followers).begin())));
            return SecondTry.of(Command.class, SupervisorStrategy.restart(), faults, driver);
        });
    }

    private Behavior<Command> begin() {
        followers.all().forEach(follower -> context.watchWith(follower, new Unfollowed(follower)));
        if (followers.pending().isPresent()) {
            // Nothing of it was written down.
            context.getSelf().tell(followers.pending().get());
            return idle();
        }
        if (!links.book.isDriving(kind)) {
            return idle();
        }
        context.pipeToSelf(links.started, (started, failure) -> Note.STARTED);
        return Behaviors.receive(Command.class)
                .onMessage(Note.class, started -> stash.unstashAll(resume()))
                .onMessage(Command.class, this::later)
                .build();
    }

    private Behavior<Command> later(Command command) {
        if (!stash.isFull()) {
            stash.stash(command);
        }
        return Behaviors.same();
    }

    private Behavior<Command> resume() {
        Optional<UpshiftRecord> kept =
                links.book.last(kind).filter(record -> record.driver().equals(links.roll.self()));
        if (kept.isEmpty()) {
            rest();
            return idle();
        }
        context.getLog()
                .info("going on with the {} upshift {}", kind, kept.get().id());
        if (kind == UpshiftKind.GOSSIP) {
            links.keys.find(kept.get().keyId());
        }
        Turn turn = new Turn(UpshiftMachine.resume(links.rules, kept.get()));
        turn.add(turn.machine.start(present(), now()));
        return carryOut(turn);
    }

    private Behavior<Command> idle() {
        return answering()
                .onMessage(Run.class, run -> {
                    follow(run.follower);
                    return look(run);
                })
                .onMessage(Next.class, this::look)
                .onMessage(Change.class, this::look)
                .onMessage(Command.class, late -> Behaviors.same())
                .build();
    }

    /** Questions of people, which are answered in any state. */
    private BehaviorBuilder<Command> answering() {
        return Behaviors.receive(Command.class)
                .onMessage(Status.class, status -> count(() -> followers.ask(status.replyTo)))
                .onMessage(Plan.class, plan -> count(() -> followers.askPlan(plan.replyTo)))
                .onMessage(Counted.class, this::onCountedIdle)
                .onMessage(Unfollowed.class, gone -> {
                    followers.remove(gone.follower);
                    return Behaviors.same();
                });
    }

    private Behavior<Command> count(Supplier<Boolean> join) {
        if (join.get()) {
            context.pipeToSelf(links.census.take(kind, links.keys.present()), (seen, failure) -> new Counted(seen));
        }
        return Behaviors.same();
    }

    /** Nobody asks again soon, unless an upshift is driven. */
    private Behavior<Command> onCountedIdle(Counted counted) {
        links.carrier.rest();
        return onCounted(counted);
    }

    private Behavior<Command> onCounted(Counted counted) {
        Standing standing = Standing.of(kind, counted.seen, links.book.last(kind), now());
        followers.answer(
                () -> standing.progress(links.keys.likely(), now()), () -> standing.plan(links.keys.likely(), now()));
        return Behaviors.same();
    }

    private Behavior<Command> look(Command cause) {
        followers.pending(cause);
        Looking looking = new Looking(cause);
        context.pipeToSelf(links.census.take(kind, links.keys.present()), (seen, failure) -> new Looked(looking, seen));
        return answering()
                .onMessage(
                        Looked.class,
                        looked ->
                                looked.looking.equals(looking) ? stash.unstashAll(onLooked(looked)) : Behaviors.same())
                .onMessage(Command.class, this::later)
                .build();
    }

    private Behavior<Command> onLooked(Looked looked) {
        Command cause = looked.looking.cause;
        Standing standing = Standing.of(kind, looked.seen, links.book.last(kind), now());
        if (cause instanceof Change && !standing.isUnderWay()) {
            answer(cause, UpshiftProgress.none(NONE_UNDER_WAY));
            return idle();
        }
        Optional<UpshiftRequest> request = request(cause);
        Optional<String> hindrance =
                standing.hindrance(request.filter(UpshiftRequest::isForced).isPresent());
        if (hindrance.isPresent()) {
            answer(cause, standing.refused(links.roll.self(), links.ids.get(), hindrance.get(), now()));
            return idle();
        }
        String keyId = "";
        if (kind == UpshiftKind.GOSSIP) {
            UpshiftKeys.Choice choice = links.keys.choose(request.flatMap(UpshiftRequest::key), standing, looked.seen);
            if (choice.refusal().isPresent()) {
                answer(
                        cause,
                        standing.refused(
                                links.roll.self(),
                                links.ids.get(),
                                choice.refusal().get(),
                                now()));
                return idle();
            }
            keyId = choice.keyId();
        }
        boolean isStepwise = cause instanceof Next;
        UpshiftRecord fresh = UpshiftRecord.fresh(links.ids.get(), kind, links.roll.self(), keyId, isStepwise, now());
        Turn turn = new Turn(UpshiftMachine.begin(links.rules, fresh, links.book.last(kind), links.keys.ids()));
        Optional<String> fault = prepare();
        if (fault.isPresent()) {
            String why = "cannot be begun here: " + fault.get();
            answer(cause, standing.refused(links.roll.self(), fresh.id(), why, now()));
            return idle();
        }
        turn.add(turn.machine.start(present(), now()));
        ask(cause, turn);
        once(cause);
        return carryOut(turn);
    }

    /** Sees to it that the next life goes on; why that cannot be, if so. */
    private Optional<String> prepare() {
        try {
            Optional<String> fault = kind == UpshiftKind.GOSSIP ? links.keys.keep() : Optional.empty();
            if (fault.isEmpty()) {
                links.book.drive(kind);
            }
            return fault;
        } catch (FileFault fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** Is told once it is known how it begins. */
    private void once(Command cause) {
        if (cause instanceof Next next) {
            followers.once(next.replyTo);
        } else if (cause instanceof Change change) {
            followers.once(change.replyTo);
        }
    }

    private static Optional<UpshiftRequest> request(Command cause) {
        if (cause instanceof Run run) {
            return Optional.of(run.request);
        }
        return cause instanceof Next next ? Optional.of(next.request) : Optional.empty();
    }

    private void answer(Command cause, UpshiftProgress progress) {
        followers.forgetPending();
        if (cause instanceof Run run) {
            context.unwatch(run.follower);
            followers.remove(run.follower);
        }
        answerNow(cause, progress);
    }

    private Behavior<Command> driving(Turn turn) {
        return answering(turn)
                .onMessage(Run.class, run -> {
                    follow(run.follower);
                    return onAsked(run, turn);
                })
                .onMessage(Next.class, next -> onAsked(next, turn))
                .onMessage(Change.class, change -> onAsked(change, turn))
                .onMessage(
                        Surveyed.class,
                        surveyed -> surveyed.machine == turn.machine ? onSurveyed(surveyed, turn) : Behaviors.same())
                .onMessage(Told.class, told -> {
                    if (told.machine != turn.machine) {
                        return Behaviors.same();
                    }
                    turn.add(turn.machine.ordered(told.question, told.answers, present(), now()));
                    return carryOut(turn);
                })
                .onMessage(Woke.class, woke -> {
                    if (woke.machine != turn.machine) {
                        return Behaviors.same();
                    }
                    turn.add(turn.machine.wake(woke.generation, present(), now()));
                    return carryOut(turn);
                })
                .onMessage(Note.class, again -> carryOut(turn))
                .onMessage(Command.class, late -> Behaviors.same())
                .build();
    }

    /** Whoever drives it knows where it stands. */
    private BehaviorBuilder<Command> answering(Turn turn) {
        return Behaviors.receive(Command.class)
                .onMessage(Status.class, status -> {
                    if (isOvertaken(turn)) {
                        return count(() -> followers.ask(status.replyTo));
                    }
                    status.replyTo.tell(turn.machine.progress());
                    return Behaviors.same();
                })
                .onMessage(Plan.class, plan -> count(() -> followers.askPlan(plan.replyTo)))
                .onMessage(Counted.class, this::onCounted)
                .onMessage(Unfollowed.class, gone -> {
                    followers.remove(gone.follower);
                    return Behaviors.same();
                });
    }

    /** Whether this node has obeyed another driver meanwhile, which the machine hears of with the next answers only. */
    private boolean isOvertaken(Turn turn) {
        return links.book
                .last(kind)
                .filter(held -> !held.driver().equals(links.roll.self())
                        && UpshiftRecord.PRECEDENCE.compare(held, turn.machine.record()) > 0)
                .isPresent();
    }

    private Behavior<Command> onSurveyed(Surveyed surveyed, Turn turn) {
        Census.Seen seen = surveyed.seen;
        Instant now = now();
        Optional<String> rotation = kind == UpshiftKind.GOSSIP ? seen.rotation() : Optional.empty();
        rotation.ifPresent(other -> turn.add(turn.machine.hindered(other, present(), now)));
        UpshiftRecord record = turn.machine.record();
        Map<String, Stand> stands = seen.stands(kind, record.keyId(), now);
        boolean isBare = record.course() == UpshiftCourse.BACK && record.goal() == UpshiftStage.NONE;
        if (kind == UpshiftKind.TLS && isBare) {
            // Certificates stay where they are: whoever makes plain calls and takes them is back.
            stands.replaceAll(
                    (name, stand) -> stand.stage() == UpshiftStage.READY ? at(UpshiftStage.NONE, stand) : stand);
        }
        turn.add(turn.machine.surveyed(surveyed.question, stands, seen.records(kind), present(), now));
        return carryOut(turn);
    }

    private static Stand at(UpshiftStage stage, Stand stand) {
        return new Stand(stage, stand.ground(), stand.quiet(), stand.hindrance(), stand.needs(), stand.mend());
    }

    private Behavior<Command> onAsked(Command cause, Turn turn) {
        ask(cause, turn);
        Behavior<Command> next = carryOut(turn);
        answerNow(cause, turn.machine.progress());
        return next;
    }

    private static void answerNow(Command cause, UpshiftProgress progress) {
        if (cause instanceof Run run) {
            run.follower.tell(progress);
        } else if (cause instanceof Next next) {
            next.replyTo.tell(progress);
        } else if (cause instanceof Change change) {
            change.replyTo.tell(progress);
        }
    }

    private void ask(Command cause, Turn turn) {
        if (!followers.isNew(cause)) {
            return;
        }
        if (cause instanceof Run run) {
            turn.token(run.request.token());
            if (turn.machine.record().isStepwise()) {
                turn.add(turn.machine.run(present(), now()));
            }
            force(run.request, turn);
        } else if (cause instanceof Next next) {
            turn.token(next.request.token());
            turn.add(turn.machine.next(present(), now()));
            force(next.request, turn);
        } else if (cause instanceof Change change) {
            turn.token(change.token);
            change(change.deed, turn);
        }
    }

    private void force(UpshiftRequest request, Turn turn) {
        if (request.isForced()) {
            turn.add(turn.machine.force(request.by(), present(), now()));
        }
    }

    private void change(Deed deed, Turn turn) {
        if (deed instanceof Deed.Without without) {
            turn.add(turn.machine.without(without.members(), without.by(), present(), now()));
        } else if (deed instanceof Deed.Vouch vouch) {
            turn.add(turn.machine.vouch(vouch.members(), vouch.stage(), present(), now()));
        } else {
            turn.add(turn.machine.abort(present(), now()));
        }
    }

    /** Does what is due, in its order; what comes of it may be more. */
    private Behavior<Command> carryOut(Turn turn) {
        for (Optional<UpshiftEffect> due = turn.next(); due.isPresent(); due = turn.next()) {
            UpshiftEffect effect = due.get();
            switch (effect.kind()) {
                case PERSIST -> {
                    if (!persist(((UpshiftEffect.Persist) effect).record(), turn)) {
                        turn.putBack(effect);
                        timers.startSingleTimer(Note.WRITE_AGAIN, WRITE_AGAIN);
                        return driving(turn);
                    }
                }
                case ASK -> ask(((UpshiftEffect.Ask) effect).question(), turn);
                case ORDER -> order((UpshiftEffect.Order) effect, turn);
                case WAKE -> {
                    UpshiftEffect.Wake wake = (UpshiftEffect.Wake) effect;
                    Duration wait = Duration.between(now(), wake.at());
                    timers.startSingleTimer(
                            "wake",
                            new Woke(turn.machine, wake.generation()),
                            wait.isNegative() ? Duration.ZERO : wait);
                }
                case TELL -> tell(((UpshiftEffect.Tell) effect).progress(), turn);
                case END -> {
                    return end(((UpshiftEffect.End) effect).progress());
                }
            }
        }
        return driving(turn);
    }

    private boolean persist(UpshiftRecord record, Turn turn) {
        try {
            turn.overtaken(links.book.keep(record));
            followers.forgetPending();
            if (record.epoch() > 1 && turn.isFirstOf(record)) {
                links.counters.tookOver(kind);
            }
            return true;
        } catch (FileFault fault) {
            context.getLog()
                    .warn(
                            "the {} upshift {} waits, because its journal cannot be written: {}",
                            kind,
                            record.id(),
                            fault.getMessage());
            return false;
        }
    }

    private void ask(long question, Turn turn) {
        UpshiftMachine machine = turn.machine;
        context.pipeToSelf(
                links.census.take(kind, links.keys.present()),
                (seen, failure) -> new Surveyed(machine, question, seen));
    }

    /** If this node has obeyed another driver meanwhile, that is the answer. */
    private void order(UpshiftEffect.Order order, Turn turn) {
        UpshiftMachine machine = turn.machine;
        if (turn.overtaken().isPresent()) {
            OrderAnswer refused = OrderAnswer.refused("obeys another driver", turn.overtaken());
            context.getSelf().tell(new Told(machine, order.question(), Map.of(links.roll.self(), refused)));
            return;
        }
        context.pipeToSelf(
                dispatch.give(order, links.keys.of(order.record()), turn.token()),
                (answers, failure) -> new Told(machine, order.question(), answers == null ? Map.of() : answers));
    }

    private void tell(UpshiftProgress progress, Turn turn) {
        links.publish.accept(progress);
        links.counters.waits(kind, true, progress.waitingFor().size());
        followers.tell(progress);
        if (turn.isNews(progress)) {
            UpshiftRecord record = turn.machine.record();
            context.getLog()
                    .info(
                            "{} upshift {}: goes to {}, {} there{}",
                            kind,
                            record.id(),
                            record.goal(),
                            progress.done(),
                            progress.waitingFor().isEmpty()
                                    ? ""
                                    : "; waits for "
                                            + String.join(
                                                    ", ", progress.waitingFor().keySet()));
        }
    }

    private Behavior<Command> end(UpshiftProgress progress) {
        timers.cancel("wake");
        links.publish.accept(progress);
        links.counters.waits(kind, false, 0);
        followers.all().forEach(context::unwatch);
        followers.end(progress);
        followers.forgetPending();
        rest();
        context.getLog()
                .info(
                        "the {} upshift {} is over: {}{}",
                        kind,
                        progress.record().map(UpshiftRecord::id).orElse(""),
                        progress.record()
                                .flatMap(UpshiftRecord::outcome)
                                .map(Enum::name)
                                .orElse(""),
                        progress.text().isEmpty() ? "" : ": " + progress.text());
        return idle();
    }

    private void rest() {
        links.carrier.rest();
        Optional<String> stays = kind == UpshiftKind.GOSSIP ? links.keys.forget() : Optional.empty();
        try {
            links.book.rest(kind);
        } catch (FileFault fault) {
            stays = Optional.of(String.valueOf(fault.getMessage()));
        }
        stays.ifPresent(fault -> context.getLog().warn("what is left of an upshift that is over stays: {}", fault));
    }

    private void follow(ActorRef<UpshiftProgress> follower) {
        if (followers.add(follower)) {
            context.watchWith(follower, new Unfollowed(follower));
        }
    }

    private Attendance present() {
        return links.census.attendance();
    }

    private Instant now() {
        return links.clock.get();
    }
}
