package io.sotto.agent.access;

import java.util.Locale;
import java.util.Optional;

/** What a rule allows, the least first; each allows what those before it do. Source: Consul's rules. */
public enum Level {
    DENY,
    READ,
    /** Keys only: reading all that are under a prefix. */
    LIST,
    WRITE;

    boolean allows(Level wanted) {
        return compareTo(wanted) >= 0;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Level> of(String word) {
        for (Level level : values()) {
            if (level.word().equals(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
