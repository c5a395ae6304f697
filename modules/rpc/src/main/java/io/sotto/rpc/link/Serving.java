package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of one connection that was let in: on the streams of a yamux session, or one after the other on the
 * connection itself. On each stream one call at a time, in order; a stream that says nothing holds up no other.
 *
 * <p>Bounds: a request is at most {@link LinkSettings#maxMessageBytes}; while one is being answered at most a window of
 * further bytes waits behind it; while much of what was answered is not taken by the peer, nothing more is read. One owner,
 * no other thread; answers come by {@link ServingOrder}. Source: RPC specification, sections 2 and 3.
 */
final class Serving implements YamuxEvents, Carrier.Speech, Answering.Out {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int THE_CONNECTION = 0;
    private static final int UNREAD_MAX = 1 << 20;

    /**
     * How a connection carries calls.
     *
     * @param isMultiplexed on the streams of a session, or on the connection itself
     * @param isSaidOnStreams whether each stream begins with a byte that says that it is for calls
     */
    record Form(boolean isMultiplexed, boolean isSaidOnStreams) {}

    /**
     * Who is at the other end.
     *
     * @param proven what its certificate proves, whether it had to show one or was asked for one
     * @param hadToShow whether it had to show one
     * @param rolesCount whether methods are kept to those who prove the role for them
     */
    record Caller(PeerIdentity proven, boolean hadToShow, boolean rolesCount) {
        /** What it proves as far as that was demanded. */
        PeerIdentity shown() {
            return hadToShow ? proven : PeerIdentity.unproven();
        }
    }

    /** What the whole port has for its connections. Any thread. */
    interface Source {
        Endpoints endpoints();

        /** Runs a series into its sink. */
        void run(RpcAnswer.Streamed series, SeriesSink sink);
    }

    private final LinkSettings settings;
    private final Accepted place;
    private final LinkLog log;
    private final Answering answering;
    private final @Nullable YamuxSession session;
    private final boolean isSaidOnStreams;
    private final RawStream raw = new RawStream();
    private final Map<Integer, ServedStream> streams = new HashMap<>();
    private long tickAt;
    private boolean isDraining;
    private boolean isOver;
    private boolean isLost;

    Serving(
            LinkSettings settings,
            Accepted place,
            LinkLog log,
            LinkCounters counters,
            Caller caller,
            Source source,
            Form form,
            long nowNanos) {
        this.settings = settings;
        this.place = place;
        this.log = log;
        this.answering = new Answering(place, log, counters, caller, source, this);
        this.isSaidOnStreams = form.isSaidOnStreams;
        this.tickAt = form.isMultiplexed ? nowNanos : Long.MAX_VALUE;
        this.session = form.isMultiplexed ? YamuxSession.server(settings.yamux()) : null;
        if (!form.isMultiplexed) {
            opened(THE_CONNECTION);
        }
    }

    /** Takes what the peer says, in plaintext. */
    void content(byte[] array, int offset, int length) {
        if (isOver || length == 0) {
            return;
        }
        if (session == null) {
            data(THE_CONNECTION, array, offset, length);
        } else if (!session.receive(array, offset, length, this)) {
            YamuxFailure failure = session.failure();
            log.refuse(
                    LinkRefusal.YAMUX,
                    place.source(),
                    "multiplex conn accept failed: " + LinkLog.FROM + " error=\"" + failure.text() + "\"");
            isOver = true;
        }
    }

    /** The peer sends no more; true if nothing is left to be done. */
    boolean inputEnded() {
        if (session != null) {
            // Without its windows and acknowledgements nothing can be answered.
            return true;
        }
        finished(THE_CONNECTION);
        return isOver && raw.outputLength() == 0;
    }

    void take(ServingOrder order) {
        answering.take(order).ifPresent(this::proceed);
    }

    /** Everything of one read has been told: what had to wait can go on. */
    void received() {
        finishDrain();
    }

    /** Output was taken. */
    void sent() {
        if (hasRoom()) {
            answering.feed();
        }
        if (session == null) {
            ServedStream only = streams.get(THE_CONNECTION);
            if (only != null) {
                proceed(only);
            }
        }
    }

    void tick(long nowNanos) {
        if (session != null && nowNanos - tickAt >= 0) {
            tickAt = nowNanos + TICK_NANOS;
            if (!session.tick(nowNanos, this)) {
                log.refuse(LinkRefusal.KEEP_ALIVE, place.source(), "keepalive timeout " + LinkLog.FROM);
                isOver = true;
            }
        }
        finishDrain();
    }

    long nextTimerNanos() {
        return tickAt;
    }

    boolean takesInput() {
        return hasRoom() && !withholdsRaw();
    }

    /** Serves what is under way, and tells the peer to go elsewhere with the rest. */
    void drain() {
        isDraining = true;
        if (session != null) {
            session.goAway(0);
        }
        finishDrain();
    }

    /** Whether the connection is to end once its output is taken. */
    boolean isOver() {
        return isOver;
    }

    /** The connection has ended: nobody waits for the answers any more. */
    void lost() {
        isLost = true;
        isOver = true;
        List<ServedStream> last = new ArrayList<>(streams.values());
        streams.clear();
        answering.forget();
        for (ServedStream stream : last) {
            abandon(stream);
        }
    }

    @Override
    public int outputLength() {
        return session == null ? raw.outputLength() : session.outputLength();
    }

    @Override
    public ByteBuffer output() {
        return session == null ? raw.output() : session.output();
    }

    @Override
    public void skipOutput(int count) {
        if (session == null) {
            raw.skipOutput(count);
        } else {
            session.skipOutput(count);
        }
    }

    @Override
    public void opened(int id) {
        streams.put(id, new ServedStream(id, new ObjectSplitter(settings.maxMessageBytes())));
    }

    @Override
    public void data(int id, byte[] array, int offset, int length) {
        ServedStream stream = streams.get(id);
        if (stream == null || stream.isEnding) {
            return;
        }
        stream.withheld += length;
        int said = isSaidOnStreams && !stream.hasSaid && length > 0 ? 1 : 0;
        if (said > 0) {
            stream.hasSaid = true;
            if (array[offset] != RpcDialect.STREAM_OF_CALLS) {
                log.refuse(
                        LinkRefusal.UNKNOWN_TYPE,
                        place.source(),
                        "unrecognized RPC byte: byte=" + (array[offset] & 0xff) + " " + LinkLog.FROM);
                breakOff(stream);
                return;
            }
        }
        stream.splitter.offer(array, offset + said, length - said);
        proceed(stream);
    }

    @Override
    public void writable(int id) {
        ServedStream stream = streams.get(id);
        if (stream != null) {
            answering.askForMore(stream);
            proceed(stream);
        }
    }

    @Override
    public void finished(int id) {
        ServedStream stream = streams.get(id);
        if (stream != null) {
            stream.peerHasFinished = true;
            proceed(stream);
        }
    }

    @Override
    public void reset(int id) {
        ServedStream stream = streams.remove(id);
        if (stream != null) {
            abandon(stream);
        }
    }

    @Override
    public void pong(int opaque) {
        // The session itself looks at its keepalives.
    }

    @Override
    public void goneAway(int code) {
        // A peer that wants no streams of ours: we open none.
    }

    /** Answers what is whole, for as long as nothing has to be waited for. */
    private void proceed(ServedStream stream) {
        while (stream.running == null && !stream.isEnding && isHere(stream) && isClear(stream)) {
            giveBack(stream);
            Optional<Octets> object = stream.splitter.next();
            if (object.isEmpty()) {
                restOrEnd(stream);
                break;
            }
            RequestHeader header = stream.header;
            if (header == null) {
                header(stream, object.get());
            } else {
                stream.header = null;
                answering.call(stream, header, object.get());
            }
        }
        account(stream);
    }

    private void restOrEnd(ServedStream stream) {
        if (stream.splitter.hasFailed()) {
            LinkRefusal reason = stream.splitter.failure() == ObjectSplitter.Failure.MALFORMED
                    ? LinkRefusal.MALFORMED
                    : LinkRefusal.TOO_BIG;
            log.refuse(
                    reason,
                    place.source(),
                    "RPC error: " + LinkLog.FROM + " error=\""
                            + stream.splitter.failure().text() + "\"");
            breakOff(stream);
        } else if (stream.peerHasFinished) {
            endStream(stream);
        }
    }

    private void header(ServedStream stream, Octets object) {
        Optional<RequestHeader> header = RequestHeader.decode(object);
        if (header.isPresent()) {
            stream.header = header.get();
        } else {
            log.refuse(
                    LinkRefusal.MALFORMED, place.source(), "RPC error: " + LinkLog.FROM + " error=\"not a request\"");
            breakOff(stream);
        }
    }

    @Override
    public void write(ServedStream stream, ResponseHeader header, Octets body) {
        if (isLost) {
            return;
        }
        if (session == null) {
            Octets whole = header.encode(body);
            raw.write(whole.array(), whole.arrayOffset(), whole.length());
        } else {
            session.write(stream.id, header.write(0).toOctets(), body);
        }
    }

    @Override
    public boolean isClear(ServedStream stream) {
        return (session == null ? raw.outputLength() : session.pending(stream.id)) == 0;
    }

    @Override
    public boolean hasRoom() {
        return outputLength() < UNREAD_MAX;
    }

    private boolean isHere(ServedStream stream) {
        return streams.get(stream.id) == stream;
    }

    private boolean withholdsRaw() {
        ServedStream only = session == null ? streams.get(THE_CONNECTION) : null;
        return only != null && only.withheld >= settings.windowBytes();
    }

    /** What came while a call was being answered is taken now. */
    private void giveBack(ServedStream stream) {
        if (stream.withheld > 0) {
            if (session != null) {
                session.consumed(stream.id, stream.withheld);
            }
            stream.withheld = 0;
        }
    }

    /** Keeps count of what requests hold that are not whole, or wait. */
    private void account(ServedStream stream) {
        int held = isHere(stream) && !stream.isEnding ? stream.splitter.buffered() : 0;
        int change = held - stream.buffered;
        if (change != 0) {
            stream.buffered = held;
            if (!place.buffer(change) && change > 0) {
                log.refuse(
                        LinkRefusal.BUFFERED,
                        place.source(),
                        "requests hold more than sotto.rpc.max-buffered: " + LinkLog.FROM);
                isOver = true;
            }
        }
    }

    /** Ends a stream after what was answered on it. */
    @Override
    public void endStream(ServedStream stream) {
        stream.isEnding = true;
        streams.remove(stream.id);
        account(stream);
        if (session == null) {
            isOver = true;
        } else {
            session.finish(stream.id);
        }
    }

    private void breakOff(ServedStream stream) {
        endStream(stream);
        if (session != null) {
            session.reset(stream.id);
        }
    }

    private void abandon(ServedStream stream) {
        stream.isEnding = true;
        account(stream);
        answering.abandon(stream);
    }

    private void finishDrain() {
        if (isDraining && !isOver) {
            isOver = session == null
                    ? streams.values().stream().allMatch(stream -> stream.running == null && stream.header == null)
                    : session.isQuiet();
        }
    }
}
