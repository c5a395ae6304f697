package io.sotto.wire.crypto;

import java.util.Arrays;

/**
 * Prefixes of nonces in the order in which they came, found by hash, each with some numbers of its user's.
 *
 * <p>It begins small, doubles while there is need, and has a bound, at which the eldest entry makes room for the newest.
 * Open addressing on arrays: nothing is made for an entry. A slot is valid until the next {@link #add} or {@link
 * #dropEldest}. One owner. Source: ours; linear probing with backward shift.
 */
final class PrefixRing {
    static final int NONE = -1;

    private static final int FIRST_CAPACITY = 64;
    /** An odd number whose multiples are well spread: 2^64 over the golden ratio. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final int max;
    private final int stride;
    private final long seed;
    private long[] prefixes;
    private int[] keys;
    private long[] bornNanos;
    private long[] numbers;
    /** Slot + 1 at the place of its hash, or 0; twice as many places as slots. */
    private int[] table;

    private int eldest;
    private int size;
    private long evicted;

    /**
     * An empty ring.
     *
     * @param max entries at most; rounded up to a power of two
     * @param stride numbers that each entry has
     * @param seed chosen by chance, so that nobody can aim at one place
     */
    PrefixRing(int max, int stride, long seed) {
        this.max = powerOfTwo(max);
        this.stride = stride;
        this.seed = seed;
        int capacity = Math.min(FIRST_CAPACITY, this.max);
        this.prefixes = new long[capacity];
        this.keys = new int[capacity];
        this.bornNanos = new long[capacity];
        this.numbers = new long[capacity * stride];
        this.table = new int[2 * capacity];
    }

    /** The slot of this prefix under this key, or {@link #NONE}. */
    int find(long prefix, int key) {
        int mask = table.length - 1;
        for (int place = place(prefix, key); table[place] != 0; place = (place + 1) & mask) {
            int slot = table[place] - 1;
            if (prefixes[slot] == prefix && keys[slot] == key) {
                return slot;
            }
        }
        return NONE;
    }

    /** The slot of a new entry, which must not be there yet; its numbers are 0. */
    int add(long prefix, int key, long nowNanos) {
        if (size == prefixes.length) {
            if (size < max) {
                grow();
            } else {
                evicted++;
                dropEldest();
            }
        }
        int slot = (eldest + size) & (prefixes.length - 1);
        prefixes[slot] = prefix;
        keys[slot] = key;
        bornNanos[slot] = nowNanos;
        Arrays.fill(numbers, slot * stride, (slot + 1) * stride, 0);
        size++;
        enter(slot);
        return slot;
    }

    /** When the entry was added. */
    long bornNanos(int slot) {
        return bornNanos[slot];
    }

    /** The numbers of all entries; those of {@code slot} begin at {@code slot} times the stride. */
    long[] numbers() {
        return numbers;
    }

    /** Forgets at most {@code atMost} entries that were added before {@code nanos}. */
    void dropBefore(long nanos, int atMost) {
        for (int i = 0; i < atMost && size > 0 && bornNanos[eldest] - nanos < 0; i++) {
            dropEldest();
        }
    }

    int size() {
        return size;
    }

    /** Entries that had to go because the ring was full. */
    long evicted() {
        return evicted;
    }

    private void dropEldest() {
        leave(eldest);
        eldest = (eldest + 1) & (prefixes.length - 1);
        size--;
    }

    private void enter(int slot) {
        int mask = table.length - 1;
        int place = place(prefixes[slot], keys[slot]);
        while (table[place] != 0) {
            place = (place + 1) & mask;
        }
        table[place] = slot + 1;
    }

    private void leave(int slot) {
        int mask = table.length - 1;
        int hole = place(prefixes[slot], keys[slot]);
        while (table[hole] != slot + 1) {
            hole = (hole + 1) & mask;
        }
        // What was pushed past the hole comes back into it, so that no search stops too early.
        for (int place = (hole + 1) & mask; table[place] != 0; place = (place + 1) & mask) {
            int other = table[place] - 1;
            int home = place(prefixes[other], keys[other]);
            if (((place - home) & mask) >= ((place - hole) & mask)) {
                table[hole] = table[place];
                hole = place;
            }
        }
        table[hole] = 0;
    }

    private void grow() {
        int before = prefixes.length;
        long[] oldPrefixes = prefixes;
        int[] oldKeys = keys;
        long[] oldBorn = bornNanos;
        long[] oldNumbers = numbers;
        prefixes = new long[2 * before];
        keys = new int[2 * before];
        bornNanos = new long[2 * before];
        numbers = new long[2 * before * stride];
        table = new int[4 * before];
        for (int i = 0; i < size; i++) {
            int from = (eldest + i) & (before - 1);
            prefixes[i] = oldPrefixes[from];
            keys[i] = oldKeys[from];
            bornNanos[i] = oldBorn[from];
            System.arraycopy(oldNumbers, from * stride, numbers, i * stride, stride);
            enter(i);
        }
        eldest = 0;
    }

    private int place(long prefix, int key) {
        long mixed = (prefix ^ seed) * SPREAD + key;
        return (int)
                (((mixed ^ (mixed >>> 32)) * SPREAD) >>> (Long.SIZE - Integer.numberOfTrailingZeros(table.length)));
    }

    private static int powerOfTwo(int atLeast) {
        if (atLeast < 1 || atLeast > 1 << 24) {
            throw new IllegalArgumentException("a ring of " + atLeast + " entries");
        }
        return Math.max(2, Integer.highestOneBit(2 * atLeast - 1));
    }
}
