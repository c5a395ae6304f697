package io.sotto.wire.rpc;

import io.sotto.wire.Octets;
import java.util.Optional;

/**
 * Cuts a stream of bytes into msgpack objects, which nothing but their own structure separates. Looks at every byte a bounded
 * number of times, however they arrive, keeps at most about eight times of what arrived, and never recurses.
 *
 * <p>What is inside an object is not judged, except for its size, its depth and that every value has a type. The first object
 * that fails in that fails the stream: there is no way to find the next.
 *
 * <p>One owner, no other thread. Source: RPC specification, section 3; msgpack specification, all families.
 */
public final class ObjectSplitter {
    /** Containers inside one another: twice of what the deepest message has. */
    public static final int MAX_DEPTH = 16;

    private static final int RETAINED_BYTES = 4_096;
    private static final int SMALLEST_BYTES = 256;

    /** How far what is announced is believed: so many times of what arrived. */
    private static final int BELIEF = 8;

    /** Why no object can be found any more. */
    public enum Failure {
        NONE("none"),
        /** A byte that no value begins with. */
        MALFORMED("not msgpack"),
        /** Containers nested too deep. */
        TOO_DEEP("containers nested too deep"),
        /** An object that is, or would become, larger than it may be. */
        TOO_LARGE("a message that is too large");

        private final String text;

        Failure(String text) {
            this.text = text;
        }

        /** In words, for the log. */
        public String text() {
            return text;
        }
    }

    private final int maxObjectBytes;
    private final long[] open = new long[MAX_DEPTH];

    private byte[] array = new byte[0];
    private int start;
    private int end;

    /** How far the object at the start has been looked at. */
    private int scanned;
    /** What is left of the value that is being passed over. */
    private long inside;
    /** Values that the open containers still need. */
    private long owed;

    private int depth;
    private boolean isWhole;
    private Failure failure = Failure.NONE;

    /** Objects may have {@code maxObjectBytes} each. */
    public ObjectSplitter(int maxObjectBytes) {
        if (maxObjectBytes < 1) {
            throw new IllegalArgumentException("maxObjectBytes must be positive, not " + maxObjectBytes);
        }
        this.maxObjectBytes = maxObjectBytes;
    }

    /** Takes a copy of bytes that arrived; of none after a failure. */
    public void offer(byte[] bytes, int offset, int length) {
        if (failure == Failure.NONE && length > 0) {
            reserve(length);
            System.arraycopy(bytes, offset, array, end, length);
            end += length;
        }
    }

    /** The next object, if all of it is there. */
    public Optional<Octets> next() {
        if (!isWhole && failure == Failure.NONE) {
            scan();
        }
        if (!isWhole) {
            return Optional.empty();
        }
        isWhole = false;
        Octets object = take(scanned - start);
        scanned = start;
        return Optional.of(object);
    }

    public boolean hasFailed() {
        return failure != Failure.NONE;
    }

    public Failure failure() {
        return failure;
    }

    /** Bytes that arrived and are in no object that was taken. */
    public int buffered() {
        return end - start;
    }

    private void scan() {
        while (scanned < end && !isWhole) {
            if (inside == 0) {
                int header = headerBytes(array[scanned] & 0xff);
                if (header > end - scanned) {
                    return;
                }
                begin(array[scanned] & 0xff, header);
                if (scanned - start + inside + owed > maxObjectBytes && failure == Failure.NONE) {
                    failure = Failure.TOO_LARGE;
                }
                if (failure != Failure.NONE) {
                    drop();
                    return;
                }
            } else {
                int count = (int) Math.min(inside, end - scanned);
                scanned += count;
                inside -= count;
                if (inside == 0) {
                    endValue();
                }
            }
        }
    }

