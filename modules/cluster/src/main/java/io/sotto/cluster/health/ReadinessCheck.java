package io.sotto.cluster.health;

import io.sotto.cluster.Sotto;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;

/**
 * Whether others can rely on {@link Sotto#get}: see {@link SottoHealth#readiness}. Fails before the certificate does.
 * For {@code pekko.management.health-checks.readiness-checks}, by this name; the reasons are in the log.
 */
public final class ReadinessCheck implements Supplier<CompletionStage<Boolean>> {
    private final ToldCheck check;

    /** Called by Pekko Management, with its actor system. */
    public ReadinessCheck(ActorSystem system) {
        this.check = new ToldCheck("readiness", system, SottoHealth::readiness);
    }

    @Override
    public CompletionStage<Boolean> get() {
        return check.run();
    }
}
