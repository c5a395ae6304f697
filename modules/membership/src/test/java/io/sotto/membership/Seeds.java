package io.sotto.membership;

import java.util.Random;

/** Chance for tests: drawn anew in each run, printed so that a failure can be repeated with {@code -Dsotto.seed=…}. */
public final class Seeds {
    private Seeds() {}

    public static Random random() {
        String given = System.getProperty("sotto.seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("seed: -Dsotto.seed=" + seed);
        return new Random(seed);
    }
}
