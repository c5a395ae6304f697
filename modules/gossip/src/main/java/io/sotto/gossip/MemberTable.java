package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Members by name, immutable: each change gives a new table that shares nearly everything with the one before, so that a
 * snapshot may be published after each of 10,000 joins.
 *
 * <p>Two levels: a name's hash chooses a bucket, and buckets are sorted and hold two members at most on average
 * until there are some thousands. A change copies
 * the array of buckets and one bucket. Names that were chosen to collide share a bucket, where looking one up stays
 * logarithmic. Safe to read from any thread. Source: ours.
 */
final class MemberTable {
    /** One member; {@code order} tells who was there first. */
    record Entry(MemberRecord record, ActorRef<RemoteMember.Command> actor, long order) {}

    private static final int BUCKETS_FIRST = 16;
    private static final int BUCKETS_MAX = 1_024;
    private static final int BUCKET_MEMBERS = 2;
    private static final MemberTable EMPTY = new MemberTable(buckets(BUCKETS_FIRST), 0, 0);

    private final Bucket[] buckets;
    private final int size;
    private final long nextOrder;

    private MemberTable(Bucket[] buckets, int size, long nextOrder) {
        this.buckets = buckets;
        this.size = size;
        this.nextOrder = nextOrder;
    }

    static MemberTable empty() {
        return EMPTY;
    }

    int size() {
        return size;
    }

    @Nullable
    Entry get(String name) {
        int hash = name.hashCode();
        Bucket bucket = buckets[index(hash, buckets.length)];
        int at = bucket.find(hash, name);
        return at < 0 ? null : bucket.entries[at];
    }

    /** Adds a member, or takes over what is new of one that is there, which keeps its place in the order. */
    MemberTable with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        int hash = record.name().hashCode();
        int index = index(hash, buckets.length);
        Bucket bucket = buckets[index];
        int at = bucket.find(hash, record.name());
        if (at >= 0) {
            Entry changed = new Entry(record, actor, bucket.entries[at].order);
            return new MemberTable(replaced(index, bucket.with(at, changed)), size, nextOrder);
        }
        Bucket longer = bucket.inserted(~at, new Entry(record, actor, nextOrder));
        MemberTable table = new MemberTable(replaced(index, longer), size + 1, nextOrder + 1);
        return table.size > BUCKET_MEMBERS * buckets.length && buckets.length < BUCKETS_MAX ? table.spread() : table;
    }

    MemberTable without(String name) {
        int hash = name.hashCode();
        int index = index(hash, buckets.length);
        Bucket bucket = buckets[index];
        int at = bucket.find(hash, name);
        return at < 0 ? this : new MemberTable(replaced(index, bucket.without(at)), size - 1, nextOrder);
    }

    /** All members, whoever was there first first. */
    List<Entry> entries() {
        List<Entry> all = new ArrayList<>(size);
        for (Bucket bucket : buckets) {
            all.addAll(Arrays.asList(bucket.entries));
        }
        all.sort(Comparator.comparingLong(Entry::order));
        return all;
    }

    /** The same members over twice as many buckets. */
    private MemberTable spread() {
        Bucket[] wider = buckets(2 * buckets.length);
        for (Bucket bucket : buckets) {
            for (Entry entry : bucket.entries) {
                int hash = entry.record.name().hashCode();
                int index = index(hash, wider.length);
                wider[index] = wider[index].inserted(~wider[index].find(hash, entry.record.name()), entry);
            }
        }
        return new MemberTable(wider, size, nextOrder);
    }

    private Bucket[] replaced(int index, Bucket bucket) {
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

    /** Members sorted by the hashes of their names, and by name where those are equal. The hashes lie side by side. */
    private static final class Bucket {
        private static final Bucket EMPTY = new Bucket(new int[0], new Entry[0]);

        private final int[] hashes;
        private final Entry[] entries;

        Bucket(int[] hashes, Entry[] entries) {
            this.hashes = hashes;
            this.entries = entries;
        }

        /** Where {@code name} is, or else the complement of where it belongs. */
        int find(int hash, String name) {
            int low = 0;
            int high = hashes.length - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = Integer.compare(hashes[middle], hash);
                if (order == 0) {
                    order = entries[middle].record.name().compareTo(name);
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

        Bucket with(int at, Entry changed) {
            Entry[] copy = entries.clone();
            copy[at] = changed;
            return new Bucket(hashes, copy);
        }

        Bucket inserted(int at, Entry entry) {
            int[] moreHashes = Arrays.copyOf(hashes, hashes.length + 1);
            System.arraycopy(hashes, at, moreHashes, at + 1, hashes.length - at);
            moreHashes[at] = entry.record.name().hashCode();
            Entry[] more = Arrays.copyOf(entries, entries.length + 1);
            System.arraycopy(entries, at, more, at + 1, entries.length - at);
            more[at] = entry;
            return new Bucket(moreHashes, more);
        }

        Bucket without(int at) {
            int[] fewerHashes = Arrays.copyOf(hashes, hashes.length - 1);
            System.arraycopy(hashes, at + 1, fewerHashes, at, fewerHashes.length - at);
            Entry[] fewer = Arrays.copyOf(entries, entries.length - 1);
            System.arraycopy(entries, at + 1, fewer, at, fewer.length - at);
            return new Bucket(fewerHashes, fewer);
        }
    }
}
