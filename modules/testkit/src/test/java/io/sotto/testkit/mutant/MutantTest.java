package io.sotto.testkit.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulator is shown to see: each planted bug is found by random schedules, and none is found where none was planted.
 * Tells how many schedules each needed, and what gave it away.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutantTest {
    private static final int SCHEDULES_MAX = 2_000;
    private static final int CONTROL_SCHEDULES = 20;

    static Stream<Mutant> mutants() {
        return Mutants.all().stream();
    }

    @Test
    void thereAreAtLeastThirty() {
        List<String> names = Mutants.all().stream().map(Mutant::what).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(30);
    }

    @Test
    void nothingIsFoundWhereNothingIsPlanted() throws Exception {
        LongFunction<String> control = suspect(MutantLoader.control());
        for (long seed = 1; seed <= CONTROL_SCHEDULES; seed++) {
            assertThat(control.apply(seed))
                    .as("schedule %d without a mutant", seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isFound(Mutant mutant) throws Exception {
        LongFunction<String> suspect = suspect(MutantLoader.of(mutant));
        for (int seed = 1; seed <= SCHEDULES_MAX; seed++) {
            String violated = suspect.apply(seed);
            if (!violated.isEmpty()) {
                System.out.println("mutant '" + mutant.what() + "': schedule " + seed + ", " + violated);
                return;
            }
        }
        throw new AssertionError("'" + mutant.what() + "' was not found by " + SCHEDULES_MAX + " schedules");
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> suspect(MutantLoader loader) throws ReflectiveOperationException {
        return (LongFunction<String>) loader.loadClass(Suspect.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }
}
