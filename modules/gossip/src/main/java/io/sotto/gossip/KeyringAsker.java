package io.sotto.gossip;

import io.sotto.gossip.keys.KeyKeeper;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Puts one request to the keyring of this node and takes its answer, as a child of whoever asks: an actor rather than a
 * future, whose result would come over a thread of somebody else's.
 *
 * <p>Supervised by stop: it has nothing but that one answer.
 */
final class KeyringAsker {
    /** A disk that takes longer keeps nobody waiting. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final KeyKeeper.Answer OVERDUE = new KeyKeeper.Answer.Refused("the keyring did not answer in time");

    private KeyringAsker() {}

    /** Asks; {@code then} runs as the child, once, and may only tell. */
    static void ask(
            ActorContext<?> context,
            ActorRef<KeyKeeper.Command> keyring,
            Function<ActorRef<KeyKeeper.Answer>, KeyKeeper.Request> request,
            Consumer<KeyKeeper.Answer> then) {
        context.spawnAnonymous(asking(keyring, request, then));
    }

    private static Behavior<KeyKeeper.Answer> asking(
            ActorRef<KeyKeeper.Command> keyring,
            Function<ActorRef<KeyKeeper.Answer>, KeyKeeper.Request> request,
            Consumer<KeyKeeper.Answer> then) {
        return Behaviors.setup(context -> {
            context.setReceiveTimeout(PATIENCE, OVERDUE);
            keyring.tell(request.apply(context.getSelf()));
            return Behaviors.receiveMessage(answer -> {
                then.accept(answer);
                return Behaviors.stopped();
            });
        });
    }
}
