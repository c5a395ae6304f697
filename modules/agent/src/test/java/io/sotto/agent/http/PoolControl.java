package io.sotto.agent.http;

import io.sotto.cluster.Pool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Control of an agent that is only its pool: a reload finds nothing new. */
record PoolControl(Pool pool) implements AgentControl {
    @Override
    public CompletionStage<Reloaded> reload() {
        return CompletableFuture.completedFuture(new Reloaded.Applied());
    }

    @Override
    public CompletionStage<Done> leave() {
        return pool.leave();
    }
}
