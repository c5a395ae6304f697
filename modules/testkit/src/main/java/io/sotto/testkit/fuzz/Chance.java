package io.sotto.testkit.fuzz;

import java.util.random.RandomGenerator;

/** The chance of one case, and what is often asked of it. */
record Chance(RandomGenerator random) {
    /** Lengths and counts that have hurt decoders before. */
    private static final long[] EXTREMES = {
        0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL
    };

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** 0 to {@code bound - 1}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** {@code from} to {@code to}, both included. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    long pick(long... values) {
        return values[random.nextInt(values.length)];
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A length or count that is a lie: near the truth, near the bound, or near where integers turn over. */
    long lie(long truth, long max) {
        long lie = switch (below(4)) {
            case 0 -> truth + (random.nextBoolean() ? 1 : -1);
            case 1 -> max + below(3) - 1;
            default -> pick(EXTREMES);
        };
        return lie == truth || lie < 0 ? truth + 1 : lie;
    }
}
