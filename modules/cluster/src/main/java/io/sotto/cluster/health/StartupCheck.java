package io.sotto.cluster.health;

import io.sotto.cluster.Sotto;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * Whether {@link Sotto#get} has started: see {@link SottoHealth#startup}.
 * For {@code pekko.management.health-checks.startup-checks}, by this name; the reasons are in the log.
 */
public final class StartupCheck implements Supplier<CompletionStage<Boolean>> {
    private final ToldCheck check;

    /** Called by Pekko Management, with its actor system. */
    public StartupCheck(ActorSystem system) {
        this.check = new ToldCheck("start-up", system, SottoHealth::startup);
    }

    @Override
    public CompletionStage<Boolean> get() {
        return check.run();
    }
}
