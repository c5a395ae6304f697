package io.sotto.rpc.pool;

import io.sotto.rpc.link.DialResult;
import io.sotto.rpc.link.RpcLink;
import io.sotto.rpc.supervision.SecondTry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The connection to one peer: {@code idle -> dialling -> linked}, {@code linked -> replacing -> linked}, {@code dialling ->
 * resting -> idle}, and {@code retiring} from anywhere.
 *
 * <pre>
 *   idle       no link; the first caller has one dialled
 *   dialling   one dial under way, however many wait for it
 *   linked     a link is published; calls go straight to it and this actor sees none of them
 *   replacing  the same, and its successor is being dialled, since it was made under TLS settings that are no more
 *   resting    the last dial failed; callers are told so at once, until it is time to try again
 *   retiring   the peer is not called any more; waits for what is under way
 * </pre>
 *
 * <p>A failure of this actor withdraws its link, which ends its calls in order, and begins anew in {@code idle} after a
 * pause; callers that wait are in the {@link Slot} and go on waiting. Source: RPC specification, section 9.
 *
 * <p>Over 400 lines: the states of one connection.
 */
final class RpcConnection {
    sealed interface Command {}

    /** Somebody waits in the slot. */
    enum Wanted implements Command {
        INSTANCE
    }

    /** Nobody waits, but the peer is to prove what it has to: dialled unless there is a link. */
    enum Examine implements Command {
        INSTANCE
    }

    /** The peer says something else of itself. */
    enum Changed implements Command {
        INSTANCE
    }

    /** The TLS settings have changed. */
    enum Renewed implements Command {
        INSTANCE
    }

    /** The peer is not to be called any more: ends once its calls have. */
    enum Retire implements Command {
        INSTANCE
    }

    private record Dialled(Object attempt, DialResult result) implements Command {}

    private record LinkGone(RpcLink link) implements Command {}

    private record LinkLeaving(RpcLink link) implements Command {}

    private enum IdleCheck implements Command {
        INSTANCE
    }

    private enum BackoffOver implements Command {
        INSTANCE
    }

    private enum ReplaceNow implements Command {
        INSTANCE
    }

    private enum ReplaceDeadline implements Command {
        INSTANCE
    }

    private static final Duration RESTART_MIN = Duration.ofMillis(100);
    private static final Duration RESTART_MAX = Duration.ofSeconds(10);
    private static final double RESTART_RANDOM = 0.2;
    private static final int DOUBLINGS_MAX = 20;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Slot slot;
    private final RpcPoolState state;
    private final RpcPoolSettings settings;
    private final RandomGenerator random;
    private final ActorRef<RpcPool.Command> pool;

    private RpcConnection(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Slot slot,
            RpcPoolState state,
            ActorRef<RpcPool.Command> pool) {
        this.context = context;
        context.setLoggerName(RpcConnection.class);
        this.timers = timers;
        this.slot = slot;
        this.state = state;
        this.settings = state.settings();
        this.random = state.environment().randoms().get();
        this.pool = pool;
    }

