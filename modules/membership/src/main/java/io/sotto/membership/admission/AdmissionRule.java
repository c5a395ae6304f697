package io.sotto.membership.admission;

import java.util.List;
import java.util.Optional;

/**
 * The application's say in who may be a member: memberlist's alive hook and merge hook in one.
 *
 * <p>An objection drops the alive message, or cancels the whole join; the peer is not told. Rules are pure, immutable and
 * safe to share. Source: gossip specification, section 14.
 */
public interface AdmissionRule {
    /** The first objection to these nodes together, or empty. An alive message asks about one, a join about all. */
    Optional<String> objection(List<Candidate> candidates);

    /** The objection to one node, or empty. */
    default Optional<String> objection(Candidate candidate) {
        return objection(List.of(candidate));
    }

    /** No hook at all, as plain Serf has it. */
    static AdmissionRule acceptAll() {
        return candidates -> Optional.empty();
    }
}
