package io.sotto.testkit.fuzz;

/** The seed of this run, which every failure names; {@code -Dsotto.test.seed=N} repeats the run. */
final class Seed {
    static final long VALUE = Long.getLong("sotto.test.seed", System.nanoTime());

    private Seed() {}

    static String hint() {
        return "repeat with -Dsotto.test.seed=" + VALUE;
    }
}
