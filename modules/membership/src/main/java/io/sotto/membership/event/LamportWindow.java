package io.sotto.membership.event;

import io.sotto.membership.Claims;
import io.sotto.membership.LamportClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has been seen at each of the latest Lamport times, and the clock that those times move. One owner.
 *
 * <p>A ring of slots, one for a time; a later time takes the place of the one that is a whole ring earlier. What all slots
 * hold together is bounded: when there is no room the earliest times are forgotten, and from then on count as too old, so
 * that nothing forgotten is taken for new. Under {@link Claims#GUARDED} a time more than 2^32 ahead of the clock is not
 * believed: believing one would make everything that honest members send too old.
 *
 * <p>Source: gossip specification, sections 17.1, 17.5 and 17.6; the bounds are ours.
 *
 * @param <K> what tells two things of one time apart; comparable, so that keys chosen to collide cost little
 */
public final class LamportWindow<K extends Comparable<K>> {
    private static final long FIRST_TIME = 1;

    private final LamportClock clock = new LamportClock(FIRST_TIME);
    private final List<@Nullable Slot<K>> slots;
    private final int weightMax;
    private final Claims claims;
    private long weight;
    private long firstTime;

    /**
     * @param slotCount times that are remembered
     * @param weightMax what the things remembered may weigh together
     */
    public LamportWindow(int slotCount, int weightMax, Claims claims) {
        this.slots = new ArrayList<>(Collections.nCopies(slotCount, null));
        this.weightMax = weightMax;
        this.claims = claims;
    }

    /** The time that the next message of ours is stamped with. */
    public long time() {
        return clock.time();
    }

    /** Advances the clock by one. */
    public void increment() {
        clock.increment();
    }

    /** Somebody has got as far as to use {@code next} next; 0 says nothing. Answers whether that was believed. */
    public boolean witnessNext(long next) {
        if (next == 0 || isImplausible(next - 1)) {
            return next == 0;
        }
        clock.witness(next - 1);
        return true;
    }

    /** We ourselves, in an earlier life, have seen {@code last}; what is earlier than {@code first} is too old. 0 is none. */
    public void resume(long last, long first) {
        if (last != 0) {
            clock.witness(last);
            startAt(first);
        }
    }

    /** Whatever is earlier than {@code time} counts as too old from now on. */
    public void startAt(long time) {
        if (Long.compareUnsigned(time, firstTime) > 0) {
            firstTime = time;
        }
    }

    /** Something of this time has arrived. It is remembered if it is new. */
    public Sighting see(long ltime, K key, int keyWeight) {
        if (isImplausible(ltime)) {
            return Sighting.IMPLAUSIBLE;
        }
        clock.witness(ltime);
        if (isOld(ltime)) {
            return Sighting.OLD;
        }
        int place = (int) Long.remainderUnsigned(ltime, slots.size());
        Slot<K> slot = slots.get(place);
        if (slot != null && slot.ltime == ltime && slot.keys.contains(key)) {
            return Sighting.DUPLICATE;
        }
        if (slot != null && slot.ltime != ltime) {
            clear(place, slot);
            slot = null;
        }
        if (!makeRoom(ltime, keyWeight)) {
            return Sighting.FULL;
        }
        if (slot == null) {
            slot = new Slot<>(ltime);
            slots.set(place, slot);
        }
        slot.keys.add(key);
        slot.weight += keyWeight;
        weight += keyWeight;
        return Sighting.NEW;
    }

    /** What is remembered, by place in the ring; null where there is nothing. */
    List<@Nullable Slot<K>> slots() {
        return Collections.unmodifiableList(slots);
    }

    /** What all of it weighs. */
    long weight() {
        return weight;
    }

    private boolean isImplausible(long ltime) {
        return claims == Claims.GUARDED && LamportClock.isFarAhead(ltime, clock.time());
    }

    private boolean isOld(long ltime) {
        long size = slots.size();
        return Long.compareUnsigned(ltime, firstTime) < 0
                || (Long.compareUnsigned(clock.time(), size) > 0
                        && Long.compareUnsigned(ltime, clock.time() - size) < 0);
    }

    /** Forgets times earlier than {@code ltime}, the earliest first, until this much fits. */
    private boolean makeRoom(long ltime, int needed) {
        while (weight + needed > weightMax) {
            int earliest = -1;
            Slot<K> found = null;
            for (int place = 0; place < slots.size(); place++) {
                Slot<K> slot = slots.get(place);
                if (slot != null
                        && Long.compareUnsigned(slot.ltime, ltime) < 0
                        && (found == null || Long.compareUnsigned(slot.ltime, found.ltime) < 0)) {
                    earliest = place;
                    found = slot;
                }
            }
            if (found == null) {
                return false;
            }
            startAt(found.ltime + 1);
            clear(earliest, found);
        }
        return true;
    }

    private void clear(int place, Slot<K> slot) {
        weight -= slot.weight;
        slots.set(place, null);
    }

    /** What was seen of one time, in the order of its arrival. */
    static final class Slot<K> {
        final long ltime;
        final Set<K> keys = new LinkedHashSet<>();
        private long weight;

        private Slot(long ltime) {
            this.ltime = ltime;
        }
    }
}
