package io.sotto.wire.yamux;

/**
 * What happens on a session, told from inside {@link YamuxSession#receive} and {@link YamuxSession#tick}, in the order in which
 * it happened. The receiver may call the session back, except for those two.
 *
 * <p>After {@link #reset}, and after {@link #finished} on a stream that this side finished too, the stream is gone: whatever is
 * called with its number has no effect, until the peer opens one of that number again.
 */
public interface YamuxEvents {
    /** The peer opened a stream. Real peers write on it at once. */
    void opened(int id);

    /**
     * Bytes of a stream, in order, cut anywhere. They are lent: the array is the caller's of {@code receive}. The peer may not
     * send more than the window until {@link YamuxSession#consumed} gives it back.
     */
    void data(int id, byte[] array, int offset, int length);

    /** All that waited for the peer's window has been taken; not told where nothing waited. */
    void writable(int id);

    /** The peer will send no more on this stream. */
    void finished(int id);

    /** The stream ended at once, on both sides; what waited is dropped. */
    void reset(int id);

    /** The answer to {@link YamuxSession#ping}, or to a keep-alive; hostile peers answer more than once. */
    void pong(int opaque);

    /** The peer wants no more streams: 0 for an orderly end, anything else when it fails. */
    void goneAway(int code);
}
