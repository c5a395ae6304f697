package io.sotto.testkit.mutant;

import static io.sotto.testkit.mutant.Mutant.membership;
import static io.sotto.testkit.mutant.Mutant.planted;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sotto.testkit.upshift.SimulatedUpshift;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The simulated upshifts are shown to see: what would let a gate open too early is found by them. */
class UpshiftMutantTest {
    private static final int SEEDS_MAX = 200;

    static Stream<Mutant> mutants() {
        return Stream.of(
                planted(
                        "a gate ignores an absent member",
                        membership(
                                "upshift/drive/Survey",
                                "SortedSet<String> counted = new TreeSet<>(attendance.counted());",
                                "SortedSet<String> counted = new TreeSet<>(attendance.alive());")),
                planted(
                        "a gate counts forged reports",
                        membership(
                                "upshift/drive/Survey",
                                "&& stand.ground() == Stand.Ground.REPORT",
                                "&& stand.ground() != Stand.Ground.TRAFFIC"),
                        new Mutant.Edit(
                                "cluster",
                                "io/sotto/cluster/upshift/Census.java",
                                "known != null && known.ground() != Stand.Ground.UNKNOWN && !asked.contains(name)",
                                "known != null")));
    }

    /** Whole clusters in trouble would write a line about each member that comes, goes or is suspected. */
    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger("io.sotto")).setLevel(Level.INFO);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isFound(Mutant mutant) throws Exception {
        LongFunction<String> upshift = upshift(MutantLoader.of(mutant));
        String found = "";
        long seed = 0;
        while (found.isEmpty() && seed < SEEDS_MAX) {
            found = upshift.apply(++seed);
        }
        assertThat(found).as("'%s' is found", mutant.what()).isNotEmpty();
        System.out.println(
                "mutant '" + mutant.what() + "': " + found.lines().findFirst().orElse(""));
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> upshift(MutantLoader loader) throws ReflectiveOperationException {
        return (LongFunction<String>) loader.loadClass(SimulatedUpshift.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    }
}
