package io.sotto.rpc.link;

import io.sotto.pki.PeerIdentity;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.flight.HandshakeEvent;
import io.sotto.wire.rpc.ConnectionKind;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The accepting side of a connection: what the first byte says, TLS if it says so, and inside that a byte again. Then {@link
 * Serving} answers calls. From the accept until then there is one deadline for all of it.
 *
 * <p>One owner, no other thread. Source: RPC specification, section 1; TLS specification, sections 2 and 3.
 */
final class AcceptCore implements LinkCore {
    private static final List<String> SERVED_PROTOCOLS =
            List.of(protocol(ConnectionKind.MULTIPLEX), protocol(ConnectionKind.CONSUL));

    private enum Phase {
        FIRST_BYTE,
        TLS,
        NATIVE_TLS,
        INNER_BYTE,
        SERVING,
        ENDED
    }

    private final LinkSettings settings;
    private final Accepted place;
    private final LinkLog log;
    private final LinkCounters counters;
    private final TlsSnapshot snapshot;
    private final Serving.Source endpoints;
    private final RpcDialect dialect;
    private final Carrier carrier = new Carrier();

    private Phase phase = Phase.FIRST_BYTE;
    private @Nullable Serving serving;
    private final long handshakeBy;
    private long drainBy = Long.MAX_VALUE;
    private boolean mustDrain;
    private long now;

    AcceptCore(
            LinkSettings settings,
            Accepted place,
            LinkLog log,
            LinkCounters counters,
            TlsSnapshot snapshot,
            Serving.Source endpoints,
            RpcDialect dialect,
            long nowNanos) {
        this.settings = settings;
        this.place = place;
        this.log = log;
        this.counters = counters;
        this.snapshot = snapshot;
        this.endpoints = endpoints;
        this.dialect = dialect;
        this.handshakeBy = nowNanos + settings.handshakeTimeout().toNanos();
        this.now = nowNanos;
    }

    @Override
    public void lend(LinkBuffers memory) {
        carrier.lend(memory);
    }

    @Override
    public void begin(long nowNanos) {
        now = nowNanos;
    }

    @Override
    public int received(byte[] bytes, int offset, int length, long nowNanos) {
        now = nowNanos;
        int taken = phase == Phase.FIRST_BYTE && length > 0
                ? firstByte(bytes, offset, length)
                : carrier.receive(bytes, offset, length, this::content);
        lookAtTls();
        if (serving != null) {
            serving.received();
            if (carrier.tls() == null) {
                counters.tookPlain(now);
            }
        }
        return taken;
    }

    @Override
    public void inputEnded(long nowNanos) {
        now = nowNanos;
        TlsCore tls = carrier.tls();
        if (tls != null) {
            tls.inputEnded();
        }
        if (serving == null) {
            end();
        } else if (serving.inputEnded()) {
            end();
        }
    }

    @Override
    public void woken(long nowNanos) {
        now = nowNanos;
        for (ServingOrder order = place.poll(); order != null; order = place.poll()) {
            if (order instanceof ServingOrder.Drain) {
                if (place.isDisplaced()) {
                    end();
                } else {
                    drain();
                }
            } else if (serving != null && phase == Phase.SERVING) {
                serving.take(order);
            }
        }
        lookAtServing();
    }

    @Override
    public void tick(long nowNanos) {
        now = nowNanos;
        if (phase == Phase.SERVING && serving != null) {
            serving.tick(now);
            lookAtServing();
        } else if (phase != Phase.ENDED && now - handshakeBy >= 0) {
            refuse(LinkRefusal.HANDSHAKE_TIMEOUT, "failed to read byte: " + LinkLog.FROM + " error=\"i/o timeout\"");
        }
        if (phase == Phase.SERVING && drainBy != Long.MAX_VALUE && now - drainBy >= 0) {
            end();
        }
    }

    @Override
    public void lost(String reason) {
        end();
        place.leave();
    }

    @Override
    public long nextTimerNanos() {
        return switch (phase) {
            case FIRST_BYTE, TLS, NATIVE_TLS, INNER_BYTE -> handshakeBy;
            case SERVING -> Math.min(drainBy, serving == null ? Long.MAX_VALUE : serving.nextTimerNanos());
            case ENDED -> Long.MAX_VALUE;
        };
    }

    @Override
    public boolean takesInput() {
        return serving == null || serving.takesInput();
    }

    @Override
    public @Nullable ByteBuffer takeOutput() {
        ByteBuffer bytes = carrier.takeOutput();
        if (bytes != null && serving != null && phase == Phase.SERVING) {
            serving.sent();
            lookAtServing();
        }
        return bytes;
    }

    @Override
    public boolean isEstablished() {
        return phase == Phase.SERVING;
    }

    @Override
    public boolean isFinished() {
        return carrier.isFinished();
    }

    /** Returns how many bytes were taken, as {@link #received}. */
    private int firstByte(byte[] bytes, int offset, int length) {
        place.isHeard();
        int octet = bytes[offset] & 0xff;
        Optional<ConnectionKind> kind = ConnectionKind.ofCode(octet);
        if (dialect.isTls(octet)) {
            if (!snapshot.servesTls()) {
                for (byte one : TlsSnapshot.unrecognizedName()) {
                    carrier.sendRaw(one);
                }
                refuse(
                        LinkRefusal.NO_TLS,
                        "failed to read byte: " + LinkLog.FROM + " error=\"tls: no certificates configured\"");
                return length;
            }
            phase = Phase.TLS;
            carrier.startTls(snapshot.acceptAsking(List.of()));
            return 1 + carrier.receive(bytes, offset + 1, length - 1, this::content);
        } else if (kind.isPresent() && kind.get() == ConnectionKind.NATIVE_TLS && servesNativeTls()) {
            phase = Phase.NATIVE_TLS;
            carrier.startTls(snapshot.acceptProven(SERVED_PROTOCOLS));
            return carrier.receive(bytes, offset, length, this::content);
        } else if (!snapshot.inbound().plaintext()) {
            refuse(LinkRefusal.PLAINTEXT, "Non-TLS connection attempted with VerifyIncoming set: " + LinkLog.FROM);
        } else {
            serve(octet, bytes, offset + 1, length - 1);
        }
        return length;
    }

