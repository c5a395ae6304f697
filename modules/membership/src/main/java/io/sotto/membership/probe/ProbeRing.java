package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SwimSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Round robin over a list of members that is shuffled anew at each wrap. One owner.
 *
 * <p>Source: gossip specification, sections 10.7 and 11.1; SWIM, section 4.3.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class ProbeRing {
    /**
     * Whose turn it is.
     *
     * @param target empty if there is nobody to probe
     * @param reaped members found gone for long enough at a wrap: call {@code leavePool} of their machines
     */
    public record Turn(Optional<MemberRecord> target, List<String> reaped) {
        public Turn {
            reaped = List.copyOf(reaped);
        }
    }

    /** @param self our own name, which is never probed */
    public ProbeRing(String self, SwimSettings settings) {}

    /** A new member: takes a random place in the list. Adding a name twice does nothing. */
    public void add(String name, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }

    /**
     * The next member to probe: alive or suspect, and not ourselves.
     *
     * @param records the present records by name; a wrap takes up those that the ring does not know yet
     */
    public Turn next(Map<String, MemberRecord> records, Instant now, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }
}
