package io.sotto.testkit.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * The simulator is shown to see: each planted bug is found by random schedules, and none is found where none was planted.
 * Tells how many schedules each needed, and what gave it away. Two mutants are hunted at a time, each in a world of its own.
 */
class MutantTest {
    private static final int SCHEDULES_MAX = 2_000;
    private static final int CONTROL_SCHEDULES = 20;
    private static final int HUNTERS = 2;
    private static final int TOLD_MAX = 240;

    private static ExecutorService hunters;

    /** Whole pools in trouble would write a line about each member that comes, goes or is suspected. */
    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.OFF);
        hunters = Executors.newFixedThreadPool(HUNTERS);
    }

    @AfterAll
    static void speakAgain() {
        hunters.shutdownNow();
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.INFO);
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

    @TestFactory
    Stream<DynamicTest> isFound() {
        List<DynamicTest> tests = Mutants.all().stream()
                .map(mutant -> {
                    Future<String> hunt = hunters.submit(() -> hunt(mutant));
                    return DynamicTest.dynamicTest(mutant.what(), () -> System.out.println(hunt.get()));
                })
                .toList();
        return tests.stream();
    }

    private static String hunt(Mutant mutant) throws Exception {
        LongFunction<String> suspect = suspect(MutantLoader.of(mutant));
        for (int seed = 1; seed <= SCHEDULES_MAX; seed++) {
            String violated = suspect.apply(seed);
            if (!violated.isEmpty()) {
                String told = violated.length() > TOLD_MAX ? violated.substring(0, TOLD_MAX) + " …" : violated;
                return "mutant '" + mutant.what() + "': schedule " + seed + ", " + told;
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
