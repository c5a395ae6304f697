package io.sotto.rpc.link;

import io.sotto.pki.PeerRefused;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxSession;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The dialling side of a connection: type byte, TLS if asked for, a ping that the peer must answer, and then calls until one
 * side has enough of it. One owner, no other thread. Source: RPC specification, sections 1, 2 and 9.
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
    private final OutgoingCalls calls;

    private Phase phase = Phase.CONNECTING;
    private boolean isTypeSent;
    private boolean isDraining;
    private String drainReason = "";
    private long now;
    private long handshakeBy = Long.MAX_VALUE;
    private long tickAt = Long.MAX_VALUE;
    private long drainBy = Long.MAX_VALUE;

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
        this.calls = new OutgoingCalls(settings, counters, link, session);
    }

    @Override
    public void lend(LinkBuffers memory) {
        carrier.lend(memory);
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
    public int received(byte[] bytes, int offset, int length, long nowNanos) {
        now = nowNanos;
        int taken = carrier.receive(bytes, offset, length, this::frames);
        lookAtTls();
        calls.startMore();
        return taken;
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
                calls.take(call);
                endIfDrained();
            } else if (order instanceof Order.Took took) {
                calls.took(took);
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
            if (now - calls.nextDeadline() >= 0) {
                calls.expire(now);
                endIfDrained();
            }
            if (phase == Phase.LIVE && now - tickAt >= 0) {
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
            case LIVE -> Math.min(Math.min(tickAt, calls.nextDeadline()), drainBy);
        };
    }

    /** Answers are bounded by the windows of their streams, and taken as they come. */
    @Override
    public boolean takesInput() {
        return true;
    }

    @Override
    public @Nullable ByteBuffer takeOutput() {
        return carrier.takeOutput();
    }

    @Override
    public boolean isEstablished() {
        return phase == Phase.LIVE;
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
        calls.data(id, array, offset, length);
    }

    @Override
    public void writable(int id) {
        // The session sends what waits by itself.
    }

    @Override
    public void finished(int id) {
        calls.finished(id);
    }

    @Override
    public void reset(int id) {
        calls.reset(id);
    }

    @Override
    public void pong(int opaque) {
        if (phase == Phase.CONFIRMING) {
            phase = Phase.LIVE;
            tickAt = now;
            if (!isDraining) {
                calls.open();
            }
            outcome.confirmed(carrier.tls());
            endIfDrained();
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
        endIfDrained();
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

    private void drain(String reason) {
        if (isDraining || phase == Phase.ENDED) {
            return;
        }
        isDraining = true;
        drainReason = reason;
        drainBy = now + settings.drainTimeout().toNanos();
        link.goesAway(new LinkEnd(true, reason));
        calls.close(reason);
        endIfDrained();
    }

    private void endIfDrained() {
        if (isDraining && phase == Phase.LIVE && calls.isQuiet()) {
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
        calls.end(reason);
        refuseTheRest(reason);
    }

    private void refuseTheRest(String reason) {
        link.close();
        for (Order order = link.poll(); order != null; order = link.poll()) {
            if (order instanceof LinkCall call) {
                calls.refuse(call, reason);
            }
        }
    }
}
