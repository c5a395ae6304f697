package io.sotto.rpc.link;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.IncomingCall;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxFailure;
import io.sotto.wire.yamux.YamuxSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of one connection that was let in: on the streams of a yamux session, or one after the other on the
 * connection itself. On each stream one call at a time, in order; a stream that says nothing holds up no other.
 *
 * <p>Bounds: a request is at most {@link LinkSettings#maxMessageBytes}; while one is being answered at most a window of
 * further bytes waits behind it; while much of what was answered is not taken by the peer, nothing more is read. One owner,
 * no other thread; answers come by {@link Order}. Over 400 lines: the states of a stream are one. Source: RPC specification,
 * sections 2 and 3.
 */
final class Serving implements YamuxEvents, Carrier.Speech {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int THE_CONNECTION = 0;
    private static final int UNREAD_MAX = 1 << 20;
    private static final Octets NO_BODY = Octets.hex("80");

    /** What the whole port has for its connections. Any thread. */
    interface Source {
        Endpoints endpoints();

        /** Runs a series into its sink. */
        void run(RpcAnswer.Streamed series, SeriesSink sink);
    }

    /** What other threads hand to a connection. */
    sealed interface Order {
        record Answered(
                ServedStream stream,
                Running running,
                @Nullable RpcAnswer answer,
                @Nullable Throwable failure) implements Order {}

        record SeriesBegun(ServedStream stream, Running running, SeriesSink.Demand demand) implements Order {}

        record SeriesElement(ServedStream stream, Running running, Octets body) implements Order {}

        record SeriesEnded(
                ServedStream stream,
                Running running,
                RpcAnswer.Streamed series,
                @Nullable Throwable failure) implements Order {}

        /** No further calls, and an end once those under way have ended. */
        enum Drain implements Order {
            DRAIN
        }
    }

    private final LinkSettings settings;
    private final Accepted place;
    private final LinkLog log;
    private final LinkCounters counters;
    private final PeerRole role;
    private final boolean rolesCount;
    private final Source source;
    private final @Nullable YamuxSession session;
    private final RawStream raw = new RawStream();
    private final Map<Integer, ServedStream> streams = new HashMap<>();
    private final ArrayDeque<ServedStream> hungry = new ArrayDeque<>();
    private long tickAt;
    private boolean isDraining;
    private boolean isOver;
    private boolean isLost;

    Serving(
            LinkSettings settings,
            Accepted place,
            LinkLog log,
            LinkCounters counters,
            PeerRole role,
            boolean rolesCount,
            Source source,
            boolean isMultiplexed,
            long nowNanos) {
        this.settings = settings;
        this.place = place;
        this.log = log;
        this.counters = counters;
        this.role = role;
        this.rolesCount = rolesCount;
        this.source = source;
        this.tickAt = isMultiplexed ? nowNanos : Long.MAX_VALUE;
        this.session = isMultiplexed ? YamuxSession.server(settings.yamux()) : null;
        if (!isMultiplexed) {
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

    void take(Order order) {
        if (order instanceof Order.Answered answered) {
            if (answered.stream().running == answered.running()) {
                answer(answered.stream(), answered.running(), answered.answer(), answered.failure());
                proceed(answered.stream());
            }
        } else if (order instanceof Order.SeriesBegun begun) {
            if (begun.stream().running == begun.running()) {
                begun.stream().series = begun.demand();
                begun.demand().more();
            } else {
                begun.demand().stop();
            }
        } else if (order instanceof Order.SeriesElement element) {
            if (element.stream().running == element.running()) {
                part(element.stream(), element.body());
            }
        } else if (order instanceof Order.SeriesEnded ended) {
            if (ended.stream().running == ended.running()) {
                endSeries(ended);
                proceed(ended.stream());
            }
        }
    }

    /** Everything of one read has been told: what had to wait can go on. */
    void received() {
        finishDrain();
    }

    /** Output was taken. */
    void sent() {
        if (outputLength() < UNREAD_MAX) {
            for (int i = hungry.size(); i > 0; i--) {
                askForMore(hungry.removeFirst());
            }
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
        return outputLength() < UNREAD_MAX && !withholdsRaw();
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
        hungry.clear();
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
        stream.splitter.offer(array, offset, length);
        proceed(stream);
    }

    @Override
    public void writable(int id) {
        ServedStream stream = streams.get(id);
        if (stream != null) {
            askForMore(stream);
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
        while (stream.running == null && !stream.isEnding && isHere(stream) && pending(stream) == 0) {
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
                call(stream, header, object.get());
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

    private void call(ServedStream stream, RequestHeader header, Octets body) {
        Endpoints endpoints = source.endpoints();
        Optional<Endpoints.Served> served = endpoints.find(header.method());
        stream.answering = header;
        if (served.isEmpty()) {
            refuseCall(stream, LinkRefusal.UNKNOWN_METHOD, endpoints.missing(header.method()));
            endStream(stream);
        } else if (rolesCount && !role.proves(served.get().required())) {
            refuseCall(
                    stream,
                    LinkRefusal.ROLE,
                    "Permission denied: " + header.method() + " needs the certificate of a "
                            + served.get().required().name().toLowerCase(Locale.ROOT));
        } else {
            Running running = new Running();
            stream.running = running;
            counters.serving.increment();
            ask(stream, running, served.get(), new IncomingCall(header.method(), body, place.source(), role, running));
        }
    }

    private void ask(ServedStream stream, Running running, Endpoints.Served served, IncomingCall call) {
        CompletableFuture<RpcAnswer> answer;
        try {
            answer = served.endpoint().answer(call).toCompletableFuture();
        } catch (RuntimeException theirs) {
            answer(stream, running, null, theirs);
            return;
        }
        boolean isHere = answer.isDone();
        CompletableFuture<RpcAnswer> unused = answer.whenComplete((value, failure) -> {
            if (isHere) {
                answer(stream, running, value, failure);
            } else {
                place.offer(new Order.Answered(stream, running, value, failure));
            }
        });
    }

    private void answer(ServedStream stream, Running running, @Nullable RpcAnswer answer, @Nullable Throwable failure) {
        if (answer instanceof RpcAnswer.Streamed series) {
            source.run(series, new SeriesSink(new SeriesOrders(place, stream, running, series)));
            return;
        }
        done(stream, running);
        RequestHeader header = stream.answering;
        if (answer instanceof RpcAnswer.Reply reply) {
            write(stream, ResponseHeader.answer(header), reply.body());
        } else if (answer instanceof RpcAnswer.Fault fault) {
            counters.faults.increment();
            write(stream, ResponseHeader.failure(header, fault.text()), NO_BODY);
        } else if (answer instanceof RpcAnswer.Undecodable undecodable) {
            counters.faults.increment();
            refuseCall(stream, LinkRefusal.MALFORMED, undecodable.text());
            endStream(stream);
        } else {
            counters.faults.increment();
            LinkLog.endpointFailed(header.method(), failure == null ? new NullPointerException("no answer") : failure);
            write(stream, ResponseHeader.failure(header, "internal error"), NO_BODY);
        }
    }

    private void part(ServedStream stream, Octets body) {
        write(stream, ResponseHeader.part(stream.answering), body);
        askForMore(stream);
    }

    private void askForMore(ServedStream stream) {
        if (stream.series == null || pending(stream) > 0) {
            return;
        }
        if (outputLength() < UNREAD_MAX) {
            stream.series.more();
        } else {
            hungry.addLast(stream);
        }
    }

    private void endSeries(Order.SeriesEnded ended) {
        ServedStream stream = ended.stream();
        done(stream, ended.running());
        stream.series = null;
        Throwable failure = ended.failure();
        if (failure == null) {
            write(stream, ResponseHeader.answer(stream.answering), NO_BODY);
        } else {
            counters.faults.increment();
            write(
                    stream,
                    ResponseHeader.failure(
                            stream.answering, ended.series().words().apply(failure)),
                    NO_BODY);
        }
    }

    private void done(ServedStream stream, Running running) {
        running.answered();
        stream.running = null;
        counters.serving.decrement();
        counters.served.increment();
    }

    private void refuseCall(ServedStream stream, LinkRefusal reason, String text) {
        log.refuse(reason, place.source(), "RPC error: " + LinkLog.FROM + " error=\"" + text + "\"");
        write(stream, ResponseHeader.failure(stream.answering, text), NO_BODY);
    }

    private void write(ServedStream stream, ResponseHeader header, Octets body) {
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

    private int pending(ServedStream stream) {
        return session == null ? raw.outputLength() : session.pending(stream.id);
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
    private void endStream(ServedStream stream) {
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
        Running running = stream.running;
        if (running != null) {
            stream.running = null;
            counters.serving.decrement();
            counters.faults.increment();
            if (stream.series != null) {
                stream.series.stop();
                stream.series = null;
            }
            running.cancel();
        }
    }

    private void finishDrain() {
        if (isDraining && !isOver) {
            isOver = session == null
                    ? streams.values().stream().allMatch(stream -> stream.running == null && stream.header == null)
                    : session.isQuiet();
        }
    }
}
