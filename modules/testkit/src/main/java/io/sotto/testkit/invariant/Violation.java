package io.sotto.testkit.invariant;

import java.time.Duration;

/**
 * Something that must not be.
 *
 * @param at since the start of the simulation
 * @param invariant what was claimed
 * @param detail what was seen instead
 */
public record Violation(Duration at, String invariant, String detail) {
    @Override
    public String toString() {
        return "at " + at.toMillis() / 1000.0 + " s: " + invariant + ": " + detail;
    }
}
