package io.sotto.interop;

import io.sotto.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** One direction of a TCP stream, as it went over the wire: what is sent again, or ahead of something that was missed, counts once. */
final class CaughtStream {
    private final String from;
    private final String to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isWhole;
    private boolean hasBegun;
    private int next;

    CaughtStream(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** Takes the next packet in the order of the capture; sequence numbers are RFC 9293's, modulo 2^32. */
    void segment(boolean opens, int sequence, ByteBuffer payload) {
        if (opens) {
            isWhole = true;
            hasBegun = true;
            next = sequence + 1;
            return;
        }
        if (!hasBegun) {
            hasBegun = true;
            next = sequence;
        }
        int known = next - sequence;
        if (known < 0) {
            isWhole = false;
            known = 0;
        }
        for (int i = known; i < payload.limit(); i++) {
            bytes.write(payload.get(i));
        }
        if (payload.limit() > known) {
            next = sequence + payload.limit();
        }
    }

    String from() {
        return from;
    }

    String to() {
        return to;
    }

    /** Whether it was caught from its first byte on, without a gap. */
    boolean isWhole() {
        return isWhole;
    }

    Octets bytes() {
        return Octets.wrap(bytes.toByteArray());
    }

    @Override
    public String toString() {
        Octets start = bytes().slice(0, Math.min(bytes.size(), 16));
        return from + " -> " + to + ", " + bytes.size() + " B: " + start.toHex();
    }
}
