package io.sotto.agent.cli;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The entropy and the clock that verbs make certificates with.
 *
 * @param random the operating system's
 * @param now when the verb began
 */
record ThisMachine(SecureRandom random, Instant now) {
    static ThisMachine here() {
        return new ThisMachine(new SecureRandom(), Instant.now());
    }

    /** For verbs that look at the time more than once. */
    static InstantSource clock() {
        return Instant::now;
    }
}
