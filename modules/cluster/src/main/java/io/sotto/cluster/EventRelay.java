package io.sotto.cluster;

import io.sotto.gossip.GossipPool;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells one subscriber of the application what happens in a pool, in the application's words; stops with the subscriber.
 * It keeps nothing, so it is not supervised: a subscriber that is told nothing more has stopped.
 */
final class EventRelay {
    private EventRelay() {}

    static Behavior<io.sotto.membership.MemberEvent> create(
            ActorRef<GossipPool.Command> pool, ActorRef<MemberEvent> subscriber) {
        return Behaviors.setup(context -> {
            context.watch(subscriber);
            pool.tell(new GossipPool.Subscribe(context.getSelf()));
            return Behaviors.receive(io.sotto.membership.MemberEvent.class)
                    .onMessage(io.sotto.membership.MemberEvent.class, event -> {
                        subscriber.tell(new MemberEvent(kind(event.kind()), Member.of(event.member())));
                        return Behaviors.same();
                    })
                    .onSignal(Terminated.class, gone -> Behaviors.stopped())
                    .build();
        });
    }

    private static MemberEvent.Kind kind(io.sotto.membership.MemberEvent.Kind kind) {
        return switch (kind) {
            case JOINED -> MemberEvent.Kind.JOINED;
            case UPDATED -> MemberEvent.Kind.UPDATED;
            case LEFT -> MemberEvent.Kind.LEFT;
            case FAILED -> MemberEvent.Kind.FAILED;
            case REAPED -> MemberEvent.Kind.REAPED;
        };
    }
}
