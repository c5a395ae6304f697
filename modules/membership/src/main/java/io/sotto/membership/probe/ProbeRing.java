package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SwimSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Round robin over a list of members that is shuffled anew at each wrap. One owner.
 *
 * <p>Every member that stays alive is probed once between two wraps, so a failure is noticed within two rounds. A turn
 * costs the same however many members there are: the whole pool is looked through only at a wrap, once in as many turns as
 * it has members. Names are sorted before they are shuffled, so that the order of the records does not matter. Source: gossip
 * specification, sections 10.7 and 11.1; SWIM, section 4.3.
 */
public final class ProbeRing {
    private final String self;
    private final SwimSettings settings;
    private final List<String> names = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private int index;
    private long arrivalsSeen;

    /** The pool as it is now. */
    public interface Candidates {
        Optional<MemberRecord> find(String name);

        /** All of them, in any order. */
        List<MemberRecord> records();

        /** Each record that became {@link MemberRecord#pooled}. */
        Arrivals arrivals();
    }

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
    public ProbeRing(String self, SwimSettings settings) {
        this.self = self;
        this.settings = settings;
    }

    /**
     * The next member to probe: alive or suspect, and not ourselves.
     *
     * @param candidates the present records; new ones take a random place in the list
     */
    public Turn next(Candidates candidates, Instant now, RandomGenerator random) {
        List<String> reaped = new ArrayList<>();
        admit(candidates, random);
        boolean wrapped = false;
        while (true) {
            if (index >= names.size()) {
                if (wrapped) {
                    return new Turn(Optional.empty(), reaped);
                }
                wrapped = true;
                wrap(candidates, now, random, reaped);
            } else {
                Optional<MemberRecord> record = candidates.find(names.get(index++));
                if (record.filter(ProbeRing::isProbed).isPresent()) {
                    return new Turn(record, reaped);
                }
            }
        }
    }

    private void admit(Candidates candidates, RandomGenerator random) {
        Arrivals arrivals = candidates.arrivals();
        if (arrivals.count() == arrivalsSeen) {
            return;
        }
        List<String> arrived = new ArrayList<>();
        arrivals.since(arrivalsSeen)
                .ifPresentOrElse(arrived::addAll, () -> candidates.records().forEach(one -> arrived.add(one.name())));
        arrivalsSeen = arrivals.count();
        Collections.sort(arrived);
        for (String name : arrived) {
            boolean pooled = candidates.find(name).filter(MemberRecord::pooled).isPresent();
            if (pooled && !name.equals(self) && known.add(name)) {
                names.add(name);
                Collections.swap(names, random.nextInt(names.size()), names.size() - 1);
            }
        }
    }

    private static boolean isProbed(MemberRecord record) {
        return record.pooled() && !record.state().isGone();
    }

    /** Whoever is gone for long enough keeps a place until the next wrap, in case it comes back before it is forgotten. */
    private void wrap(Candidates candidates, Instant now, RandomGenerator random, List<String> reaped) {
        names.clear();
        known.clear();
        for (MemberRecord record : candidates.records()) {
            if (record.pooled() && !record.name().equals(self)) {
                names.add(record.name());
                known.add(record.name());
                if (Roster.isDueToLeavePool(record, settings, now)) {
                    reaped.add(record.name());
                }
            }
        }
        Collections.sort(names);
        Collections.sort(reaped);
        Roster.shuffle(names, random);
        index = 0;
    }
}
