package io.sotto.wire.yamux;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a session by number. A map of its own, because one is looked up for every frame and the library's would take
 * an object for each look: open addressing, at most half full, and shifted back on removal.
 */
final class StreamTable {
    private static final int SPREAD = 0x9e3779b9;

    private @Nullable YamuxStream[] slots = new YamuxStream[16];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    YamuxStream get(int id) {
        for (int slot = home(id); ; slot = next(slot)) {
            YamuxStream stream = slots[slot];
            if (stream == null || stream.id == id) {
                return stream;
            }
        }
    }

    /** Adds a stream whose number is not in the table. */
    void add(YamuxStream stream) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        place(stream);
        size++;
    }

    void remove(YamuxStream stream) {
        int hole = home(stream.id);
        while (slots[hole] != stream) {
            if (slots[hole] == null) {
                throw new IllegalStateException("no stream " + Integer.toUnsignedString(stream.id));
            }
            hole = next(hole);
        }
        slots[hole] = null;
        size--;
        for (int slot = next(hole); slots[slot] != null; slot = next(slot)) {
            YamuxStream moving = slots[slot];
            int home = moving == null ? slot : home(moving.id);
            boolean isReachedOverTheHole = hole <= slot ? home <= hole || home > slot : home <= hole && home > slot;
            if (isReachedOverTheHole) {
                slots[hole] = moving;
                slots[slot] = null;
                hole = slot;
            }
        }
    }

    void forEach(Consumer<YamuxStream> action) {
        for (YamuxStream stream : slots) {
            if (stream != null) {
                action.accept(stream);
            }
        }
    }

    private void grow() {
        @Nullable YamuxStream[] old = slots;
        slots = new YamuxStream[2 * old.length];
        for (YamuxStream stream : old) {
            if (stream != null) {
                place(stream);
            }
        }
    }

    private void place(YamuxStream stream) {
        int slot = home(stream.id);
        while (slots[slot] != null) {
            slot = next(slot);
        }
        slots[slot] = stream;
    }

    private int home(int id) {
        return (id * SPREAD) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
