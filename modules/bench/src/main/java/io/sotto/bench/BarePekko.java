package io.sotto.bench;

import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The limit of an agent's start: an actor system that does nothing. It stays up until it is told to stop. */
public final class BarePekko {
    private BarePekko() {}

    /** Prints one line when the system is up; with {@code once}, ends at once. */
    public static void main(String[] arguments) throws Exception {
        ActorSystem<Done> system = ActorSystem.create(Behaviors.empty(), "bare");
        System.out.println("==> bare system running!");
        if (arguments.length > 0 && "once".equals(arguments[0])) {
            CoordinatedShutdown.get(system)
                    .runAll(CoordinatedShutdown.unknownReason())
                    .toCompletableFuture()
                    .join();
        }
    }
}
