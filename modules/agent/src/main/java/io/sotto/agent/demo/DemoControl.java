package io.sotto.agent.demo;

import io.sotto.agent.http.AgentControl;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/** An agent of the demo can be asked over HTTP to leave, but has no files to read again. */
record DemoControl(Supplier<CompletionStage<Done>> leaving) implements AgentControl {
    @Override
    public CompletionStage<Reloaded> reload() {
        return CompletableFuture.completedFuture(
                new Reloaded.Refused("an agent of the demo has no configuration files to read again"));
    }

    @Override
    public CompletionStage<Done> leave() {
        return leaving.get();
    }
}
