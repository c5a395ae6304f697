package io.sotto.gossip;

import io.sotto.membership.probe.ProbeEffect;
import io.sotto.membership.probe.ProbeMachine;
import io.sotto.membership.probe.Verdict;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One probe of one member: direct ping, then helpers and a stream, then the verdict. Lives for one protocol period and is
 * supervised by stop: if it fails, nothing is known about its target, and the target's next turn will come.
 */
final class Probe {
    sealed interface Command {}

    record Acked(SwimMessage.Ack ack, Instant at) implements Command {}

    record Nacked(SwimMessage.Nack nack, InetSocketAddress from) implements Command {}

    /** The process is known to have stood still. */
    enum Paused implements Command {
        INSTANCE
    }

    private record Due(long generation) implements Command {}

    private record StreamAnswered(boolean acked) implements Command {}

    /** What it needs of its pool, and whom it tells the verdict. */
    record Links(
            ActorRef<Broadcasts.Command> broadcasts,
            Supplier<MembersView> view,
            StreamPinger streams,
            PoolTime time,
            RandomGenerator random,
            ActorRef<Verdict> replyTo) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ProbeMachine machine;
    private final Links links;

    private Probe(ActorContext<Command> context, TimerScheduler<Command> timers, ProbeMachine machine, Links links) {
        this.context = context;
        this.timers = timers;
        this.machine = machine;
        this.links = links;
    }

    static Behavior<Command> create(ProbeMachine machine, Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Probe probe = new Probe(context, timers, machine, links);
            // Not probing() yet: what starting leads to decides whether there is anything to wait for.
            return probe.run(machine.start(links.time.now()), probe.probing());
        }));
    }

    private Behavior<Command> probing() {
        return Behaviors.receive(Command.class)
                .onMessage(Acked.class, acked -> run(machine.onAck(acked.ack, acked.at)))
                .onMessage(Nacked.class, nacked -> run(machine.onNack(nacked.nack, nacked.from)))
                .onMessage(Paused.class, paused -> run(machine.onPause()))
                .onMessage(
                        StreamAnswered.class,
                        answered -> answered.acked ? run(machine.onStreamAck()) : Behaviors.same())
                .onMessage(
                        Due.class,
                        due -> run(machine.onTimer(
                                due.generation, links.view.get().inAnyOrder(), links.random, links.time.now())))
                .build();
    }

    private Behavior<Command> run(List<ProbeEffect> effects) {
        return run(effects, Behaviors.same());
    }

    private Behavior<Command> run(List<ProbeEffect> effects, Behavior<Command> next) {
        Behavior<Command> result = next;
        for (ProbeEffect effect : effects) {
            switch (effect.kind()) {
                case PING -> ping((ProbeEffect.Ping) effect);
                case ASK -> {
                    var ask = (ProbeEffect.Ask) effect;
                    ask.helper()
                            .address()
                            .socket()
                            .ifPresent(to -> links.broadcasts.tell(Broadcasts.Send.withGossip(to, ask.request())));
                }
                case STREAM_PING -> streamPing((ProbeEffect.StreamPing) effect);
                case SCHEDULE -> {
                    var schedule = (ProbeEffect.Schedule) effect;
                    timers.startSingleTimer(new Due(schedule.generation()), schedule.after());
                }
                case DONE -> {
                    links.replyTo.tell(((ProbeEffect.Done) effect).verdict());
                    result = Behaviors.stopped();
                }
            }
        }
        return result;
    }

    private void ping(ProbeEffect.Ping effect) {
        effect.target().address().socket().ifPresent(to -> {
            List<SwimMessage> messages = new ArrayList<>();
            messages.add(effect.ping());
            effect.suspicion().ifPresent(messages::add);
            boolean alone = effect.suspicion().isEmpty();
            links.broadcasts.tell(new Broadcasts.Send(to, messages, alone, !alone));
        });
    }

    private void streamPing(ProbeEffect.StreamPing effect) {
        effect.target()
                .address()
                .socket()
                .ifPresent(to -> context.pipeToSelf(
                        links.streams.ping(to, effect.ping(), effect.timeout()),
                        (acked, failure) -> new StreamAnswered(failure == null && acked)));
    }
}
