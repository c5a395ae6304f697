package io.sotto.testkit.fuzz;

import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSettings;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what a session sends, as its peer would: streams begin before their data and end once, bytes come in order and never
 * more than the window takes, pings are answered in order, and nobody goes away unasked.
 */
final class YamuxAudit {
    private static final int HEADER_BYTES = 12;

    /** What was sent under one number, which a peer may use again. */
    private static final class Sent {
        private long granted;
        private long total;
        private long sinceBegin;
        private boolean isOpen;
    }

    private final Map<Integer, Sent> streams = new HashMap<>();
    private final ArrayDeque<Integer> pongs = new ArrayDeque<>();
    private byte[] rest = new byte[0];
    private int nextPing;
    private long bytes;
    private boolean hasGoneAway;
    private boolean hasSaidSo;
    private boolean hasToldFailure;

    long bytes() {
        return bytes;
    }

    boolean hasGoneAway() {
        return hasGoneAway;
    }

    void wentAway() {
        hasGoneAway = true;
    }

    /** Notes a frame that the session is about to be sent: what it may send in turn. */
    void sees(int version, int type, int flags, int id, long length) {
        if (version == 0 && type == 2 && (flags & YamuxModel.SYN) != 0) {
            pongs.add((int) length);
        }
        if (type > 1) {
            return;
        }
        Sent sent = streams.computeIfAbsent(id, ignored -> new Sent());
        sent.granted += type == 1 ? length : 0;
        if ((flags & YamuxModel.SYN) != 0) {
            sent.granted += YamuxSettings.INITIAL_WINDOW_BYTES;
            if ((flags & YamuxModel.FIN) != 0) {
                // Such a stream is not acknowledged: all that was sent before has been taken.
                sent.isOpen = true;
                sent.sinceBegin = 0;
            }
        }
    }

    void take(byte[] output) {
        byte[] all = Arrays.copyOf(rest, rest.length + output.length);
        System.arraycopy(output, 0, all, rest.length, output.length);
        int at = 0;
        while (all.length - at >= HEADER_BYTES) {
            int length = number(all, at + 8, 4);
            int payload = all[at + 1] == 0 ? length : 0;
            if (all.length - at - HEADER_BYTES < payload) {
                break;
            }
            frame(all, at, number(all, at + 2, 2), number(all, at + 4, 4), length);
            at += HEADER_BYTES + payload;
        }
        rest = Arrays.copyOfRange(all, at, all.length);
    }

    void end(YamuxFailure failure) {
        check(rest.length == 0, "a frame is cut");
        check(failure != YamuxFailure.NONE || pongs.isEmpty(), "pings are not answered: " + pongs);
        boolean isTold = failure == YamuxFailure.DUPLICATE_STREAM
                || failure == YamuxFailure.WINDOW_EXCEEDED
                || failure == YamuxFailure.UNEXPECTED_FIN
                || failure == YamuxFailure.FLOOD;
        check(hasToldFailure == isTold, "told of " + failure + ": " + hasToldFailure);
    }

    private void frame(byte[] all, int at, int flags, int id, int length) {
        check(all[at] == 0, "version " + all[at]);
        check(!hasToldFailure, "a frame after the last");
        switch (all[at + 1]) {
            case 0 -> data(all, at, flags, id, length);
            case 1 -> window(flags, id);
            case 2 -> ping(flags, id, length);
            default -> goAway(all[at + 1], flags, id, length);
        }
    }

    private void data(byte[] all, int at, int flags, int id, int length) {
        Sent sent = streams.computeIfAbsent(id, ignored -> new Sent());
        check(flags == 0 && length > 0, "data with flags " + flags + ", length " + length);
        check(sent.isOpen, "data on stream " + id + ", which is not open");
        for (int i = 0; i < length; i++) {
            check(all[at + HEADER_BYTES + i] == (byte) (sent.sinceBegin + i), "another byte of stream " + id);
        }
        sent.sinceBegin += length;
        sent.total += length;
        bytes += length;
        check(sent.total <= sent.granted, "more than the window on stream " + id);
    }

    private void window(int flags, int id) {
        Sent sent = streams.computeIfAbsent(id, ignored -> new Sent());
        if (flags == YamuxModel.SYN || flags == YamuxModel.ACK) {
            sent.granted += flags == YamuxModel.SYN ? YamuxSettings.INITIAL_WINDOW_BYTES : 0;
            sent.isOpen = true;
            sent.sinceBegin = 0;
        } else if (flags == YamuxModel.FIN) {
            check(sent.isOpen, "the end of stream " + id + ", which is not open");
            sent.isOpen = false;
        } else if (flags == YamuxModel.RST) {
            sent.isOpen = false;
        } else {
            check(flags == 0, "flags " + flags);
        }
    }

    private void ping(int flags, int id, int opaque) {
        check(id == 0, "a ping on stream " + id);
        if (flags == YamuxModel.SYN) {
            check(opaque == nextPing++, "ping " + opaque);
        } else {
            Integer expected = pongs.poll();
            check(flags == YamuxModel.ACK && expected != null && expected == opaque, "pong " + opaque);
        }
    }

    private void goAway(int type, int flags, int id, int code) {
        check(type == 3 && flags == 0 && id == 0, "type " + type);
        if (code == 1) {
            hasToldFailure = true;
        } else {
            check(code == 0 && hasGoneAway && !hasSaidSo, "gone away unasked, or twice");
            hasSaidSo = true;
        }
    }

    private static int number(byte[] bytes, int at, int width) {
        int number = 0;
        for (int i = 0; i < width; i++) {
            number = number << 8 | (bytes[at + i] & 0xff);
        }
        return number;
    }

    private static void check(boolean holds, String fault) {
        if (!holds) {
            throw new AssertionError(fault);
        }
    }
}
