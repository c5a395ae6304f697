package io.sotto.agent.cli;

import java.util.Map;
import java.util.Optional;

/** What a verb that asks an agent is told by its environment: our own variables first, then those of Consul's tool. */
final class Variables {
    private static final String[] PREFIXES = {"SOTTO_", "CONSUL_"};

    private Variables() {}

    /** The flag's value, else that of the variable; empty if neither is there or both are empty. */
    static Optional<String> find(ParsedFlags flags, String flag, Map<String, String> environment, String variable) {
        String given = flags.value(flag, "");
        return given.isEmpty() ? find(environment, variable) : Optional.of(given);
    }

    /** @param variable without {@code SOTTO_} or {@code CONSUL_} */
    static Optional<String> find(Map<String, String> environment, String variable) {
        for (String prefix : PREFIXES) {
            String value = environment.getOrDefault(prefix + variable, "");
            if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** A switch as Go reads it. */
    static Optional<Boolean> isOn(Map<String, String> environment, String variable) throws UsageException {
        String word = find(environment, variable).orElse("");
        return switch (word) {
            case "" -> Optional.empty();
            case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
            case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
            default ->
                throw new UsageException(
                        "could not parse " + variable + ": \"" + word + "\" is neither true nor false");
        };
    }
}
