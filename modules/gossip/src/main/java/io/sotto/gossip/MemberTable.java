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
 * <p>Two levels: a name's hash chooses a bucket, and buckets are sorted and hold eight members at most on average
 * until there are some thousands. A change copies
 * the array of buckets and one bucket. Names that were chosen to collide share a bucket, where looking one up stays
 * logarithmic. Safe to read from any thread. Source: ours.
 */
final class MemberTable {
    /** One member; {@code order} tells who was there first. */
    record Entry(MemberRecord record, ActorRef<RemoteMember.Command> actor, long order) {}

    private static final int BUCKETS_FIRST = 16;
    private static final int BUCKETS_MAX = 1_024;
    private static final int BUCKET_MEMBERS = 8;
    private static final Entry[] NOBODY = {};
    private static final MemberTable EMPTY = new MemberTable(buckets(BUCKETS_FIRST), 0, 0);

    private final Entry[][] buckets;
    private final int size;
    private final long nextOrder;

    private MemberTable(Entry[][] buckets, int size, long nextOrder) {
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
        Entry[] bucket = buckets[index(name, buckets.length)];
        int at = find(bucket, name);
        return at < 0 ? null : bucket[at];
    }

    /** Adds a member, or takes over what is new of one that is there, which keeps its place in the order. */
    MemberTable with(MemberRecord record, ActorRef<RemoteMember.Command> actor) {
        int index = index(record.name(), buckets.length);
        Entry[] bucket = buckets[index];
        int at = find(bucket, record.name());
        if (at >= 0) {
            Entry[] changed = bucket.clone();
            changed[at] = new Entry(record, actor, bucket[at].order);
            return new MemberTable(replaced(index, changed), size, nextOrder);
        }
        Entry[] longer = inserted(bucket, ~at, new Entry(record, actor, nextOrder));
        MemberTable table = new MemberTable(replaced(index, longer), size + 1, nextOrder + 1);
        return table.size > BUCKET_MEMBERS * buckets.length && buckets.length < BUCKETS_MAX ? table.spread() : table;
    }

    MemberTable without(String name) {
        int index = index(name, buckets.length);
        Entry[] bucket = buckets[index];
        int at = find(bucket, name);
        if (at < 0) {
            return this;
        }
        Entry[] shorter = Arrays.copyOf(bucket, bucket.length - 1);
        System.arraycopy(bucket, at + 1, shorter, at, shorter.length - at);
        return new MemberTable(replaced(index, shorter), size - 1, nextOrder);
    }

    /** All members, whoever was there first first. */
    List<Entry> entries() {
        List<Entry> all = new ArrayList<>(size);
        for (Entry[] bucket : buckets) {
            all.addAll(Arrays.asList(bucket));
        }
        all.sort(Comparator.comparingLong(Entry::order));
        return all;
    }

    /** The same members over twice as many buckets. */
    private MemberTable spread() {
        Entry[][] wider = buckets(2 * buckets.length);
        for (Entry[] bucket : buckets) {
            for (Entry entry : bucket) {
                int index = index(entry.record.name(), wider.length);
                wider[index] = inserted(wider[index], ~find(wider[index], entry.record.name()), entry);
            }
        }
        return new MemberTable(wider, size, nextOrder);
    }

    private Entry[][] replaced(int index, Entry[] bucket) {
        Entry[][] copy = buckets.clone();
        copy[index] = bucket;
        return copy;
    }

    private static Entry[] inserted(Entry[] bucket, int at, Entry entry) {
        Entry[] longer = Arrays.copyOf(bucket, bucket.length + 1);
        System.arraycopy(bucket, at, longer, at + 1, bucket.length - at);
        longer[at] = entry;
        return longer;
    }

    private static Entry[][] buckets(int count) {
        Entry[][] buckets = new Entry[count][];
        Arrays.fill(buckets, NOBODY);
        return buckets;
    }

    private static int index(String name, int buckets) {
        int hash = name.hashCode();
        return (hash ^ (hash >>> 16)) & (buckets - 1);
    }

    /** Where {@code name} is in the sorted bucket, or else the complement of where it belongs. */
    private static int find(Entry[] bucket, String name) {
        int low = 0;
        int high = bucket.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(bucket[middle].record.name(), name);
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

    private static int compare(String one, String other) {
        int byHash = Integer.compare(one.hashCode(), other.hashCode());
        return byHash == 0 ? one.compareTo(other) : byHash;
    }
}
