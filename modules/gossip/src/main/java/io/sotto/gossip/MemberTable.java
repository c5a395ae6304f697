package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Members by name and by number, immutable: each change gives a new table that shares nearly everything with the one
 * before, so that a snapshot may be published after each of 10,000 joins, and one may be drawn by lot without a list being
 * made first.
 *
 * <p>The members lie in a {@link SharedList}, in which the last takes the place of one that goes. A name's hash chooses a
 * bucket, and buckets are sorted, hold two members at most on average until there are some thousands, and tell where in the
 * list a member is. A change copies the array of buckets and one bucket. Names that were chosen to collide share a bucket,
 * where looking one up stays logarithmic. Safe to read from any thread. Source: ours.
 */
final class MemberTable {
    /** One member; {@code order} tells who was there first. */
    record Entry(MemberRecord record, ActorRef<RemoteMember.Command> actor, long order) {}

    private static final int BUCKETS_FIRST = 16;
    private static final int BUCKETS_MAX = 1_024;
    private static final int BUCKET_MEMBERS = 2;
    private static final MemberTable EMPTY = new MemberTable(buckets(BUCKETS_FIRST), SharedList.empty(), 0);

    private final Bucket[] buckets;
    private final SharedList<Entry> entries;
    private final long nextOrder;

    private MemberTable(Bucket[] buckets, SharedList<Entry> entries, long nextOrder) {
        this.buckets = buckets;
        this.entries = entries;
        this.nextOrder = nextOrder;
    }

    static MemberTable empty() {
        return EMPTY;
    }

    int size() {
        return entries.size();
    }

    @Nullable
    Entry get(String name) {
        int hash = name.hashCode();
        Bucket bucket = buckets[index(hash, buckets.length)];
        int at = bucket.find(hash, name, entries);
        return at < 0 ? null : entries.get(bucket.places[at]);
    }

    /** A member by number, from 0 up to {@link #size}; which one has which number changes when others go. */
    Entry get(int place) {
        return entries.get(place);
    }

    /** Adds a member, or takes over what is new of one that is there, which keeps its place in the order. */
    MemberTable with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        int hash = record.name().hashCode();
        int index = index(hash, buckets.length);
        Bucket bucket = buckets[index];
        int at = bucket.find(hash, record.name(), entries);
        if (at >= 0) {
            int place = bucket.places[at];
            Entry changed = new Entry(record, actor, entries.get(place).order);
            return new MemberTable(buckets, entries.with(place, changed), nextOrder);
        }
        Bucket longer = bucket.inserted(~at, hash, entries.size());
        SharedList<Entry> more = entries.plus(new Entry(record, actor, nextOrder));
        MemberTable table = new MemberTable(replaced(buckets, index, longer), more, nextOrder + 1);
        return table.size() > BUCKET_MEMBERS * buckets.length && buckets.length < BUCKETS_MAX ? table.spread() : table;
    }

    MemberTable without(String name) {
        int hash = name.hashCode();
        int index = index(hash, buckets.length);
        int at = buckets[index].find(hash, name, entries);
        if (at < 0) {
            return this;
        }
        int place = buckets[index].places[at];
        Bucket[] fewer = replaced(buckets, index, buckets[index].without(at));
        Entry last = entries.get(entries.size() - 1);
        if (place == entries.size() - 1) {
            return new MemberTable(fewer, entries.withoutLast(), nextOrder);
        }
        int lastHash = last.record.name().hashCode();
        int lastIndex = index(lastHash, fewer.length);
        int lastAt = fewer[lastIndex].find(lastHash, last.record.name(), entries);
        fewer[lastIndex] = fewer[lastIndex].with(lastAt, place);
        return new MemberTable(fewer, entries.with(place, last).withoutLast(), nextOrder);
    }

    /** All members, whoever was there first first. */
    List<Entry> entries() {
        List<Entry> all = new ArrayList<>(entries);
        all.sort(Comparator.comparingLong(Entry::order));
        return all;
    }

    /** The same members over twice as many buckets. */
    private MemberTable spread() {
        Bucket[] wider = buckets(2 * buckets.length);
        for (int place = 0; place < entries.size(); place++) {
            String name = entries.get(place).record.name();
            int hash = name.hashCode();
            int index = index(hash, wider.length);
            wider[index] = wider[index].inserted(~wider[index].find(hash, name, entries), hash, place);
        }
        return new MemberTable(wider, entries, nextOrder);
    }

    private static Bucket[] replaced(Bucket[] buckets, int index, Bucket bucket) {
        Bucket[] copy = buckets.clone();
        copy[index] = bucket;
        return copy;
    }

    private static Bucket[] buckets(int count) {
        Bucket[] buckets = new Bucket[count];
        Arrays.fill(buckets, Bucket.EMPTY);
        return buckets;
    }

    private static int index(int hash, int buckets) {
        return (hash ^ (hash >>> 16)) & (buckets - 1);
    }

    /** The places of members, sorted by the hashes of their names, and by name where those are equal. */
    private static final class Bucket {
        private static final Bucket EMPTY = new Bucket(new int[0], new int[0]);

        private final int[] hashes;
        private final int[] places;

        Bucket(int[] hashes, int[] places) {
            this.hashes = hashes;
            this.places = places;
        }

        /** Where {@code name} is in this bucket, or else the complement of where it belongs. */
        int find(int hash, String name, SharedList<Entry> entries) {
            int low = 0;
            int high = hashes.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = Integer.compare(hashes[middle], hash);
                if (order == 0) {
                    order = entries.get(places[middle]).record.name().compareTo(name);
                }
                if (order == 0) {
                    return middle;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return ~low;
        }

        Bucket with(int at, int place) {
            int[] copy = places.clone();
            copy[at] = place;
            return new Bucket(hashes, copy);
        }

        Bucket inserted(int at, int hash, int place) {
            return new Bucket(inserted(hashes, at, hash), inserted(places, at, place));
        }

        Bucket without(int at) {
            return new Bucket(without(hashes, at), without(places, at));
        }

        private static int[] inserted(int[] numbers, int at, int number) {
            int[] more = Arrays.copyOf(numbers, numbers.length + 1);
            System.arraycopy(numbers, at, more, at + 1, numbers.length - at);
            more[at] = number;
            return more;
        }

        private static int[] without(int[] numbers, int at) {
            int[] fewer = Arrays.copyOf(numbers, numbers.length - 1);
            System.arraycopy(numbers, at + 1, fewer, at, fewer.length - at);
            return fewer;
        }
    }
}
