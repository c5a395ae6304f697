package io.sotto.membership;

import java.time.Instant;
import java.util.List;

/**
 * A suspicion that runs: who accused first, when this node heard of it, and who accused after that, as far as it counts.
 * Source: ours, for operators.
 */
public record Accusation(String accuser, Instant since, List<String> confirmers) {
    public Accusation {
        confirmers = List.copyOf(confirmers);
    }
}