    static Behavior<Command> create(Slot slot, RpcPoolState state, ActorRef<RpcPool.Command> pool) {
        AtomicBoolean hasBegun = new AtomicBoolean();
        Behavior<Command> connection = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            if (hasBegun.getAndSet(true)) {
                state.restarts.increment();
            }
            return new RpcConnection(context, timers, slot, state, pool).idle(0);
        }));
        // Beginning anew is safe at any time: all that must survive is in the slot, or in the message, which comes once
        // more.
        return SecondTry.of(
                Command.class,
                SupervisorStrategy.restartWithBackoff(RESTART_MIN, RESTART_MAX, RESTART_RANDOM),
                () -> state.faults(RpcConnection.class),
                connection);
    }

    /** @param failures dials that have failed since the last that did not */
    private Behavior<Command> idle(int failures) {
        if (slot.isAwaited()) {
            return dialling(begin(), failures);
        }
        return common().onMessage(
                        Wanted.class, wanted -> slot.isAwaited() ? dialling(begin(), failures) : Behaviors.same())
                .onMessage(Examine.class, examine -> dialling(begin(), failures))
                .onMessage(Changed.class, changed -> Behaviors.same())
                .onMessage(Renewed.class, renewed -> Behaviors.same())
                .onMessage(Retire.class, retire -> retiring(Optional.empty(), Optional.empty()))
                .onAnyMessage(this::leftOver)
                .build();
    }

    /** @param attempt the dial under way */
    private Behavior<Command> dialling(Object attempt, int failures) {
        return common().onMessage(Wanted.class, wanted -> Behaviors.same())
                .onMessage(Examine.class, examine -> Behaviors.same())
                .onMessage(Changed.class, changed -> Behaviors.same())
                .onMessage(Renewed.class, renewed -> Behaviors.same())
                .onMessage(Retire.class, retire -> retiring(Optional.of(attempt), Optional.empty()))
                .onMessage(Dialled.class, dialled -> {
                    if (dialled.attempt != attempt) {
                        return leftOver(dialled);
                    }
                    return dialled.result instanceof DialResult.Linked linked
                            ? take(linked.link())
                            : rest(failures + 1, (DialResult.NotLinked) dialled.result);
                })
                .onAnyMessage(this::leftOver)
                .build();
    }

    private Object begin() {
        Object attempt = new Object();
        context.pipeToSelf(
                state.environment().dialer().dial(slot.peer()),
                (result, failure) -> new Dialled(
                        attempt,
                        failure == null
                                ? result
                                : new DialResult.NotLinked(failure.toString(), Optional.empty(), false)));
        return attempt;
    }

    private Behavior<Command> take(RpcLink link) {
        context.pipeToSelf(link.ended(), (end, failure) -> new LinkGone(link));
        context.pipeToSelf(link.goneAway(), (end, failure) -> new LinkLeaving(link));
        slot.used(nanos());
        proved();
        slot.publish(link);
        slot.tell(new Slot.Outcome(Optional.of(link), Optional.empty()));
        timers.startSingleTimer(IdleCheck.INSTANCE, settings.idleTimeout());
        if (isOutdated(link)) {
            // The settings changed while it was dialled.
            scheduleReplacement();
        }
        return linked(link);
    }

    private Behavior<Command> linked(RpcLink link) {
        return common().onMessage(Wanted.class, wanted -> offer(link))
                .onMessage(Examine.class, examine -> isOutdated(link) ? Behaviors.same() : proved())
                .onMessage(Changed.class, changed -> {
                    if (couldBeTls(link)) {
                        scheduleReplacement();
                    }
                    return Behaviors.same();
                })
                .onMessage(Renewed.class, renewed -> {
                    if (isOutdated(link)) {
                        scheduleReplacement();
                    }
                    return Behaviors.same();
                })
                .onMessage(ReplaceNow.class, now -> {
                    if (!isOutdated(link) && !couldBeTls(link)) {
                        return Behaviors.same();
                    }
                    timers.startSingleTimer(ReplaceDeadline.INSTANCE, settings.drainTimeout());
                    return replacing(link, Optional.of(begin()), 0);
                })
                .onMessage(IdleCheck.class, check -> onIdleCheck(link))
                .onMessage(LinkGone.class, gone -> gone.link == link ? onGone(link) : Behaviors.same())
                .onMessage(LinkLeaving.class, leaving -> leaving.link == link ? onLeaving(link) : Behaviors.same())
                .onMessage(Retire.class, retire -> {
                    withdraw(link);
                    return retiring(Optional.empty(), Optional.of(link));
                })
                .onAnyMessage(this::leftOver)
                .build();
    }

    private Behavior<Command> offer(RpcLink link) {
        slot.tell(new Slot.Outcome(Optional.of(link), Optional.empty()));
        return Behaviors.same();
    }

    private Behavior<Command> onIdleCheck(RpcLink link) {
        Duration left = settings.idleTimeout().minusNanos(nanos() - slot.usedAtNanos());
        boolean isOver = left.isNegative() || left.isZero();
        if (isOver && link.inFlight() == 0) {
            state.idleClosed.increment();
            withdraw(link);
            return idle(0);
        }
        timers.startSingleTimer(IdleCheck.INSTANCE, isOver ? settings.idleTimeout() : left);
        return Behaviors.same();
    }

    private Behavior<Command> onGone(RpcLink link) {
        slot.withdraw(link);
        timers.cancelAll();
        return idle(0);
    }

    /** The peer takes no further call here: its successor is dialled before one needs it. */
    private Behavior<Command> onLeaving(RpcLink link) {
        withdraw(link);
        state.replaced.increment();
        return dialling(begin(), 0);
    }

    /**
     * Calls go to {@code old} until its successor is there, or until it must end.
     *
     * @param attempt the dial of the successor, if one is under way
     */
    private Behavior<Command> replacing(RpcLink old, Optional<Object> attempt, int failures) {
        return common().onMessage(Wanted.class, wanted -> offer(old))
                .onMessage(Examine.class, examine -> Behaviors.same())
                .onMessage(Changed.class, changed -> Behaviors.same())
                .onMessage(Renewed.class, renewed -> Behaviors.same())
                .onMessage(BackoffOver.class, over -> replacing(old, Optional.of(begin()), failures))
                .onMessage(ReplaceDeadline.class, late -> abandon(old, attempt, failures))
                .onMessage(
                        LinkGone.class, gone -> gone.link == old ? abandon(old, attempt, failures) : Behaviors.same())
                .onMessage(
                        LinkLeaving.class,
                        leaving -> leaving.link == old ? abandon(old, attempt, failures) : Behaviors.same())
                .onMessage(Retire.class, retire -> {
                    withdraw(old);
                    return retiring(attempt, Optional.of(old));
                })
                .onMessage(Dialled.class, dialled -> {
                    if (!attempt.equals(Optional.of(dialled.attempt))) {
                        return leftOver(dialled);
                    }
                    if (dialled.result instanceof DialResult.Linked linked) {
                        return succeed(old, linked.link());
                    }
                    pool.tell(new RpcPool.NotDialled(slot, failure((DialResult.NotLinked) dialled.result)));
                    timers.startSingleTimer(BackoffOver.INSTANCE, pause(failures + 1));
                    return replacing(old, Optional.empty(), failures + 1);
                })
                .onAnyMessage(this::leftOver)
                .build();
    }

    private Behavior<Command> succeed(RpcLink old, RpcLink next) {
        timers.cancelAll();
        state.replaced.increment();
        Behavior<Command> linked = take(next);
        old.drain();
        return linked;
    }

    private Behavior<Command> abandon(RpcLink old, Optional<Object> attempt, int failures) {
        withdraw(old);
        return attempt.map(underWay -> dialling(underWay, failures)).orElseGet(() -> idle(failures));
    }

    private Behavior<Command> rest(int failures, DialResult.NotLinked failed) {
        Slot.Failure failure = failure(failed);
        Slot.Outcome outcome = new Slot.Outcome(Optional.empty(), Optional.of(failure));
        pool.tell(new RpcPool.NotDialled(slot, failure));
        slot.tell(outcome);
        timers.startSingleTimer(BackoffOver.INSTANCE, pause(failures));
        return common().onMessage(Wanted.class, wanted -> {
                    slot.tell(outcome);
                    return Behaviors.same();
                })
                .onMessage(Examine.class, examine -> Behaviors.same())
                .onMessage(BackoffOver.class, over -> idle(failures))
                .onMessage(Changed.class, changed -> freshly())
                .onMessage(Renewed.class, renewed -> freshly())
                .onMessage(Retire.class, retire -> retiring(Optional.empty(), Optional.empty()))
                .onAnyMessage(this::leftOver)
                .build();
    }

    private static Slot.Failure failure(DialResult.NotLinked failed) {
        return new Slot.Failure(failed.reason(), failed.refused());
    }

    /** What it failed on may be no more. */
    private Behavior<Command> freshly() {
        timers.cancelAll();
        return idle(0);
    }

    private Behavior<Command> retiring(Optional<Object> attempt, Optional<RpcLink> link) {
        Slot.Outcome outcome = new Slot.Outcome(
                Optional.empty(),
                Optional.of(new Slot.Failure(slot.peer().name() + " is no longer there", Optional.empty())));
        slot.tell(outcome);
        if (attempt.isEmpty() && link.isEmpty()) {
            return Behaviors.stopped();
        }
        return common().onMessage(Wanted.class, wanted -> {
                    slot.tell(outcome);
                    return Behaviors.same();
                })
                .onMessage(Examine.class, examine -> Behaviors.same())
                .onMessage(Changed.class, changed -> Behaviors.same())
                .onMessage(Renewed.class, renewed -> Behaviors.same())
                .onMessage(Retire.class, again -> Behaviors.same())
                .onMessage(
                        LinkGone.class,
                        gone -> link.equals(Optional.of(gone.link))
                                ? retiring(attempt, Optional.empty())
                                : Behaviors.same())
                .onMessage(Dialled.class, dialled -> {
                    leftOver(dialled);
                    return attempt.equals(Optional.of(dialled.attempt))
                            ? retiring(Optional.empty(), link)
                            : Behaviors.same();
                })
                .onAnyMessage(this::leftOver)
                .build();
    }

    private BehaviorBuilder<Command> common() {
        return Behaviors.receive(Command.class).onSignal(PreRestart.class, signal -> {
            Optional.ofNullable(slot.link()).ifPresent(this::withdraw);
            return Behaviors.same();
        });
    }

    /** What an earlier state waited for. A link that nobody waits for any more must not stay open. */
    private Behavior<Command> leftOver(Command command) {
        if (command instanceof Dialled dialled && dialled.result instanceof DialResult.Linked linked) {
            linked.link().drain();
        }
        return Behaviors.same();
    }

    private void withdraw(RpcLink link) {
        slot.withdraw(link);
        link.drain();
    }

    private Behavior<Command> proved() {
        pool.tell(new RpcPool.Proved(slot));
        return Behaviors.same();
    }

    /** It was made before the peer said that it takes TLS. */
    private boolean couldBeTls(RpcLink link) {
        return !link.isTls() && slot.peer().offersTls();
    }

    private boolean isOutdated(RpcLink link) {
        return link.tlsGeneration() != state.environment().generation().getAsLong();
    }

    /** Not all at once where there are many connections. */
    private void scheduleReplacement() {
        long most = settings.drainTimeout().toNanos() / 4;
        timers.startSingleTimer(ReplaceNow.INSTANCE, Duration.ofNanos(random.nextLong(most + 1)));
    }

    /** Doubles, and differs between those that failed together. */
    private Duration pause(int failures) {
        double doubled = (double) settings.backoffMin().toNanos() * Math.pow(2, Math.min(failures - 1, DOUBLINGS_MAX));
        long bounded = (long) Math.min(doubled, (double) settings.backoffMax().toNanos());
        return Duration.ofNanos(bounded / 2 + random.nextLong(bounded / 2 + 1));
    }

    private long nanos() {
        return state.environment().nanos().getAsLong();
    }
}
