package io.sotto.rpc.link;

import io.sotto.pki.PeerRefused;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.ObjectSplitter;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.rpc.ResponseHeader;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxSession;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The dialling side of a connection: type byte, TLS if asked for, a ping that the peer must answer, and then calls, each on a
 * stream that has no other at the time. Streams are used again, the last one first; after an error a stream is closed.
 *
 * <p>A stream is opened with its first request in one write, and never ended before: a real server's accept loop waits for
 * the first byte of one stream before it looks at the next. One owner, no other thread. Over 400 lines: a call, its stream
 * and the connection's end are one state. Source: RPC specification, sections 1, 2, 3 and 9.
 */
final class DialCore implements LinkCore, YamuxEvents, Carrier.Speech {
    private static final int MULTIPLEX = 4;
    private static final int TLS = 3;
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Who is told how the dial went; on the link's thread. */
    interface Outcome {
        /** The peer answered; nothing was sent but a ping. */
        void confirmed(@Nullable TlsCore tls);

        /** There will be no link. */
        void failed(String reason, Optional<PeerRefused> refused, boolean byPeer);
    }

    private enum Phase {
        CONNECTING,
        CONFIRMING,
        LIVE,
        ENDED
    }

    private final LinkSettings settings;
    private final LinkCounters counters;
    private final DialledLink link;
    private final @Nullable SSLEngine engine;
    private final Outcome outcome;
    private final Carrier carrier = new Carrier();
    private final YamuxSession session;
    private final Map<Integer, CallStream> streams = new HashMap<>();
    private final ArrayDeque<CallStream> idle = new ArrayDeque<>();
    private final ArrayDeque<LinkCall> unstarted = new ArrayDeque<>();

    private Phase phase = Phase.CONNECTING;
    private boolean isTypeSent;
    private int underWay;
    private boolean isDraining;
    private String drainReason = "";
    private long seq;
    private long now;
    private long handshakeBy = Long.MAX_VALUE;
    private long tickAt = Long.MAX_VALUE;
    private long drainBy = Long.MAX_VALUE;
    private long nextDeadline = Long.MAX_VALUE;

    DialCore(
            LinkSettings settings,
            LinkCounters counters,
            DialledLink link,
            @Nullable SSLEngine engine,
            Outcome outcome) {
        this.settings = settings;
        this.counters = counters;
        this.link = link;
        this.engine = engine;
        this.outcome = outcome;
        this.session = YamuxSession.client(settings.yamux());
    }

    @Override
    public void begin(long nowNanos) {
        now = nowNanos;
        phase = Phase.CONFIRMING;
        handshakeBy = nowNanos + settings.handshakeTimeout().toNanos();
        tickAt = nowNanos;
        carrier.speak(this);
        session.ping();
        if (engine != null) {
            carrier.sendRaw(TLS);
            carrier.startTls(engine);
            lookAtTls();
        }
    }

    @Override
    public void received(byte[] bytes, int offset, int length, long nowNanos) {
        now = nowNanos;
        carrier.receive(bytes, offset, length, this::frames);
        lookAtTls();
        startMore();
    }

    @Override
    public void inputEnded(long nowNanos) {
        now = nowNanos;
        TlsCore tls = carrier.tls();
        if (tls != null) {
            tls.inputEnded();
        }
        end("EOF", Optional.empty(), true);
    }

    @Override
    public void woken(long nowNanos) {
        now = nowNanos;
        for (Order order = link.poll(); order != null; order = link.poll()) {
            if (order instanceof LinkCall call) {
                callOrCancel(call);
            } else if (order instanceof Order.Took took) {
                took(took);
            } else {
                drain("the connection is being drained");
            }
        }
    }

