package io.sotto.agent.access;

import java.util.Locale;
import java.util.Optional;

/** What a rule is about. The words are Consul's, but for {@link #EXEC}, which is ours. */
public enum Resource {
    /** An agent itself, by its node's name. */
    AGENT(true),
    /** User events, by their names. */
    EVENT(true),
    /** Having commands run on members. */
    EXEC(false),
    /** Keys of the key-value store, by their paths. */
    KEY(true),
    /** The gossip keys. */
    KEYRING(false),
    /** Members and nodes of the catalog, by their names. */
    NODE(true),
    /** What changes the pool or shows the machine. */
    OPERATOR(false),
    /** Prepared queries, by their names. */
    QUERY(true),
    /** Services, by their names. */
    SERVICE(true),
    /** Sessions, by the names of their nodes. */
    SESSION(true);

    private final boolean isNamed;

    Resource(boolean isNamed) {
        this.isNamed = isNamed;
    }

    /** Whether a rule of it names something: {@code node "x" { … }} and {@code node_prefix}, not {@code operator = …}. */
    boolean isNamed() {
        return isNamed;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Resource> of(String word) {
        for (Resource resource : values()) {
            if (resource.word().equals(word)) {
                return Optional.of(resource);
            }
        }
        return Optional.empty();
    }
}