    /** As with a real agent, only who has both an authority and a certificate looks for it. */
    private boolean servesNativeTls() {
        return isConsuls() && snapshot.servesTls() && !snapshot.authorities().isEmpty();
    }

    private boolean isConsuls() {
        return dialect == RpcDialect.CONSUL;
    }

    private void content(byte[] array, int offset, int length) {
        switch (phase) {
            case TLS, INNER_BYTE -> {
                if (length > 0) {
                    innerByte(array, offset, length);
                }
            }
            case NATIVE_TLS -> {
                negotiated();
                content(array, offset, length);
            }
            case SERVING -> {
                if (serving != null) {
                    serving.content(array, offset, length);
                    lookAtServing();
                }
            }
            case FIRST_BYTE, ENDED -> {}
        }
    }

    private void innerByte(byte[] array, int offset, int length) {
        int octet = array[offset] & 0xff;
        if (dialect.isTls(octet) || (isConsuls() && octet == ConnectionKind.TLS_INSECURE.code())) {
            refuse(
                    LinkRefusal.INNER_TLS,
                    "TLS connection attempting to establish inner TLS connection: " + LinkLog.FROM);
        } else {
            serve(octet, array, offset + 1, length - 1);
        }
    }

    private void negotiated() {
        TlsCore tls = carrier.tls();
        String protocol = tls == null ? "" : tls.protocol();
        Optional<ConnectionKind> kind = ConnectionKind.ofProtocol(protocol);
        if (kind.isPresent()) {
            serve(kind.get().code(), new byte[0], 0, 0);
        } else {
            refuse(
                    LinkRefusal.UNKNOWN_PROTOCOL,
                    "discarding RPC for unknown negotiated protocol \"" + protocol + "\": " + LinkLog.FROM);
        }
    }

    private void serve(int octet, byte[] rest, int offset, int length) {
        boolean isMultiplexed = dialect.isMultiplexed(octet);
        if (!isMultiplexed && !dialect.isSingle(octet)) {
            refuse(LinkRefusal.UNKNOWN_TYPE, "unrecognized RPC byte: byte=" + octet + " " + LinkLog.FROM);
            return;
        }
        TlsCore tls = carrier.tls();
        PeerIdentity peer = tls == null ? PeerIdentity.unproven() : snapshot.identifyCaller(tls.session());
        boolean rolesCount = snapshot.inbound().clientCertificate();
        boolean hadToShow = rolesCount || phase == Phase.NATIVE_TLS;
        phase = Phase.SERVING;
        tellRecorder("confirmed");
        place.isServed();
        Serving begun = new Serving(
                settings,
                place,
                log,
                counters,
                new Serving.Caller(peer, hadToShow, rolesCount),
                endpoints,
                new Serving.Form(isMultiplexed, dialect.isSaidOnStreams(octet)),
                now);
        serving = begun;
        carrier.speak(begun);
        if (mustDrain) {
            begun.drain();
        }
        begun.content(rest, offset, length);
        lookAtServing();
    }

    private void lookAtTls() {
        TlsCore tls = carrier.tls();
        if (tls == null || phase == Phase.ENDED) {
            return;
        }
        if (phase == Phase.TLS && tls.isEstablished()) {
            phase = Phase.INNER_BYTE;
        } else if (phase == Phase.NATIVE_TLS && tls.isEstablished() && tls.end().isEmpty()) {
            negotiated();
        }
        Optional<TlsEnd> ended = tls.end();
        if (ended.isPresent()) {
            if (ended.get().refused().isPresent()) {
                log.refuse(
                        LinkRefusal.TLS,
                        place.source(),
                        "failed to read byte: " + LinkLog.FROM + " error=\""
                                + ended.get().text() + "\"");
                tellRecorder(LinkRefusal.TLS.label());
            }
            end();
        }
    }

    private void lookAtServing() {
        if (phase == Phase.SERVING && serving != null && serving.isOver()) {
            phase = Phase.ENDED;
            carrier.endAfterOutput();
            serving.lost();
        }
    }

    private void drain() {
        mustDrain = true;
        drainBy = now + settings.drainTimeout().toNanos();
        if (serving != null) {
            serving.drain();
        }
    }

    private void tellRecorder(String outcome) {
        if (HandshakeEvent.isRecorded()) {
            InetSocketAddress from = place.source();
            HandshakeEvent.record(
                    "accepted",
                    from.getHostString() + ":" + from.getPort(),
                    carrier.tls() != null,
                    outcome,
                    now - handshakeBy + settings.handshakeTimeout().toNanos());
        }
    }

    private void refuse(LinkRefusal reason, String text) {
        log.refuse(reason, place.source(), text);
        if (phase != Phase.SERVING && phase != Phase.ENDED) {
            tellRecorder(reason.label());
        }
        end();
    }

    private void end() {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            carrier.endNow();
            if (serving != null) {
                serving.lost();
            }
        }
    }

    private static String protocol(ConnectionKind kind) {
        return kind.protocol().orElseThrow();
    }
}
