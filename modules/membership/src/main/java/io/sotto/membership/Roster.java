package io.sotto.membership;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Questions about the records of a pool: how many count, whom to tell, whom to ask, whom to forget. Stateless.
 *
 * <p>Source: gossip specification, sections 10.7, 12.2, 13 and 17.3; that a small pool tries more often to reach its
 * failed members is ours.
 */
public final class Roster {
    /** How often a member asks for a {@link #reconnectTarget} in the time in which Serf's members try once. */
    public static final int RECONNECT_LOOKS = 10;

    private static final double LEAST_RECONNECTS = 2;
    private static final int DRAWS_PER_RECORD = 3;

    private Roster() {}

    /** n in all formulas: the records in the pool, ourselves and the dead not yet reaped included. */
    public static int poolSize(Collection<MemberRecord> records) {
        int size = 0;
        for (MemberRecord record : records) {
            if (record.pooled()) {
                size++;
            }
        }
        return size;
    }

    /** Whether memberlist forgets it at the next wrap of the probe ring. */
    public static boolean isDueToLeavePool(MemberRecord record, SwimSettings settings, Instant now) {
        return record.pooled()
                && record.state().isGone()
                && isOlder(record.changedAt(), settings.gossipToTheDeadTime(), now);
    }

    /** Whether Serf forgets it at the next visit of the reaper. */
    public static boolean isDueToBeForgotten(MemberRecord record, SerfSettings settings, Instant now) {
        return switch (record.status()) {
            case FAILED -> isOlder(record.changedAt(), settings.reconnectTimeout(), now);
            case LEFT -> isOlder(record.changedAt(), settings.tombstoneTimeout(), now);
            case NONE, ALIVE, LEAVING -> false;
        };
    }

    /** Up to {@code gossipNodes} random members to tell: alive, suspect, or dead for a short while; never left. */
    public static List<MemberRecord> gossipTargets(
            List<MemberRecord> records, String self, SwimSettings settings, Instant now, RandomGenerator random) {
        return pick(
                settings.gossipNodes(),
                records,
                record -> record.pooled() && !record.name().equals(self) && isToldAt(record, settings, now),
                random);
    }

    /** A random alive member to exchange the whole state with. */
    public static Optional<MemberRecord> pushPullPartner(
            List<MemberRecord> records, String self, RandomGenerator random) {
        return pick(1, records, record -> record.isAlive() && !record.name().equals(self), random).stream()
                .findFirst();
    }

    /**
     * A random failed member to try to join again, or none: asked {@link #RECONNECT_LOOKS} times in each of Serf's
     * intervals by every member, it makes as many tries as Serf does, one for each that failed, but at least two a look
     * in the whole pool. A pool of few would otherwise heal late: Serf's members, started together, try together too.
     */
    public static Optional<MemberRecord> reconnectTarget(List<MemberRecord> records, RandomGenerator random) {
        List<MemberRecord> failed = new ArrayList<>();
        int alive = 0;
        for (MemberRecord record : records) {
            if (record.status() == SerfStatus.FAILED) {
                failed.add(record);
            } else if (record.isListed() && !record.status().isGone()) {
                alive++;
            }
        }
        double triesOfPool = Math.max(LEAST_RECONNECTS, (double) failed.size() / RECONNECT_LOOKS);
        if (failed.isEmpty() || random.nextDouble() > triesOfPool / Math.max(1, alive)) {
            return Optional.empty();
        }
        return Optional.of(failed.get(random.nextInt(failed.size())));
    }

    /**
     * {@code count} different random records that are {@code eligible}, or all if there are fewer: from a long list by
     * up to three draws per record, from a short one by shuffling it. Where draws find too few, as among many that are
     * gone they do now and then, the list is looked through: memberlist's members do without, and then probe without a
     * helper that they have.
     */
    public static List<MemberRecord> pick(
            int count, List<MemberRecord> records, Predicate<MemberRecord> eligible, RandomGenerator random) {
        if (records.size() < DRAWS_PER_RECORD * count) {
            List<MemberRecord> shuffled = new ArrayList<>();
            for (MemberRecord record : records) {
                if (eligible.test(record)) {
                    shuffled.add(record);
                }
            }
            shuffle(shuffled, random);
            return List.copyOf(shuffled.subList(0, Math.min(count, shuffled.size())));
        }
        List<MemberRecord> picked = new ArrayList<>(count);
        for (int draw = 0; draw < DRAWS_PER_RECORD * records.size() && picked.size() < count; draw++) {
            MemberRecord record = records.get(random.nextInt(records.size()));
            if (eligible.test(record) && !isPicked(record, picked)) {
                picked.add(record);
            }
        }
        int start = picked.size() < count ? random.nextInt(records.size()) : 0;
        for (int i = 0; i < records.size() && picked.size() < count; i++) {
            MemberRecord record = records.get((start + i) % records.size());
            if (eligible.test(record) && !isPicked(record, picked)) {
                picked.add(record);
            }
        }
        return List.copyOf(picked);
    }

    private static boolean isPicked(MemberRecord record, List<MemberRecord> picked) {
        for (MemberRecord one : picked) {
            if (one.name().equals(record.name())) {
                return true;
            }
        }
        return false;
    }

    /** Puts the list into a random order. */
    public static void shuffle(List<?> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }

    private static boolean isToldAt(MemberRecord record, SwimSettings settings, Instant now) {
        return switch (record.state()) {
            case ALIVE, SUSPECT -> true;
            case DEAD -> !isOlder(record.changedAt(), settings.gossipToTheDeadTime(), now);
            case LEFT -> false;
        };
    }

    private static boolean isOlder(Instant then, Duration age, Instant now) {
        return Duration.between(then, now).compareTo(age) > 0;
    }
}
