package io.sotto.gossip.stream;

import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import scala.concurrent.ExecutionContextExecutor;

/**
 * What streams run on.
 *
 * @param scheduler keeps the deadlines
 * @param executor does the work
 */
public record StreamThreads(Scheduler scheduler, ExecutionContextExecutor executor) {
    /** The dispatcher of an actor, so that its connections are as busy, or as still, as it is itself. */
    public static StreamThreads of(ActorContext<?> context) {
        return new StreamThreads(context.getSystem().scheduler(), context.getExecutionContext());
    }

    /** A system's own dispatcher. */
    public static StreamThreads of(ActorSystem<?> system) {
        return new StreamThreads(system.scheduler(), system.executionContext());
    }
}
