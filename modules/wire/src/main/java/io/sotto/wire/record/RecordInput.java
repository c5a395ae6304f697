package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackReader;

/**
 * A reader, and what is left of the memory that the values read from it may take: four times their bytes, and a share for
 * small ones. Real messages bring the name of every field and stay far below; one that is made of the smallest values there
 * are would take a hundred times its bytes.
 */
final class RecordInput {
    private static final long SHARE_BYTES = 16 << 20;

    final MsgpackReader reader;
    private long budgetBytes;
    private boolean isRefused;

    RecordInput(MsgpackReader reader) {
        this.reader = reader;
        this.budgetBytes = SHARE_BYTES + 4L * reader.remaining();
    }

    /** Takes memory for a record, a list or a map with so many places. */
    boolean takesPlaces(long places) {
        return takes(16 + 8 * places);
    }

    /** Takes memory for a text, or for an entry of a map. */
    boolean takesObject() {
        return takes(64);
    }

    /** Notes a value that its field does not allow. */
    void refuse() {
        isRefused = true;
    }

    boolean hasFailed() {
        return isRefused || reader.hasFailed();
    }

    String problem() {
        return reader.hasFailed()
                ? reader.fault().detail()
                : budgetBytes < 0 ? "more values than their bytes can bear" : "a value out of range";
    }

    private boolean takes(long bytes) {
        budgetBytes -= bytes;
        isRefused |= budgetBytes < 0;
        return !isRefused;
    }
}
