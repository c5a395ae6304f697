package io.sotto.rpc.link;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What lives between the two directions of one socket: bytes in, bytes out, time as an argument. One owner, which looks
 * after everything that it told at what there is to send.
 */
interface LinkCore {
    /** From now on this memory is to be used, which others use between two calls. */
    void lend(LinkBuffers memory);

    /** The socket is there. */
    void begin(long nowNanos);

    /**
     * Bytes came; the array is lent for the length of the call.
     *
     * @return how many were taken; what is left is to be given again once what waits has been sent
     */
    int received(byte[] bytes, int offset, int length, long nowNanos);

    /** The peer sends no more. */
    void inputEnded(long nowNanos);

    /** Something waits in the inbox. */
    void woken(long nowNanos);

    /** The time of {@link #nextTimerNanos} has come, or some time before it. */
    void tick(long nowNanos);

    /** The socket is gone, or we are to stop: the last call of all. */
    void lost(String reason);

    /** When {@link #tick} is wanted next; {@link Long#MAX_VALUE} for never. */
    long nextTimerNanos();

    /** Whether more of the peer's bytes are welcome. */
    boolean takesInput();

    /** What is to be sent next, in one piece, lent until the next call; null for nothing. */
    @Nullable
    ByteBuffer takeOutput();

    /** Whether both sides have proved what they must, so that only calls are left to come. */
    boolean isEstablished();

    /** Whether nothing is to follow once all output is taken. */
    boolean isFinished();
}