    @Override
    public void tick(long nowNanos) {
        now = nowNanos;
        if (phase == Phase.CONFIRMING && now - handshakeBy >= 0) {
            counters.refuse(LinkRefusal.HANDSHAKE_TIMEOUT);
            end("i/o timeout", Optional.empty(), true);
        } else if (drainBy != Long.MAX_VALUE && now - drainBy >= 0) {
            end(drainReason + ", and calls did not end in time", Optional.empty(), false);
        } else if (phase == Phase.LIVE) {
            if (now - nextDeadline >= 0) {
                expire();
            }
            if (now - tickAt >= 0) {
                tickAt = now + TICK_NANOS;
                if (!session.tick(now, this)) {
                    sessionFailed();
                }
            }
        }
    }

    @Override
    public void lost(String reason) {
        end(reason, Optional.empty(), phase != Phase.CONNECTING);
        link.hasEnded();
    }

    @Override
    public long nextTimerNanos() {
        return switch (phase) {
            case CONNECTING, ENDED -> Long.MAX_VALUE;
            case CONFIRMING -> handshakeBy;
            case LIVE -> Math.min(Math.min(tickAt, nextDeadline), drainBy);
        };
    }

    /** Answers are bounded by the windows of their streams, and taken as they come. */
    @Override
    public boolean takesInput() {
        return true;
    }

    @Override
    public @Nullable ByteString takeOutput() {
        return carrier.takeOutput();
    }

    @Override
    public boolean hasOutput() {
        return carrier.hasOutput();
    }

    @Override
    public boolean isFinished() {
        return carrier.isFinished();
    }

    @Override
    public int outputLength() {
        return session.outputLength() + (isTypeSent ? 0 : 1);
    }

    @Override
    public ByteBuffer output() {
        if (isTypeSent) {
            return session.output();
        }
        ByteBuffer frames = session.output();
        return ByteBuffer.allocate(1 + frames.remaining())
                .put((byte) MULTIPLEX)
                .put(frames)
                .flip();
    }

    @Override
    public void skipOutput(int count) {
        if (isTypeSent) {
            session.skipOutput(count);
        } else if (count > 0) {
            isTypeSent = true;
            session.skipOutput(count - 1);
        }
    }

    @Override
    public void opened(int id) {
        // Nobody calls us on a connection that we dialled.
        session.reset(id);
    }

    @Override
    public void data(int id, byte[] array, int offset, int length) {
        CallStream stream = streams.get(id);
        if (stream == null) {
            session.consumed(id, length);
            return;
        }
        stream.held += length;
        answer(stream, array, offset, length);
        giveBack(stream);
    }

    @Override
    public void writable(int id) {
        // The session sends what waits by itself.
    }

    @Override
    public void finished(int id) {
        CallStream stream = streams.remove(id);
        if (stream != null) {
            session.finish(id);
            gone(stream, "stream closed");
        }
    }

    @Override
    public void reset(int id) {
        CallStream stream = streams.remove(id);
        if (stream != null) {
            gone(stream, "stream reset");
        }
    }

    @Override
    public void pong(int opaque) {
        if (phase == Phase.CONFIRMING) {
            phase = Phase.LIVE;
            tickAt = now;
            outcome.confirmed(carrier.tls());
            if (isDraining) {
                endIfDrained();
            }
        }
    }

    @Override
    public void goneAway(int code) {
        if (code == 0) {
            drain("the peer takes no further calls on this connection");
        }
    }

    private void frames(byte[] array, int offset, int length) {
        if (phase != Phase.ENDED && !session.receive(array, offset, length, this)) {
            sessionFailed();
        }
    }

    private void sessionFailed() {
        counters.refuse(
                switch (session.failure()) {
                    case KEEP_ALIVE -> LinkRefusal.KEEP_ALIVE;
                    default -> LinkRefusal.YAMUX;
                });
        end("session shutdown: " + session.failure().text(), Optional.empty(), true);
    }

    private void lookAtTls() {
        TlsCore tls = carrier.tls();
        if (tls != null && phase != Phase.ENDED) {
            tls.end().ifPresent(ended -> end(ended.text(), ended.refused(), ended.isByPeer()));
        }
    }

