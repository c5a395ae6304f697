package io.sotto.gossip.rotation;

import java.time.Instant;
import java.util.Optional;

/** What a pool has sealed with its present primary key. */
public interface Seals {
    /**
     * A key, since when it has been the primary, and how many messages were sealed with it.
     *
     * @param key its id
     */
    record Spent(String key, Instant since, long messages) {}

    /** The present primary key; empty without one. */
    Optional<Spent> primary();

    NonceBudget budget();

    /** Writes down what may be sealed until it is called again. Blocks on the disk. Answers a fault, for the log. */
    Optional<String> writeAhead();
}
