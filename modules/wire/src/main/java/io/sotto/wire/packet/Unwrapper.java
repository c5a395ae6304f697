package io.sotto.wire.packet;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import java.util.List;

/**
 * Takes off compound and compression layers, which real peers nest, without recursion and within {@link Limits}.
 *
 * <p>What can be had is given even when other parts are bad. Source: gossip specification, sections 3.1, 3.2 and 4.
 */
public final class Unwrapper {
    private Unwrapper() {}

    /** Unwraps one packet after label, seal and checksum; every message is non-empty and begins with its type byte. */
    public static Unwrapped unwrap(Octets packet, Limits limits) {
        return io.sotto.wire.Pending.body();
    }

    /** The messages in their order, and what had to be dropped. */
    public record Unwrapped(List<Octets> messages, List<Fault> faults) {}

    /** One thing that was dropped. */
    public record Fault(Rejection.Reason reason, String detail) {}
}
