package io.sotto.gossip;

import java.util.List;

/**
 * What came of a join.
 *
 * @param contacted addresses that exchanged their view with this node
 * @param failures the others, in the order in which they were tried
 */
public record JoinReport(int contacted, List<Failure> failures) {
    /**
     * An address that was not joined.
     *
     * @param address as given or resolved
     * @param reason for people, in the words of the real systems
     */
    public record Failure(String address, String reason) {}

    public JoinReport {
        failures = List.copyOf(failures);
    }
}
