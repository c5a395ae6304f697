package io.sotto.testkit.example;

import io.sotto.cluster.Member;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Rpc;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.pool.Callee;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** The price of tea. Who sets it tells the other node, again and again until that has said that it heard. */
final class Price {
    sealed interface Command {}

    record Set(int cents) implements Command {}

    record Get(ActorRef<Integer> replyTo) implements Command {}

    private record Told(int cents) implements Command {}

    private record Heard(int cents, boolean answered) implements Command {}

    private static final RpcMethod<String, String> TELL =
            RpcMethod.of("Price.Tell", RpcCodecs.text(), RpcCodecs.text()).repeatable();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Pool pool;
    private final Rpc rpc;

    private Price(ActorContext<Command> context, TimerScheduler<Command> timers, Pool pool, Rpc rpc) {
        this.context = context;
        this.timers = timers;
        this.pool = pool;
        this.rpc = rpc;
    }

    static Behavior<Command> create(Pool pool, Rpc rpc) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            rpc.serve(TELL, PeerRole.MEMBER, (cents, call) -> {
                context.getSelf().tell(new Told(Integer.parseInt(cents)));
                return CompletableFuture.completedFuture("heard");
            });
            return new Price(context, timers, pool, rpc).at(0);
        }));
    }

    private Behavior<Command> at(int cents) {
        return Behaviors.receive(Command.class)
                .onMessage(Set.class, set -> tell(set.cents))
                .onMessage(Told.class, told -> at(told.cents))
                .onMessage(Heard.class, heard -> {
                    if (!heard.answered && heard.cents == cents) {
                        timers.startSingleTimer(new Set(cents), Duration.ofSeconds(1));
                    }
                    return Behaviors.same();
                })
                .onMessage(Get.class, get -> {
                    get.replyTo.tell(cents);
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> tell(int cents) {
        for (Member member : pool.members()) {
            if (!member.name().equals(pool.self().name())) {
                context.pipeToSelf(
                        rpc.call(Callee.member(member.name()), TELL, String.valueOf(cents), PATIENCE),
                        (outcome, failure) -> new Heard(cents, outcome.answer().isPresent()));
            }
        }
        return at(cents);
    }
}
