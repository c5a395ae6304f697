package io.sotto.wire.yamux;

import io.sotto.wire.Octets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of a yamux session: bytes that arrived go in, {@link YamuxEvents events} and frames to send come out. It never throws
 * on what it receives; what real peers take for the end of a session ends it, and {@link #failure} says why.
 *
 * <p>Frames to send gather in one buffer until they are {@link #drain drained}, so that many of them leave in one write. A new
 * stream is told to the peer in front of its first bytes and never before: real servers wait for the first byte of one stream
 * before they look at the next.
 *
 * <p>{@link #tick} is to be called about once a second; everything else of time is the peer's. Numbers of streams are unsigned.
 * Calls with a number that is not in use have no effect, for the stream may have ended at any moment.
 *
 * <p>One owner, no other thread. Over 400 lines, because both directions move the same windows and states. Source: RPC
 * specification, section 2, with the reactions of the real peers.
 */
public final class YamuxSession {
    private final YamuxSettings settings;
    private final StreamTable streams = new StreamTable();
    private final FrameOutput output = new FrameOutput();
    private final Pings pings;
    private final byte[] header = new byte[YamuxFrame.HEADER_BYTES];

    private int headerLength;
    private long payloadLeft;
    private @Nullable YamuxStream payloadStream;
    private boolean payloadFinishes;

    private YamuxFailure failure = YamuxFailure.NONE;
    private int nextStream;
    private int unacknowledged;
    private int silent;
    private int streamsOfPeer;
    private int closing;
    private int waitingReplies;
    private long discardedFrames;
    private long refusedStreams;

    private boolean hasGoneAway;
    private boolean peerHasGoneAway;

    private YamuxSession(YamuxSettings settings, int firstStream) {
        this.settings = settings;
        this.pings = new Pings(settings);
        this.nextStream = firstStream;
    }

    /** The side that dialled; its streams have odd numbers. */
    public static YamuxSession client(YamuxSettings settings) {
        return new YamuxSession(settings, 1);
    }

    /** The side that was dialled; its streams have even numbers. */
    public static YamuxSession server(YamuxSettings settings) {
        return new YamuxSession(settings, 2);
    }

    /**
     * Takes bytes that arrived, cut anywhere.
     *
     * @return whether the session lives; if not, nothing more will happen on it, and a GoAway for the peer may wait in the output
     */
    public boolean receive(byte[] bytes, int offset, int length, YamuxEvents events) {
        int at = offset;
        int end = offset + length;
        while (at < end && !hasFailed()) {
            if (payloadLeft > 0) {
                at += payload(bytes, at, end - at, events);
            } else if (headerLength == 0 && end - at >= YamuxFrame.HEADER_BYTES) {
                frame(bytes, at, events);
                at += YamuxFrame.HEADER_BYTES;
            } else {
                int count = Math.min(end - at, YamuxFrame.HEADER_BYTES - headerLength);
                System.arraycopy(bytes, at, header, headerLength, count);
                at += count;
                headerLength += count;
                if (headerLength == YamuxFrame.HEADER_BYTES) {
                    headerLength = 0;
                    frame(header, 0, events);
                }
            }
        }
        return !hasFailed();
    }

    public boolean hasFailed() {
        return failure != YamuxFailure.NONE;
    }

    public YamuxFailure failure() {
        return failure;
    }

    /**
     * Whether {@link #open} would give a stream: neither side has gone away, and not too many of ours wait for the peer to take
     * notice, which would reset more.
     */
    public boolean mayOpen() {
        return !hasFailed()
                && !hasGoneAway
                && !peerHasGoneAway
                && unacknowledged < settings.backlog()
                && nextStream > 0;
    }

    /** The number of a new stream, of which the peer learns with the first bytes written; -1 when it {@link #mayOpen} not. */
    public int open() {
        while (mayOpen()) {
            int id = nextStream;
            nextStream += 2;
            if (streams.get(id) == null) {
                streams.add(new YamuxStream(id, true, settings.windowBytes()));
                unacknowledged++;
                return id;
            }
        }
        return -1;
    }

    /** Writes a copy of bytes; what the peer's window does not take yet waits here. */
    public void write(int stream, byte[] bytes, int offset, int length) {
        YamuxStream target = writable(stream);
        if (target != null && length > 0) {
            int taken = send(target, bytes, offset, length);
            if (taken < length) {
                target.await(Octets.copyOf(bytes, offset + taken, length - taken));
            }
        }
    }

    /** Writes bytes; what the peer's window does not take yet waits here, without a copy. */
    public void write(int stream, Octets bytes) {
        YamuxStream target = writable(stream);
        if (target != null && !bytes.isEmpty()) {
            int taken = send(target, bytes.array(), bytes.arrayOffset(), bytes.length());
            if (taken < bytes.length()) {
                target.await(bytes.slice(taken, bytes.length() - taken));
            }
        }
    }

    /** Writes two runs of bytes as one, in one frame if the window takes them: a header and what it stands in front of. */
    public void write(int stream, Octets head, Octets body) {
        YamuxStream target = writable(stream);
        long length = (long) head.length() + body.length();
        if (target == null || target.waitingBytes() > 0 || length > target.sendWindow) {
            write(stream, head);
            write(stream, body);
        } else if (length > 0) {
            begin(target);
            output.data(stream, head, body);
            target.sendWindow -= length;
        }
    }

    /** Bytes that wait for the peer's window. */
    public int pending(int stream) {
        YamuxStream target = streams.get(stream);
        return target == null ? 0 : target.waitingBytes();
    }

    /** Ends this side of a stream after what waits; one that nothing was written on is forgotten. */
    public void finish(int stream) {
        YamuxStream target = streams.get(stream);
        if (target == null || target.isFinishing || hasFailed()) {
            return;
        }
        target.isFinishing = true;
        if (!target.isBegun) {
            remove(target);
        } else if (target.waitingBytes() == 0) {
            sendFinish(target);
        }
    }

    /** Ends both sides of a stream at once; of one that nothing was written on the peer never hears. */
    public void reset(int stream) {
        YamuxStream target = streams.get(stream);
        if (target == null || hasFailed()) {
            return;
        }
        if (target.isBegun) {
            output.frame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST, target.id, 0);
        }
        remove(target);
    }

    /**
     * Says that so many bytes of a stream were used. The peer's window grows again once that is half of it.
     *
     * @throws IllegalArgumentException for more than came
     */
    public void consumed(int stream, int bytes) {
        YamuxStream target = streams.get(stream);
        if (target == null || hasFailed()) {
            return;
        }
        if (bytes < 0 || bytes > target.unconsumed) {
            throw new IllegalArgumentException(bytes + " of " + target.unconsumed + " bytes consumed");
        }
        target.unconsumed -= bytes;
        target.returnable += bytes;
        if (target.returnable >= settings.windowBytes() / 2 && !target.peerHasFinished) {
            output.frame(YamuxFrame.WINDOW_UPDATE, 0, target.id, target.returnable);
            target.receiveWindow += target.returnable;
            target.returnable = 0;
        }
    }

    /** Asks the peer for a sign of life; returns the number that {@link YamuxEvents#pong} will bring. */
    public int ping() {
        int opaque = pings.next();
        if (!hasFailed()) {
            output.frame(YamuxFrame.PING, YamuxFrame.SYN, 0, opaque);
        }
        return opaque;
    }

    /**
     * Tells the peer to open no more streams, and opens none from here on. Those that cross this are served none the less;
     * {@link #isQuiet} tells when none can be under way any more. Only the first call has an effect.
     *
     * @param code 0 for an orderly end, 1 for a breach of the protocol, 2 for a failure of ours
     */
    public void goAway(int code) {
        if (!hasFailed() && !hasGoneAway) {
            output.frame(YamuxFrame.GO_AWAY, 0, 0, code);
            hasGoneAway = true;
            pings.awaitFarewell(ping());
        }
    }

    /** Whether this side went away, the peer has seen it, and all streams have ended: the connection can be closed. */
    public boolean isQuiet() {
        return pings.isFarewellAnswered() && streams.size() == 0;
    }

    /** Whether the peer went away. */
    public boolean hasPeerGoneAway() {
        return peerHasGoneAway;
    }

    /**
     * Lets time pass: sends keep-alives, resets streams that the peer leaves half open, gives memory back.
     *
     * @param nowNanos of a clock that only moves forward, always the same
     * @return whether the session lives
     */
    public boolean tick(long nowNanos, YamuxEvents events) {
        if (hasFailed()) {
            return false;
        }
        switch (pings.due(nowNanos)) {
            case NOTHING -> {}
            case KEEP_ALIVE -> pings.awaitLife(ping(), nowNanos);
            case TOO_LATE -> {
                return fail(YamuxFailure.KEEP_ALIVE);
            }
        }
        if (closing > 0) {
            resetOverdue(nowNanos, events);
        }
        output.trim();
        return true;
    }

    /** Streams that have not ended on both sides. */
    public int streams() {
        return streams.size();
    }

    public boolean hasOutput() {
        return output.length() > 0;
    }

    /** Bytes that wait to be sent. */
    public int outputLength() {
        return output.length();
    }

    /** Moves at most {@code max} bytes that wait to be sent to {@code target}; returns how many. */
    public int drain(byte[] target, int offset, int max) {
        int count = output.drain(target, offset, max);
        forgetRepliesRead();
        return count;
    }

    /** The bytes that wait to be sent, to be read before the next call on this session; {@link #skipOutput} takes them off. */
    public ByteBuffer output() {
        return output.view();
    }

    /** Takes off the first bytes of {@link #output}. */
    public void skipOutput(int count) {
        output.skip(count);
        forgetRepliesRead();
    }

    /** Frames so far for streams that there are not: of ended ones mostly. */
    public long discardedFrames() {
        return discardedFrames;
    }

    /** Streams so far that the peer opened in excess of a bound. */
    public long refusedStreams() {
        return refusedStreams;
    }

    private void frame(byte[] bytes, int at, YamuxEvents events) {
        int length = YamuxFrame.length(bytes, at);
        int flags = YamuxFrame.flags(bytes, at);
        if (YamuxFrame.version(bytes, at) != 0) {
            fail(YamuxFailure.VERSION);
            return;
        }
        switch (YamuxFrame.type(bytes, at)) {
            case YamuxFrame.DATA -> dataFrame(YamuxFrame.stream(bytes, at), flags, length & 0xffff_ffffL, events);
            case YamuxFrame.WINDOW_UPDATE ->
                windowFrame(YamuxFrame.stream(bytes, at), flags, length & 0xffff_ffffL, events);
            case YamuxFrame.PING -> pingFrame(flags, length, events);
            case YamuxFrame.GO_AWAY -> goAwayFrame(length, events);
            default -> fail(YamuxFailure.TYPE);
        }
    }

    private void dataFrame(int id, int flags, long length, YamuxEvents events) {
        YamuxStream stream = stream(id, flags, events);
        if (hasFailed()) {
            return;
        }
        if (stream != null && !acceptFlags(stream, flags, events)) {
            return;
        }
        if (stream != null && !stream.isGone && length > stream.receiveWindow) {
            fail(YamuxFailure.WINDOW_EXCEEDED);
            return;
        }
        payloadLeft = length;
        payloadFinishes = (flags & YamuxFrame.FIN) != 0;
        payloadStream = stream;
        if (stream == null || stream.isGone) {
            payloadStream = null;
            discardedFrames++;
        } else if (stream.peerHasFinished) {
            // Real peers never send this; what came after the end is nobody's, but counts against the window.
            stream.receiveWindow -= (int) length;
            payloadStream = null;
            discardedFrames++;
        } else {
            stream.receiveWindow -= (int) length;
            stream.unconsumed += (int) length;
            if (length == 0) {
                endOfPayload(events);
            }
        }
    }

    private void windowFrame(int id, int flags, long delta, YamuxEvents events) {
        YamuxStream stream = stream(id, flags, events);
        if (hasFailed()) {
            return;
        }
        if (stream == null || stream.isGone) {
            discardedFrames++;
            return;
        }
        if (!acceptFlags(stream, flags, events) || stream.isGone) {
            return;
        }
        stream.sendWindow = Math.min(stream.sendWindow + delta, Integer.MAX_VALUE);
        boolean hasWaited = stream.waitingBytes() > 0;
        stream.flushTo(output);
        boolean isWritable = hasWaited && stream.waitingBytes() == 0;
        if (isWritable && stream.isFinishing) {
            sendFinish(stream);
        }
        if ((flags & YamuxFrame.FIN) != 0) {
            finishedByPeer(stream, events);
        }
        if (isWritable && !stream.isFinishing && !stream.isGone) {
            events.writable(id);
        }
    }

    /** The stream of a frame, opened if it says so; null for none. */
    private @Nullable YamuxStream stream(int id, int flags, YamuxEvents events) {
        YamuxStream known = streams.get(id);
        if ((flags & YamuxFrame.SYN) == 0) {
            return known;
        }
        if (known != null) {
            fail(YamuxFailure.DUPLICATE_STREAM);
            return null;
        }
        if (silent >= settings.backlog() || streamsOfPeer >= settings.maxStreams()) {
            refusedStreams++;
            reply(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST, id, 0);
            return null;
        }
        YamuxStream opened = new YamuxStream(id, false, settings.windowBytes());
        streams.add(opened);
        streamsOfPeer++;
        silent++;
        if ((flags & YamuxFrame.FIN) == 0) {
            // Real peers do not acknowledge a stream that ends with its first frame.
            reply(YamuxFrame.WINDOW_UPDATE, YamuxFrame.ACK, id, extraWindow());
        }
        if (!hasFailed()) {
            events.opened(id);
        }
        return opened;
    }

    /** Takes ACK, RST and the check of FIN; FIN itself comes after the payload. False when the session failed. */
    private boolean acceptFlags(YamuxStream stream, int flags, YamuxEvents events) {
        if (stream.isGone) {
            return true;
        }
        if ((flags & YamuxFrame.ACK) != 0 && stream.isOurs) {
            heard(stream);
        }
        if ((flags & YamuxFrame.FIN) != 0 && stream.peerHasFinished) {
            return fail(YamuxFailure.UNEXPECTED_FIN);
        }
        if ((flags & YamuxFrame.RST) != 0) {
            remove(stream);
            events.reset(stream.id);
        }
        return true;
    }

    private int payload(byte[] bytes, int at, int available, YamuxEvents events) {
        int count = (int) Math.min(payloadLeft, available);
        payloadLeft -= count;
        YamuxStream stream = payloadStream;
        if (stream != null && !stream.isGone) {
            heard(stream);
            events.data(stream.id, bytes, at, count);
        }
        if (payloadLeft == 0) {
            endOfPayload(events);
        }
        return count;
    }

    private void endOfPayload(YamuxEvents events) {
        YamuxStream stream = payloadStream;
        payloadStream = null;
        if (stream != null && payloadFinishes && !stream.isGone) {
            finishedByPeer(stream, events);
        }
    }

    private void finishedByPeer(YamuxStream stream, YamuxEvents events) {
        stream.peerHasFinished = true;
        if (stream.hasFinished) {
            remove(stream);
        }
        events.finished(stream.id);
    }

    private void pingFrame(int flags, int opaque, YamuxEvents events) {
        if ((flags & YamuxFrame.SYN) != 0) {
            reply(YamuxFrame.PING, YamuxFrame.ACK, 0, opaque);
        } else if (pings.answered(opaque)) {
            events.pong(opaque);
        }
    }

    private void goAwayFrame(int code, YamuxEvents events) {
        peerHasGoneAway = true;
        switch (code) {
            case YamuxFrame.GO_AWAY_NORMAL -> {}
            case YamuxFrame.GO_AWAY_PROTOCOL_ERROR -> fail(YamuxFailure.PEER_PROTOCOL_ERROR);
            case YamuxFrame.GO_AWAY_INTERNAL_ERROR -> fail(YamuxFailure.PEER_INTERNAL_ERROR);
            default -> fail(YamuxFailure.UNEXPECTED_GO_AWAY);
        }
        events.goneAway(code);
    }

    private @Nullable YamuxStream writable(int id) {
        YamuxStream stream = hasFailed() ? null : streams.get(id);
        if (stream != null && stream.isFinishing) {
            throw new IllegalStateException("stream " + Integer.toUnsignedString(id) + " has been finished");
        }
        return stream;
    }

    private int send(YamuxStream stream, byte[] bytes, int offset, int length) {
        begin(stream);
        int count = stream.waitingBytes() > 0 ? 0 : (int) Math.min(stream.sendWindow, length);
        if (count > 0) {
            output.data(stream.id, bytes, offset, count);
            stream.sendWindow -= count;
        }
        return count;
    }

    private void begin(YamuxStream stream) {
        if (!stream.isBegun) {
            stream.isBegun = true;
            output.frame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.SYN, stream.id, extraWindow());
        }
    }

    private int extraWindow() {
        return settings.windowBytes() - YamuxSettings.INITIAL_WINDOW_BYTES;
    }

    private void sendFinish(YamuxStream stream) {
        output.frame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.FIN, stream.id, 0);
        stream.hasFinished = true;
        closing++;
        if (stream.peerHasFinished) {
            remove(stream);
        }
    }

    /** A frame that the peer makes us send; it must not be able to pile them up. */
    private void reply(int type, int flags, int stream, int length) {
        if (waitingReplies >= settings.maxWaitingReplies()) {
            fail(YamuxFailure.FLOOD);
            return;
        }
        waitingReplies++;
        output.frame(type, flags, stream, length);
    }

    private void forgetRepliesRead() {
        waitingReplies = Math.min(waitingReplies, output.length() / YamuxFrame.HEADER_BYTES);
    }

    private void heard(YamuxStream stream) {
        if (stream.isFresh) {
            stream.isFresh = false;
            if (stream.isOurs) {
                unacknowledged--;
            } else {
                silent--;
            }
        }
    }

    private void remove(YamuxStream stream) {
        heard(stream);
        streams.remove(stream);
        stream.isGone = true;
        stream.dropWaiting();
        if (stream.hasFinished) {
            closing--;
        }
        if (!stream.isOurs) {
            streamsOfPeer--;
        }
    }

    private void resetOverdue(long nowNanos, YamuxEvents events) {
        List<YamuxStream> overdue = new ArrayList<>();
        streams.forEach(stream -> {
            if (stream.hasFinished && !stream.hasDeadline) {
                stream.hasDeadline = true;
                stream.deadlineNanos = nowNanos + settings.streamCloseTimeout().toNanos();
            } else if (stream.hasFinished && nowNanos - stream.deadlineNanos >= 0) {
                overdue.add(stream);
            }
        });
        for (YamuxStream stream : overdue) {
            if (!stream.isGone) {
                reset(stream.id);
                events.reset(stream.id);
            }
        }
    }

    private boolean fail(YamuxFailure why) {
        failure = why;
        payloadStream = null;
        payloadLeft = 0;
        if (why.isTold()) {
            output.frame(YamuxFrame.GO_AWAY, 0, 0, YamuxFrame.GO_AWAY_PROTOCOL_ERROR);
        }
        return false;
    }
}