    private void callOrCancel(LinkCall call) {
        if (call.isDone()) {
            // Cancelled, before it was sent or after.
            unsend(call);
            if (!call.hasLeft) {
                counters.ended(LinkCounters.CallEnd.CANCELLED);
            }
            leave(call);
        } else if (mayCall()) {
            start(call);
        } else {
            finish(call, new RpcResult.Unreachable(drainReason, false));
        }
    }

    private boolean mayCall() {
        return phase == Phase.LIVE && !isDraining;
    }

    private void start(LinkCall call) {
        CallStream stream = idle.pollLast();
        if (stream == null) {
            int id = session.open();
            if (id == -1) {
                unstarted.addLast(call);
                nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
                return;
            }
            stream = new CallStream(id, new ObjectSplitter(settings.maxMessageBytes()));
            streams.put(id, stream);
        }
        stream.call = call;
        stream.seq = ++seq;
        call.stream = stream.id;
        underWay++;
        nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
        RequestHeader header = new RequestHeader(stream.seq, call.request.method());
        session.write(stream.id, header.write(0).toOctets(), call.request.body());
    }

    /** Calls that had to wait until the peer took notice of others. */
    private void startMore() {
        while (!unstarted.isEmpty() && mayCall() && (session.mayOpen() || !idle.isEmpty())) {
            LinkCall call = unstarted.removeFirst();
            if (!call.isDone()) {
                start(call);
            }
        }
    }

    private void answer(CallStream stream, byte[] array, int offset, int length) {
        stream.splitter.offer(array, offset, length);
        while (streams.get(stream.id) == stream) {
            Optional<Octets> object = stream.splitter.next();
            if (object.isEmpty()) {
                if (stream.splitter.hasFailed()) {
                    breakUp(stream, "the answer is " + stream.splitter.failure().text());
                }
                return;
            }
            ResponseHeader header = stream.header;
            if (stream.call == null) {
                breakUp(stream, "an answer that nobody asked for");
            } else if (header == null) {
                header(stream, object.get());
            } else {
                stream.header = null;
                body(stream, stream.call, header, object.get());
            }
        }
    }

    private void header(CallStream stream, Octets object) {
        Optional<ResponseHeader> header = ResponseHeader.decode(object);
        if (header.isEmpty() || header.get().seq() != stream.seq) {
            breakUp(stream, "an answer to something else");
        } else {
            stream.header = header.get();
            stream.headerBytes = object.length();
        }
    }

    private void body(CallStream stream, LinkCall call, ResponseHeader header, Octets body) {
        LinkCall.Elements elements = call.elements;
        if (!header.error().isEmpty()) {
            close(stream);
            finish(call, new RpcResult.Failed(header.error()));
        } else if (!header.more()) {
            stream.call = null;
            underWay--;
            keep(stream);
            finish(call, new RpcResult.Answered(body));
        } else if (elements == null) {
            breakUp(stream, "a series of answers to a call for one");
        } else {
            stream.untaken++;
            elements.element(body, stream.headerBytes + body.length());
        }
    }

    /** A series stops when as much of it waits as the window holds; all else is taken as it comes. */
    private void giveBack(CallStream stream) {
        if (stream.untaken == 0 && stream.held > 0) {
            session.consumed(stream.id, stream.held);
            stream.held = 0;
        }
    }

    private void took(Order.Took took) {
        CallStream stream = streams.get(took.call().stream);
        if (stream != null && stream.call == took.call()) {
            stream.untaken--;
            int bytes = Math.min(took.bytes(), stream.held);
            session.consumed(stream.id, bytes);
            stream.held -= bytes;
            giveBack(stream);
        }
    }

    private void keep(CallStream stream) {
        stream.untaken = 0;
        giveBack(stream);
        if (isDraining || idle.size() >= settings.maxIdleStreams()) {
            streams.remove(stream.id);
            session.finish(stream.id);
        } else {
            idle.addLast(stream);
        }
    }

    /** No further call on this stream; what it still says is of no interest. */
    private void close(CallStream stream) {
        streams.remove(stream.id);
        stream.call = null;
        underWay--;
        session.finish(stream.id);
    }

