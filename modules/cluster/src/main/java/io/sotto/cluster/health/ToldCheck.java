package io.sotto.cluster.health;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the checks as a yes or no; the reasons go to the log whenever they change. */
final class ToldCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ToldCheck.class);

    private final String name;
    private final ActorSystem system;
    private final Function<SottoHealth, CompletionStage<Health>> check;
    private Optional<SottoHealth> health = Optional.empty();
    private List<String> told = List.of();

    ToldCheck(String name, ActorSystem system, Function<SottoHealth, CompletionStage<Health>> check) {
        this.name = name;
        this.system = system;
        this.check = check;
    }

    CompletionStage<Boolean> run() {
        CompletionStage<Health> found;
        try {
            found = check.apply(health());
        } catch (RuntimeException e) {
            // Settings that cannot be: whoever asks is told so each time, and nothing else fails for it.
            found = CompletableFuture.completedFuture(new Health(List.of(String.valueOf(e.getMessage()))));
        }
        return found.thenApply(this::tell);
    }

    private synchronized SottoHealth health() {
        SottoHealth present = health.orElseGet(() -> SottoHealth.of(Adapter.toTyped(system)));
        health = Optional.of(present);
        return present;
    }

    private synchronized boolean tell(Health found) {
        if (!found.problems().equals(told)) {
            told = found.problems();
            if (found.isWell()) {
                LOG.info("{}: well", name);
            } else {
                LOG.warn("{}: {}", name, String.join("; ", told));
            }
        }
        return found.isWell();
    }
}
