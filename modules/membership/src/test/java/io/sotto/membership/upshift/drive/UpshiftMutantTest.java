package io.sotto.membership.upshift.drive;

import static io.sotto.membership.upshift.drive.PlantedBug.in;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The random upshifts are shown to see: each bug that is planted is found by them. */
class UpshiftMutantTest {
    private static final int SEEDS_MAX = 3_000;
    private static final int TOLD_MAX = 160;

    static Stream<PlantedBug> bugs() {
        String above = "record = record.at(record.confirmed(), record.confirmed().above());";
        String lone = "return own.understands(stage)";
        return Stream.of(
                PlantedBug.of(
                        "gate ignores an absent member",
                        in(
                                "Survey",
                                "SortedSet<String> counted = new TreeSet<>(attendance.counted());",
                                "SortedSet<String> counted = new TreeSet<>(attendance.alive());")),
                PlantedBug.of(
                        "gate counts forged reports",
                        in(
                                "Survey",
                                "&& stand.ground() == Stand.Ground.REPORT",
                                "&& stand.ground() != Stand.Ground.TRAFFIC")),
                PlantedBug.of(
                        "gate does not wait for who is silent",
                        in(
                                "Survey",
                                "if (stage(name).isEmpty()) {",
                                "if (stage(name).isEmpty() && !attendance.alive().contains(name)) {")),
                PlantedBug.of(
                        "who is not listed yet after a restart is forgotten",
                        in(
                                "Roll",
                                "expected.stream().filter(name -> !listed.contains(name)).forEach(failed::add);",
                                "")),
                PlantedBug.of(
                        "order before persist", in("UpshiftMachine", "effects.add(order);", "effects.add(0, order);")),
                PlantedBug.of(
                        "abort leaves a half-state",
                        in("Judgement", "unfenced.isEmpty() ? waitFor(apart)", "unfenced.isEmpty() ? Step.reached()")),
                PlantedBug.of(
                        "abort does not see to it that no earlier order is still on its way",
                        in(
                                "Judgement",
                                "SortedSet<String> unfenced = survey.reportingAt(record.goal());",
                                "SortedSet<String> unfenced = new TreeSet<>();")),
                PlantedBug.of(
                        "abort goes down while somebody may be further up",
                        in("Judgement", "return mayBeHigher(stage) ?", "return mayBeHigher(stage) && false ?")),
                PlantedBug.of(
                        "skips a stage",
                        in("UpshiftMachine", above, above.replace(".above()", ".above().above()")),
                        in("OrderRule", lone, "return own.understands(stage) || !own.understands(stage)")),
                PlantedBug.of(
                        "old epoch obeyed",
                        in(
                                "OrderRule",
                                "UpshiftRecord.PRECEDENCE.compare(record, held.get()) < 0",
                                "UpshiftRecord.PRECEDENCE.compare(record, held.get()) < -1")),
                PlantedBug.of(
                        "new epoch moves members that have not taken it",
                        in(
                                "UpshiftMachine",
                                "if (!isTakeover() && survey.unknown().isEmpty()) {",
                                "if (isTakeover() || survey.unknown().isEmpty()) {\nrecord = record.fenced();")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(PlantedBug bug) throws Exception {
        LongFunction<String> world = bug.world();
        String found = "";
        long seed = 0;
        while (found.isEmpty() && seed < SEEDS_MAX) {
            found = world.apply(++seed);
        }
        assertThat(found).as("'%s' is found", bug.what()).isNotEmpty();
        System.out.println("'" + bug.what() + "': seed " + seed + ", "
                + found.lines().findFirst().orElse("").substring(0, Math.min(found.indexOf('\n'), TOLD_MAX)));
    }

    @Test
    void aBugIsCompiledFromSourceThatIsThere() throws Exception {
        PlantedBug harmless = PlantedBug.of(
                "nothing", in("UpshiftMachine", "effects.add(order);", "effects.add(effects.size(), order);"));

        assertThat(harmless.world().apply(1)).isEmpty();
    }
}
