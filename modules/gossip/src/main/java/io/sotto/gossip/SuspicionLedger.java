package io.sotto.gossip;

import io.sotto.membership.Accusation;
import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The suspicions of one pool, those that run and the last that ended, up to a bound for each. Every {@link RemoteMember}
 * writes what it sees of its own member; anybody may read. A suspicion that runs while no more may be kept is counted and
 * not listed. Safe to call from any thread. Source: ours; {@code sotto.gossip.flood.ledger-max}.
 */
final class SuspicionLedger {
    private final int max;
    private final Map<String, SuspicionEntry> open = new LinkedHashMap<>();
    private final Deque<SuspicionEntry> ended = new ArrayDeque<>();
    private final Map<SuspicionEntry.Outcome, Long> outcomes = new HashMap<>();
    private long unlisted;

    /** @param max suspicions that run, and as many that have ended */
    SuspicionLedger(int max) {
        this.max = max;
    }

    /**
     * What a member's actor sees when a suspicion of its member begins, is confirmed, or ends.
     *
     * @param begins whether none ran before
     * @param running the suspicion that runs now
     * @param record the member as it is now; empty if nobody remembers it
     */
    synchronized void note(
            String member,
            boolean begins,
            Optional<Accusation> running,
            Optional<MemberRecord> record,
            int ownHealth,
            Instant wall) {
        SuspicionEntry entry = open.get(member);
        if (running.isPresent()) {
            Accusation accusation = running.get();
            if (entry == null && begins) {
                open(new SuspicionEntry(
                        member,
                        accusation.accuser(),
                        wall,
                        accusation.confirmers(),
                        ownHealth,
                        SuspicionEntry.Outcome.OPEN,
                        Optional.empty()));
            } else if (entry != null) {
                open.put(member, entry.confirmedBy(accusation.confirmers()));
            }
        } else if (entry != null) {
            open.remove(member);
            end(entry.ended(outcome(record), wall));
        }
    }

    /** Newest first. */
    synchronized List<SuspicionEntry> entries() {
        List<SuspicionEntry> all = new ArrayList<>(ended);
        all.addAll(open.values());
        all.sort((one, other) -> one.start().compareTo(other.start()));
        Collections.reverse(all);
        return List.copyOf(all);
    }

    /** How many have ended so. */
    synchronized long count(SuspicionEntry.Outcome outcome) {
        return outcome == SuspicionEntry.Outcome.OPEN ? open.size() : outcomes.getOrDefault(outcome, 0L);
    }

    /** Suspicions that were not listed, because too many ran. */
    synchronized long unlisted() {
        return unlisted;
    }

    private void open(SuspicionEntry entry) {
        if (open.size() < max) {
            open.put(entry.member(), entry);
        } else {
            unlisted++;
        }
    }

    private void end(SuspicionEntry entry) {
        outcomes.merge(entry.outcome(), 1L, Long::sum);
        ended.addLast(entry);
        if (ended.size() > max) {
            ended.removeFirst();
        }
    }

    private static SuspicionEntry.Outcome outcome(Optional<MemberRecord> record) {
        if (record.filter(known -> known.state() == NodeState.DEAD).isPresent()) {
            return SuspicionEntry.Outcome.FAILED;
        }
        return record.filter(MemberRecord::isAlive).isPresent()
                ? SuspicionEntry.Outcome.REFUTED
                : SuspicionEntry.Outcome.WITHDRAWN;
    }
}
