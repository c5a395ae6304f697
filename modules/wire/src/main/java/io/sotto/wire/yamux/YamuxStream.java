package io.sotto.wire.yamux;

import io.sotto.wire.Octets;
import java.util.ArrayDeque;

/** What a session knows of one stream. */
final class YamuxStream {
    final int id;
    final boolean isOurs;

    /** Bytes that the peer still takes. */
    long sendWindow = YamuxSettings.INITIAL_WINDOW_BYTES;
    /** Bytes that the peer may still send. */
    int receiveWindow;
    /** Bytes that came and have not been consumed. */
    int unconsumed;
    /** Bytes that were consumed and not yet given back to the peer. */
    int returnable;

    /** Whether the peer knows of the stream. */
    boolean isBegun;
    /** Whether the peer has yet to acknowledge a stream of ours, or to send the first byte on one of its own. */
    boolean isFresh = true;

    boolean isFinishing;
    boolean hasFinished;
    boolean peerHasFinished;
    boolean isGone;
    boolean hasDeadline;
    long deadlineNanos;

    private final ArrayDeque<Octets> waiting = new ArrayDeque<>(2);
    private int waitingOffset;
    private int waitingBytes;

    YamuxStream(int id, boolean isOurs, int windowBytes) {
        this.id = id;
        this.isOurs = isOurs;
        this.receiveWindow = windowBytes;
        this.isBegun = !isOurs;
    }

    int waitingBytes() {
        return waitingBytes;
    }

    void await(Octets bytes) {
        waitingBytes = Math.addExact(waitingBytes, bytes.length());
        waiting.addLast(bytes);
    }

    /** Moves as much of what waits as the peer takes, in one frame for each piece. */
    void flushTo(FrameOutput output) {
        while (waitingBytes > 0 && sendWindow > 0) {
            Octets first = waiting.getFirst();
            int left = first.length() - waitingOffset;
            int count = (int) Math.min(sendWindow, left);
            output.data(id, first.array(), first.arrayOffset() + waitingOffset, count);
            sendWindow -= count;
            waitingBytes -= count;
            if (count == left) {
                waiting.removeFirst();
                waitingOffset = 0;
            } else {
                waitingOffset += count;
            }
        }
    }

    void dropWaiting() {
        waiting.clear();
        waitingBytes = 0;
        waitingOffset = 0;
    }
}
