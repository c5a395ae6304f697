package io.sotto.agent.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a process was given besides files and flags, where a key may be.
 *
 * @param environment the variables of the process
 * @param standardInput the first line of standard input, the same each time; empty when there is none
 */
public record Surroundings(Map<String, String> environment, Supplier<Optional<String>> standardInput) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Nothing. */
    public static Surroundings none() {
        return new Surroundings(Map.of(), Optional::empty);
    }

    /** Without values, among which may be a key. */
    @Override
    public String toString() {
        return "Surroundings[" + environment.size() + " variables]";
    }
}
