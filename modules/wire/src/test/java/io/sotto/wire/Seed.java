package io.sotto.wire;

import java.util.Random;

/**
 * Where tests have their chance from: a new seed in each run, which every failure names; {@code -Dsotto.test.seed=N} repeats
 * the run.
 */
public final class Seed {
    private static final long VALUE = Long.getLong("sotto.test.seed", System.nanoTime());

    private Seed() {}

    public static Random random() {
        return new Random(VALUE);
    }

    /** How to repeat what failed. */
    public static String hint() {
        return "repeat with -Dsotto.test.seed=" + VALUE;
    }

    public static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
