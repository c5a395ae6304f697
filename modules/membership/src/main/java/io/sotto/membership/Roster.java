package io.sotto.membership;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Questions about the records of a pool: how many count, whom to tell, whom to ask. Stateless.
 *
 * <p>Source: gossip specification, sections 10.7, 12.2, 13 and 17.3.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Roster {
    private Roster() {}

    /** n in all formulas: the records in the pool, ourselves and the dead not yet reaped included. */
    public static int poolSize(Collection<MemberRecord> records) {
        throw new IllegalStateException("pending");
    }

    /** Whether memberlist forgets it at the next wrap of the probe ring. */
    public static boolean isDueToLeavePool(MemberRecord record, SwimSettings settings, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** Whether Serf forgets it at the next visit of the reaper. */
    public static boolean isDueToBeForgotten(MemberRecord record, SerfSettings settings, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** Up to {@code gossipNodes} random members to tell: alive, suspect, or dead for a short while; never left. */
    public static List<MemberRecord> gossipTargets(
            List<MemberRecord> records, String self, SwimSettings settings, Instant now, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }

    /** A random alive member to exchange the whole state with. */
    public static Optional<MemberRecord> pushPullPartner(
            List<MemberRecord> records, String self, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }

    /** With probability failed / alive, a random failed member to try to join again. */
    public static Optional<MemberRecord> reconnectTarget(List<MemberRecord> records, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }

    /** Up to {@code count} different random records that are {@code eligible}. */
    public static List<MemberRecord> pick(
            int count, List<MemberRecord> records, Predicate<MemberRecord> eligible, RandomGenerator random) {
        throw new IllegalStateException("pending");
    }
}