    /** Takes the header of a value: what follows is its payload, the values inside it, or the next value. */
    private void begin(int descriptor, int header) {
        long count = header == 1 ? countIn(descriptor) : lengthAt(scanned + 1, header - 1);
        scanned += header;
        if (depth > 0) {
            owed--;
        }
        if (isContainer(descriptor)) {
            long values = isMap(descriptor) ? 2 * count : count;
            if (values == 0) {
                endValue();
            } else if (depth == MAX_DEPTH) {
                failure = Failure.TOO_DEEP;
            } else {
                open[depth++] = values;
                owed += values;
            }
            return;
        }
        inside = payloadBytes(descriptor, count);
        if (inside < 0) {
            failure = Failure.MALFORMED;
        } else if (inside == 0) {
            endValue();
        }
    }

    private void endValue() {
        while (depth > 0 && --open[depth - 1] == 0) {
            depth--;
        }
        isWhole = depth == 0;
    }

    private static boolean isMap(int descriptor) {
        return (descriptor & 0xf0) == 0x80 || descriptor == 0xde || descriptor == 0xdf;
    }

    private static boolean isContainer(int descriptor) {
        return isMap(descriptor) || (descriptor & 0xf0) == 0x90 || descriptor == 0xdc || descriptor == 0xdd;
    }

    /** The descriptor and, where there is one, the length behind it. */
    private static int headerBytes(int descriptor) {
        return switch (descriptor) {
            case 0xd9, 0xc4, 0xc7 -> 2;
            case 0xda, 0xc5, 0xc8, 0xdc, 0xde -> 3;
            case 0xdb, 0xc6, 0xc9, 0xdd, 0xdf -> 5;
            default -> 1;
        };
    }

    /** The count that is part of a descriptor. */
    private static long countIn(int descriptor) {
        return (descriptor & 0xe0) == 0xa0 ? descriptor & 0x1f : descriptor & 0x0f;
    }

    /** Bytes that follow the header of a value that is no container; -1 where there is no such value. */
    private static long payloadBytes(int descriptor, long count) {
        if (descriptor < 0x80 || descriptor >= 0xe0) {
            return 0;
        }
        if ((descriptor & 0xe0) == 0xa0) {
            return count;
        }
        return switch (descriptor) {
            case 0xc0, 0xc2, 0xc3 -> 0;
            case 0xcc, 0xd0 -> 1;
            case 0xcd, 0xd1, 0xd4 -> 2;
            case 0xd5 -> 3;
            case 0xca, 0xce, 0xd2 -> 4;
            case 0xd6 -> 5;
            case 0xcb, 0xcf, 0xd3 -> 8;
            case 0xd7 -> 9;
            case 0xd8 -> 17;
            case 0xc4, 0xc5, 0xc6, 0xd9, 0xda, 0xdb -> count;
            case 0xc7, 0xc8, 0xc9 -> count + 1;
            default -> -1;
        };
    }

    private long lengthAt(int at, int width) {
        long length = 0;
        for (int i = 0; i < width; i++) {
            length = length << 8 | (array[at + i] & 0xff);
        }
        return length;
    }

    /** The first bytes, without a copy where they are all there is and fill their array. */
    private Octets take(int length) {
        if (start + length == end && length > RETAINED_BYTES && length >= array.length / 2) {
            Octets all = Octets.wrap(array, start, length);
            drop();
            return all;
        }
        Octets taken = Octets.copyOf(array, start, length);
        start += length;
        if (start == end) {
            start = 0;
            end = 0;
            array = array.length > RETAINED_BYTES ? new byte[0] : array;
        }
        return taken;
    }

    private void drop() {
        array = new byte[0];
        start = 0;
        end = 0;
        scanned = 0;
    }

    /** Makes room; moves what is there only when that frees half of the array, so that the work stays linear. */
    private void reserve(int count) {
        if (count <= array.length - end) {
            return;
        }
        int kept = end - start;
        int needed = Math.addExact(kept, count);
        byte[] target = array;
        if (needed > array.length / 2) {
            long announced = Math.min(scanned - start + inside + owed, (long) BELIEF * needed);
            long room = Math.max(Math.max(announced, needed), Math.max(2L * kept, SMALLEST_BYTES));
            target = new byte[(int) Math.min(room, Integer.MAX_VALUE - 8)];
        }
        System.arraycopy(array, start, target, 0, kept);
        array = target;
        scanned -= start;
        start = 0;
        end = kept;
    }
}
