package io.sotto.example;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Rpc;
import io.sotto.cluster.UserEvent;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One gate: counts who comes in, and keeps a {@link Tally} of all gates.
 *
 * <p>Gossip tells <em>that</em> something changed, a call tells <em>what</em>: after visitors came in, a user event says so to all
 * gates, and each of them exchanges tallies with the one that said it. Events and calls may get lost, so every few seconds each
 * gate also exchanges with one of the others in turn, and with whoever has just come or come back. Nothing else is needed to be
 * right again after a partition, since tallies merge.
 *
 * <p>Takes a {@link Pool} and an {@link Rpc}, not {@code Sotto}: so the same actor runs in production and in a simulation. A
 * failure stops it, with what it counted; nothing here restarts it with less.
 */
final class Gate {
    /** What a gate is told. */
    sealed interface Command {}

    /** So many have come in here. */
    record Enter(int visitors) implements Command {}

    /** What do you know? */
    record Read(ActorRef<Tally> replyTo) implements Command {}

    /** Another gate tells what it knows, and wants to hear what is known here. */
    private record Exchanged(Tally theirs, CompletableFuture<Tally> ours) implements Command {}

    /** What another gate answered, or nothing. */
    private record Learned(Tally theirs) implements Command {}

    private record Told(UserEvent event) implements Command {}

    private record Changed(MemberEvent event) implements Command {}

    private enum Announce implements Command {
        INSTANCE
    }

    private enum Round implements Command {
        INSTANCE
    }

    /** Both sides send what they know, so one call is enough for two gates; repeating it does no harm. */
    private static final RpcMethod<Tally, Tally> EXCHANGE = RpcMethod.of(
                    "Museum.Exchange", RpcCodecs.records(Tally.class), RpcCodecs.records(Tally.class))
            .repeatable();

    private static final String NEWS = "visitors";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** A crowd makes one event, not a hundred. */
    private static final Duration CROWD = Duration.ofMillis(100);

    private static final Duration ROUNDS = Duration.ofSeconds(5);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Pool pool;
    private final Rpc rpc;
    private final String self;
    private final String life;
    private int turn;

    private Gate(ActorContext<Command> context, TimerScheduler<Command> timers, Pool pool, Rpc rpc, String life) {
        this.context = context;
        this.timers = timers;
        this.pool = pool;
        this.rpc = rpc;
        this.self = pool.self().name();
        this.life = life;
    }

    /**
     * A gate that has counted nobody yet.
     *
     * @param life another one at each start of the same gate
     */
    static Behavior<Command> create(Pool pool, Rpc rpc, String life) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Gate gate = new Gate(context, timers, pool, rpc, life);
            gate.listen();
            return gate.knowing(Tally.empty());
        }));
    }

    private void listen() {
        ActorRef<Command> me = context.getSelf();
        // Runs on the connection's thread, so it only hands over; MEMBER: whoever has a certificate of the museum's
        // authority.
        rpc.serve(EXCHANGE, PeerRole.MEMBER, (theirs, call) -> {
            CompletableFuture<Tally> ours = new CompletableFuture<>();
            me.tell(new Exchanged(theirs, ours));
            return ours;
        });
        pool.subscribeToUserEvents(context.messageAdapter(UserEvent.class, Told::new));
        pool.subscribe(context.messageAdapter(MemberEvent.class, Changed::new));
        timers.startTimerWithFixedDelay(Round.INSTANCE, ROUNDS);
    }

    private Behavior<Command> knowing(Tally tally) {
        return Behaviors.receive(Command.class)
                .onMessage(Enter.class, enter -> {
                    if (!timers.isTimerActive(Announce.INSTANCE)) {
                        timers.startSingleTimer(Announce.INSTANCE, CROWD);
                    }
                    return knowing(tally.plus(self, life, enter.visitors));
                })
                .onMessage(Announce.class, now -> {
                    // Nobody has to look at what comes of it: the rounds make up for an event that was lost.
                    pool.broadcast(NEWS, Octets.utf8(self), false);
                    return Behaviors.same();
                })
                .onMessage(Told.class, told -> {
                    String teller = new String(told.event.payload().toArray(), StandardCharsets.UTF_8);
                    if (told.event.name().equals(NEWS) && !teller.equals(self)) {
                        exchange(teller, tally);
                    }
                    return Behaviors.same();
                })
                .onMessage(Changed.class, changed -> {
                    Member member = changed.event.member();
                    if (member.status() == Member.Status.ALIVE && !member.name().equals(self)) {
                        exchange(member.name(), tally);
                    }
                    return Behaviors.same();
                })
                .onMessage(Round.class, round -> {
                    List<String> others = others();
                    if (!others.isEmpty()) {
                        exchange(others.get(turn++ % others.size()), tally);
                    }
                    return Behaviors.same();
                })
                .onMessage(Exchanged.class, exchanged -> {
                    Tally both = tally.merge(exchanged.theirs);
                    exchanged.ours.complete(both);
                    return knowing(both);
                })
                .onMessage(Learned.class, learned -> knowing(tally.merge(learned.theirs)))
                .onMessage(Read.class, read -> {
                    read.replyTo.tell(tally);
                    return Behaviors.same();
                })
                .build();
    }

    private void exchange(String other, Tally tally) {
        context.pipeToSelf(
                rpc.call(Callee.member(other), EXCHANGE, tally, PATIENCE),
                (outcome, failure) -> new Learned(outcome.answer().orElse(Tally.empty())));
    }

    private List<String> others() {
        return pool.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .map(Member::name)
                .filter(name -> !name.equals(self))
                .toList();
    }
}
