package io.sotto.gossip.snapshot;

import java.util.concurrent.atomic.LongAdder;

/** What became of the snapshot file. Numbers only grow, but for {@link #bytes}. Safe to read from any thread. */
public final class SnapshotCounters {
    final LongAdder appended = new LongAdder();
    final LongAdder replaced = new LongAdder();
    final LongAdder unread = new LongAdder();
    final LongAdder unwritten = new LongAdder();
    private volatile long bytes;

    /** Times that lines were appended. */
    public long appended() {
        return appended.sum();
    }

    /** Times that the file was replaced as a whole. */
    public long replaced() {
        return replaced.sum();
    }

    /** Files that were there and could not be read. */
    public long unread() {
        return unread.sum();
    }

    /** Writes that failed. */
    public long unwritten() {
        return unwritten.sum();
    }

    /** How long the file is. */
    public long bytes() {
        return bytes;
    }

    /** Called by the file's actor only. */
    void bytes(long newBytes) {
        bytes = newBytes;
    }
}
