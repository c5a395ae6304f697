package io.sotto.testkit.invariant;

import io.sotto.wire.NodeAddress;

/**
 * One process of one member: from its start to its end. A restart begins another life under the same name.
 *
 * @param number 1 for the first process of all that the simulation started, and so on
 * @param address that it advertises
 */
public record Life(String name, int number, NodeAddress address) {
    /** As in {@code n3#7}. */
    @Override
    public String toString() {
        return name + "#" + number;
    }
}
