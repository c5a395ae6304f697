package io.sotto.testkit.example;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An application's actor: on duty is the first member, by name, that is alive. It knows sotto's {@link Pool} and nothing of
 * simulations.
 */
final class Rota {
    sealed interface Command {}

    /** Asks who is on duty. */
    record WhoIsOnDuty(ActorRef<String> replyTo) implements Command {}

    private record Changed(MemberEvent event) implements Command {}

    private Rota() {}

    static Behavior<Command> create(Pool pool) {
        return Behaviors.setup(context -> {
            pool.subscribe(context.messageAdapter(MemberEvent.class, Changed::new));
            return knowing(context, new TreeSet<>());
        });
    }

    private static Behavior<Command> knowing(ActorContext<Command> context, SortedSet<String> alive) {
        return Behaviors.receive(Command.class)
                .onMessage(WhoIsOnDuty.class, who -> {
                    who.replyTo.tell(alive.isEmpty() ? "nobody" : alive.first());
                    return Behaviors.same();
                })
                .onMessage(Changed.class, changed -> {
                    SortedSet<String> now = new TreeSet<>(alive);
                    Member member = changed.event.member();
                    if (member.status() == Member.Status.ALIVE) {
                        now.add(member.name());
                    } else {
                        now.remove(member.name());
                    }
                    return knowing(context, now);
                })
                .build();
    }
}
