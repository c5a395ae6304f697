package io.sotto.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
    /** Five glances. */
    private final Patience patience = new Patience(Clock.systemUTC(), Duration.ofMillis(100));

    @Test
    void glancesSoOftenHoweverLongEachTakes() throws NotObserved {
        AtomicInteger glances = new AtomicInteger();
        patience.until(() -> glances.incrementAndGet() == 6, () -> "never");

        AtomicInteger inVain = new AtomicInteger();
        assertThatThrownBy(() -> patience.until(() -> inVain.incrementAndGet() == 7, () -> "six are too few"))
                .isInstanceOf(NotObserved.class)
                .hasMessageContaining("six are too few");
        assertThat(inVain).hasValue(6);
    }

    @Test
    void takesWhatCompletesAndTellsWhatFails() throws NotObserved {
        assertThat(patience.of(CompletableFuture.completedFuture("done"), "it")).isEqualTo("done");
        assertThatThrownBy(() -> patience.of(CompletableFuture.failedFuture(new IllegalStateException("no")), "it"))
                .isInstanceOf(NotObserved.class)
                .hasMessage("it: no");
        assertThatThrownBy(() -> patience.of(new CompletableFuture<>(), "it"))
                .isInstanceOf(NotObserved.class)
                .hasMessageContaining("it");
    }

    @Test
    void nothingIsWaitedForOnceItIsCancelled() {
        patience.cancel();

        assertThatThrownBy(() -> patience.until(() -> false, () -> "never"))
                .isInstanceOf(NotObserved.class)
                .hasMessage("the demo was ended");
    }
}