    private void breakUp(CallStream stream, String reason) {
        streams.remove(stream.id);
        session.reset(stream.id);
        counters.refuse(LinkRefusal.MALFORMED);
        gone(stream, reason);
    }

    private void gone(CallStream stream, String reason) {
        LinkCall call = stream.call;
        if (call == null) {
            idle.remove(stream);
        } else {
            stream.call = null;
            underWay--;
            finish(call, new RpcResult.Unreachable(reason, true));
        }
    }

    private void expire() {
        List<LinkCall> late = new ArrayList<>();
        nextDeadline = Long.MAX_VALUE;
        for (CallStream stream : streams.values()) {
            if (stream.call != null) {
                look(stream.call, late);
            }
        }
        for (LinkCall call : unstarted) {
            look(call, late);
        }
        for (LinkCall call : late) {
            unsend(call);
            finish(call, new RpcResult.TimedOut(call.request.timeout()));
        }
    }

    private void look(LinkCall call, List<LinkCall> late) {
        if (now - call.deadlineNanos >= 0) {
            late.add(call);
        } else {
            nextDeadline = Math.min(nextDeadline, call.deadlineNanos);
        }
    }

    /** Tells the peer, if it knows of the call, that nobody waits for it any more. */
    private void unsend(LinkCall call) {
        CallStream stream = streams.get(call.stream);
        if (stream == null || stream.call != call) {
            unstarted.remove(call);
            return;
        }
        streams.remove(stream.id);
        stream.call = null;
        underWay--;
        session.reset(stream.id);
    }

    private void finish(LinkCall call, RpcResult result) {
        leave(call);
        if (call.complete(result)) {
            counters.ended(LinkCounters.CallEnd.of(result));
        }
        if (call.elements != null) {
            call.elements.ended(result);
        }
        endIfDrained();
    }

    private void leave(LinkCall call) {
        if (!call.hasLeft) {
            call.hasLeft = true;
            link.left();
        }
        endIfDrained();
    }

    private void drain(String reason) {
        if (isDraining || phase == Phase.ENDED) {
            return;
        }
        isDraining = true;
        drainReason = reason;
        drainBy = now + settings.drainTimeout().toNanos();
        link.goesAway(new LinkEnd(true, reason));
        while (!idle.isEmpty()) {
            CallStream stream = idle.removeLast();
            streams.remove(stream.id);
            session.finish(stream.id);
        }
        while (!unstarted.isEmpty()) {
            finish(unstarted.removeFirst(), new RpcResult.Unreachable(reason, false));
        }
        endIfDrained();
    }

    private void endIfDrained() {
        if (isDraining && underWay == 0 && unstarted.isEmpty() && phase == Phase.LIVE) {
            phase = Phase.ENDED;
            carrier.endAfterOutput();
            link.ends(new LinkEnd(true, drainReason));
            refuseTheRest(drainReason);
        }
    }

    private void end(String reason, Optional<PeerRefused> refused, boolean byPeer) {
        if (phase == Phase.ENDED) {
            return;
        }
        boolean wasLive = phase == Phase.LIVE;
        phase = Phase.ENDED;
        carrier.endNow();
        drainReason = reason;
        if (wasLive) {
            link.ends(new LinkEnd(false, reason));
        } else {
            outcome.failed(reason, refused, byPeer);
        }
        List<CallStream> last = new ArrayList<>(streams.values());
        streams.clear();
        idle.clear();
        for (CallStream stream : last) {
            if (stream.call != null) {
                gone(stream, reason);
            }
        }
        while (!unstarted.isEmpty()) {
            finish(unstarted.removeFirst(), new RpcResult.Unreachable(reason, false));
        }
        refuseTheRest(reason);
    }

    private void refuseTheRest(String reason) {
        link.close();
        for (Order order = link.poll(); order != null; order = link.poll()) {
            if (order instanceof LinkCall call) {
                finish(call, new RpcResult.Unreachable(reason, false));
            }
        }
    }
}
