package io.sotto.cluster.health;

import io.sotto.cluster.Sotto;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * Whether the actors of {@link Sotto#get} answer in time: see {@link SottoHealth#liveness}.
 * For {@code pekko.management.health-checks.liveness-checks}, by this name; the reasons are in the log.
 */
public final class LivenessCheck implements Supplier<CompletionStage<Boolean>> {
    private final ToldCheck check;

    /** Called by Pekko Management, with its actor system. */
    public LivenessCheck(ActorSystem system) {
        this.check = new ToldCheck("liveness", system, SottoHealth::liveness);
    }

    @Override
    public CompletionStage<Boolean> get() {
        return check.run();
    }
}
