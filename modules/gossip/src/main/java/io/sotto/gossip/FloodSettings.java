package io.sotto.gossip;

import com.typesafe.config.Config;

/**
 * What a pool lets itself be made to do by others, however much they send.
 *
 * @param answerRate answers to pings, and pings for others, that go to one address in a second, an IPv6 network of 64 bits
 *     counting as one; 0 is without end; the surplus is dropped and counted
 * @param answerBurst how many of them may go at once
 */
public record FloodSettings(int answerRate, int answerBurst) {
    public FloodSettings {
        requireNotNegative("answerRate", answerRate);
        requirePositive("answerBurst", answerBurst);
    }

    /** 1,000 answers a second to one address, 1,024 at once. */
    public static FloodSettings defaults() {
        return new FloodSettings(1_000, 1_024);
    }

    /** Reads {@code sotto.gossip.flood}. */
    public static FloodSettings from(Config flood) {
        return new FloodSettings(flood.getInt("answer-rate"), flood.getInt("answer-burst"));
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + value);
        }
    }
}
