package io.sotto.wire.yamux;

/**
 * The header that every frame begins with, and its codes.
 *
 * <pre>
 *  0         1        2         4             8              12   (bytes, big-endian)
 *  +---------+--------+---------+-------------+---------------+
 *  | version | type   | flags   | stream id   | length        |
 *  +---------+--------+---------+-------------+---------------+
 * </pre>
 *
 * <p>The length is that of the payload for data, and of nothing else: a window's growth, a ping's number, or a code.
 *
 * <p>Source: RPC specification, section 2.
 */
final class YamuxFrame {
    static final int HEADER_BYTES = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;
    static final int GO_AWAY_INTERNAL_ERROR = 2;

    private YamuxFrame() {}

    /** Writes a header to {@code target} at {@code at}. */
    static void write(byte[] target, int at, int type, int flags, int stream, int length) {
        target[at] = 0;
        target[at + 1] = (byte) type;
        target[at + 2] = (byte) (flags >>> 8);
        target[at + 3] = (byte) flags;
        putInt(target, at + 4, stream);
        putInt(target, at + 8, length);
    }

    static int version(byte[] header, int at) {
        return header[at] & 0xff;
    }

    static int type(byte[] header, int at) {
        return header[at + 1] & 0xff;
    }

    static int flags(byte[] header, int at) {
        return (header[at + 2] & 0xff) << 8 | (header[at + 3] & 0xff);
    }

    static int stream(byte[] header, int at) {
        return getInt(header, at + 4);
    }

    static int length(byte[] header, int at) {
        return getInt(header, at + 8);
    }

    private static void putInt(byte[] target, int at, int value) {
        target[at] = (byte) (value >>> 24);
        target[at + 1] = (byte) (value >>> 16);
        target[at + 2] = (byte) (value >>> 8);
        target[at + 3] = (byte) value;
    }

    private static int getInt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }
}
