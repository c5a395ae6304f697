package io.sotto.rpc.link;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One socket of a link: the machine's, or that of a simulation. Nothing blocks. What cannot be written at once is kept, one piece
 * at most; until it has gone nothing else is written. One owner, which may hand it on after {@link #leave}.
 */
public interface LinkSocket {
    /**
     * From now on whoever owns it is told, on its own thread, when there is something to do: once after each {@link #rest}, or
     * after a {@link #connect} that is not done yet.
     */
    void enter(Runnable ready) throws IOException;

    /** Tells nothing more, until somebody enters again. */
    void leave();

    /** Whether it is connected at once. */
    boolean connect(InetSocketAddress to) throws IOException;

    boolean isConnected();

    /** Whether it is connected now; throws why it cannot be. */
    boolean finishConnect() throws IOException;

    /** Reads once; returns how many bytes, 0 for none yet, -1 if the peer sends no more. */
    int read(byte[] target) throws IOException;

    /** Whether {@link #read} has said that the peer sends no more. */
    boolean hasInputEnded();

    /** Writes bytes, which are lent; what does not go now is kept. Returns how many went. Only when nothing is {@link #isBlocked}. */
    int write(ByteBuffer bytes) throws IOException;

    /** Writes what was kept; returns how many bytes of it went. */
    int writeKept() throws IOException;

    /** Whether something is kept that the other side does not take. */
    boolean isBlocked();

    /** Whether anything was ever sent. */
    boolean hasSent();

    /** Tells the peer that nothing follows. */
    void endOutput() throws IOException;

    /** Waits for the peer, if its bytes are welcome, and for room, if there is something to write. */
    void rest(boolean takesInput, boolean wantsRoom);

    void close();
}
