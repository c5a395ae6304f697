package io.sotto.testkit.invariant;

import io.sotto.gossip.MembersView;
import io.sotto.membership.MemberRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one process knows of its pool, itself first. Immutable; two pictures are compared by reference. */
public final class Picture {
    private final MemberRecord self;
    private final Map<String, MemberRecord> byName;
    private final int healthScore;
    private final long clock;

    private Picture(MemberRecord self, Map<String, MemberRecord> byName, int healthScore, long clock) {
        this.self = self;
        this.byName = byName;
        this.healthScore = healthScore;
        this.clock = clock;
    }

    /**
     * What a process says it knows.
     *
     * @param records the process itself first
     * @param clock the next Lamport time of intents
     * @throws IllegalArgumentException if there is no record
     */
    public static Picture of(List<MemberRecord> records, int healthScore, long clock) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a picture has at least the process itself");
        }
        Map<String, MemberRecord> byName = new LinkedHashMap<>(2 * records.size());
        records.forEach(record -> byName.put(record.name(), record));
        return new Picture(records.get(0), Collections.unmodifiableMap(byName), healthScore, clock);
    }

    public static Picture of(MembersView view) {
        return of(view.records(), view.healthScore(), view.clock());
    }

    public MemberRecord self() {
        return self;
    }

    public Collection<MemberRecord> records() {
        return byName.values();
    }

    public Optional<MemberRecord> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public int healthScore() {
        return healthScore;
    }

    /** The next Lamport time of intents. */
    public long clock() {
        return clock;
    }

    /** n of the formulas. */
    public int poolSize() {
        int size = 0;
        for (MemberRecord record : byName.values()) {
            size += record.pooled() ? 1 : 0;
        }
        return size;
    }

    /** Whether there is anybody whom gossip goes to. */
    boolean hasCompany() {
        for (MemberRecord record : byName.values()) {
            if (!record.name().equals(self.name())
                    && record.pooled()
                    && !record.state().isGone()) {
                return true;
            }
        }
        return false;
    }
}
