package io.sotto.membership.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void tellsWhoCameSinceInTheOrderOfTheirComing() {
        Arrivals first = Arrivals.none().plus("a");
        Arrivals then = first.plus("c").plus("b");
        assertThat(then.count()).isEqualTo(3);
        assertThat(then.since(first.count())).contains(List.of("c", "b"));
        assertThat(then.since(0)).contains(List.of("a", "c", "b"));
        assertThat(then.since(3)).contains(List.of());
        assertThat(first.since(0)).as("an earlier one stays as it was").contains(List.of("a"));
    }

    @Test
    void saysSoWhenItDoesNotRememberThemAll() {
        Arrivals arrivals = Arrivals.none();
        for (int i = 0; i < 1_000; i++) {
            arrivals = arrivals.plus("n" + i);
        }
        assertThat(arrivals.count()).isEqualTo(1_000);
        assertThat(arrivals.since(998)).contains(List.of("n998", "n999"));
        assertThat(arrivals.since(900)).isEmpty();
    }
}
