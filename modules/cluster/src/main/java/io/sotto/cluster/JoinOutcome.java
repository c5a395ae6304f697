package io.sotto.cluster;

import java.util.List;

/**
 * What came of an attempt to join. It worked when at least one address was contacted.
 *
 * @param contacted how many addresses exchanged their view with this node
 * @param failures one entry for each address that did not, in the order in which they were tried
 */
public record JoinOutcome(int contacted, List<Failure> failures) {
    /**
     * An address that could not be joined.
     *
     * @param address as it was given or resolved
     * @param reason for people, in the words of the real systems: {@code dial tcp 10.0.0.1:8301: connect: connection
     *     refused}
     */
    public record Failure(String address, String reason) {}

    public JoinOutcome {
        failures = List.copyOf(failures);
    }

    public boolean succeeded() {
        return contacted > 0;
    }
}
