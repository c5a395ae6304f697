package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SwimSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Round robin over a list of members that is shuffled anew at each wrap. One owner.
 *
 * <p>Every member that stays alive is probed once between two wraps, so a failure is noticed within two rounds. Names are
 * sorted before they are shuffled, since the order of a map may differ between two runs of one seed. Source: gossip
 * specification, sections 10.7 and 11.1; SWIM, section 4.3.
 */
public final class ProbeRing {
    private final String self;
    private final SwimSettings settings;
    private final List<String> names = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private int index;

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
     * @param records the present records by name; new ones take a random place in the list
     */
    public Turn next(Map<String, MemberRecord> records, Instant now, RandomGenerator random) {
        List<String> reaped = new ArrayList<>();
        admit(records, random);
        boolean wrapped = false;
        while (true) {
            if (index >= names.size()) {
                if (wrapped) {
                    return new Turn(Optional.empty(), reaped);
                }
                wrapped = true;
                wrap(records, now, random, reaped);
            } else {
                MemberRecord record = records.get(names.get(index++));
                if (record != null && isProbed(record)) {
                    return new Turn(Optional.of(record), reaped);
                }
            }
        }
    }

    private void admit(Map<String, MemberRecord> records, RandomGenerator random) {
        List<String> added = new ArrayList<>();
        records.forEach((name, record) -> {
            if (isProbed(record) && !name.equals(self) && known.add(name)) {
                added.add(name);
            }
        });
        Collections.sort(added);
        for (String name : added) {
            names.add(name);
            Collections.swap(names, random.nextInt(names.size()), names.size() - 1);
        }
    }

    private static boolean isProbed(MemberRecord record) {
        return record.pooled() && !record.state().isGone();
    }

    private void wrap(Map<String, MemberRecord> records, Instant now, RandomGenerator random, List<String> reaped) {
        names.clear();
        known.clear();
        records.forEach((name, record) -> {
            if (Roster.isDueToLeavePool(record, settings, now)) {
                reaped.add(name);
            } else if (record.pooled() && !name.equals(self)) {
                names.add(name);
                known.add(name);
            }
        });
        Collections.sort(names);
        Collections.sort(reaped);
        Roster.shuffle(names, random);
        index = 0;
    }
}
