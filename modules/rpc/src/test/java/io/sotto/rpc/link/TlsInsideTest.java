package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.RequestHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said inside TLS, and TLS that begins without a type byte; both ends of TLS are {@link TlsCore}s. */
final class TlsInsideTest {
    private static final byte[] PING =
            new RequestHeader(1, "T.Echo").encode(Octets.hex("80")).toArray();

    private final Endpoints endpoints = Endpoints.none()
            .with(
                    "T.Echo",
                    PeerRole.MEMBER,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())));
    private final TestTls tls = new TestTls();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final LinkBuffers memory = new LinkBuffers();
    private TlsSnapshot client;
    private AcceptedInMemory server;

    @BeforeEach
    void connect() throws Exception {
        client = tls.client(1, TestTls::verified);
        server = new AcceptedInMemory(LinkSettings.defaults(), tls.server(1, TestTls::verified), endpoints);
    }

    @Test
    void aSingleConnectionIsServedInsideTls() {
        TlsCore dialled = shake(client.dial(PeerRole.SERVER), 3);
        say(dialled, new byte[] {0});
        say(dialled, PING);
        assertThat(heard.toString(StandardCharsets.ISO_8859_1)).contains("T.Echo");
        assertThat(server.isOpen()).isTrue();
    }

    @Test
    void tlsInsideTlsIsRefused() {
        for (int octet : new int[] {3, 7}) {
            server = new AcceptedInMemory(LinkSettings.defaults(), serverSnapshot(), endpoints);
            say(shake(client.dial(PeerRole.SERVER), 3), new byte[] {(byte) octet});
            assertThat(server.isOpen()).isFalse();
            assertThat(server.counters.refused(LinkRefusal.INNER_TLS)).isOne();
        }
    }

    @Test
    void anUnknownByteInsideTlsEndsTheConnection() {
        say(shake(client.dial(PeerRole.SERVER), 3), new byte[] {9});
        assertThat(server.isOpen()).isFalse();
        assertThat(server.counters.refused(LinkRefusal.UNKNOWN_TYPE)).isOne();
    }

    @Test
    void nativeTlsWithAKnownProtocolIsServedWithoutATypeByte() {
        say(shake(offering("consul/rpc-single"), -1), PING);
        assertThat(heard.toString(StandardCharsets.ISO_8859_1)).contains("T.Echo");
        assertThat(server.isOpen()).isTrue();
    }

    @Test
    void nativeTlsWithAProtocolThatIsNotServedOrWithNoneIsClosedAfterTheHandshake() {
        for (String protocol : new String[] {"consul/raft", "h2", ""}) {
            server = new AcceptedInMemory(LinkSettings.defaults(), serverSnapshot(), endpoints);
            TlsCore dialled = shake(offering(protocol), -1);
            assertThat(dialled.isEstablished()).as(protocol).isTrue();
            assertThat(dialled.protocol()).as(protocol).isEmpty();
            assertThat(server.isOpen()).as(protocol).isFalse();
            assertThat(server.counters.refused(LinkRefusal.UNKNOWN_PROTOCOL))
                    .as(protocol)
                    .isOne();
        }
    }

    @Test
    void nativeTlsAlwaysAsksForACertificate() throws Exception {
        server = new AcceptedInMemory(LinkSettings.defaults(), tls.server(1, builder -> builder), endpoints);
        var nobody = tls.onlyTrust(builder -> builder.verifyOutgoing(true));
        shake(offering(nobody.dial(PeerRole.SERVER), "consul/rpc-single"), -1);
        assertThat(server.isOpen()).isFalse();
        assertThat(server.counters.refused(LinkRefusal.TLS)).isOne();
    }

    @Test
    void whatIsNoTlsWhereTlsWasAnnouncedEndsTheConnectionAndThrowsNothing() {
        server.receive("\u0003GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.isOpen()).isFalse();
        assertThat(server.counters.refused(LinkRefusal.TLS)).isOne();
    }

    @Test
    void aRecordCutAnywhereIsTheSameRecord() {
        TlsCore dialled = shake(client.dial(PeerRole.SERVER), 3);
        dialled.seal(ByteBuffer.wrap(new byte[] {0}));
        for (byte one : bytes(dialled.seal(ByteBuffer.wrap(PING)))) {
            server.receive(new byte[] {one});
        }
        exchange(dialled);
        assertThat(heard.toString(StandardCharsets.ISO_8859_1)).contains("T.Echo");
    }

    @Test
    void aRecordThatWasAlteredEndsTheConnectionWithAnAlert() {
        TlsCore dialled = shake(client.dial(PeerRole.SERVER), 3);
        byte[] record = bytes(dialled.seal(ByteBuffer.wrap(new byte[] {0})));
        record[record.length - 1] ^= 1;
        server.receive(record);
        assertThat(server.isOpen()).isFalse();
        exchange(dialled);
        assertThat(dialled.end().orElseThrow().text()).isEqualTo("remote error: tls: bad record MAC");
    }

    /** In TLS 1.2 either side may ask for a second handshake, as dear as the first, and again and again. */
    @Test
    void aSecondHandshakeOnAConnectionEndsIt() throws Exception {
        SSLEngine engine = client.dial(PeerRole.SERVER);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        TlsCore dialled = shake(engine, 3);
        say(dialled, new byte[] {0});
        say(dialled, PING);
        assertThat(server.isOpen()).isTrue();
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        server.receive(Arrays.copyOf(hello.array(), hello.position()));
        assertThat(server.isOpen()).isFalse();
        assertThat(server.counters.refused(LinkRefusal.TLS)).isOne();
    }

    @Test
    void aServerThatAsksForASecondHandshakeIsLeft() throws Exception {
        TlsSnapshot served = serverSnapshot();
        SSLEngine serving = served.accept(List.of());
        serving.setEnabledProtocols(new String[] {"TLSv1.2"});
        TlsCore theirs = new TlsCore(serving);
        TlsCore ours = new TlsCore(client.dial(PeerRole.SERVER));
        theirs.lend(memory);
        ours.lend(memory);
        ours.begin();
        while (ours.hasOutput() || theirs.hasOutput()) {
            byte[] there = bytes(ours.takeOutput());
            theirs.receive(there, 0, there.length, heard::write, () -> false);
            byte[] back = bytes(theirs.takeOutput());
            ours.receive(back, 0, back.length, heard::write, () -> false);
        }
        assertThat(ours.isEstablished()).isTrue();
        serving.beginHandshake();
        ByteBuffer request = ByteBuffer.allocate(serving.getSession().getPacketBufferSize());
        serving.wrap(ByteBuffer.allocate(0), request);
        ours.receive(request.array(), 0, request.position(), heard::write, () -> false);
        assertThat(ours.end()).isPresent();
    }

    @Test
    void aFarewellEndsTheConnectionWithoutARefusal() {
        TlsCore dialled = shake(client.dial(PeerRole.SERVER), 3);
        dialled.close();
        exchange(dialled);
        assertThat(server.isOpen()).isFalse();
        for (LinkRefusal reason : LinkRefusal.values()) {
            assertThat(server.counters.refused(reason)).as(reason.label()).isZero();
        }
    }

    private TlsSnapshot serverSnapshot() {
        try {
            return tls.server(1, TestTls::verified);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private SSLEngine offering(String protocol) {
        return offering(client.dial(PeerRole.SERVER), protocol);
    }

    private static SSLEngine offering(SSLEngine engine, String protocol) {
        if (!protocol.isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    /** Shakes hands, after a type byte if there is one. */
    private TlsCore shake(SSLEngine engine, int octet) {
        TlsCore dialled = new TlsCore(engine);
        dialled.lend(memory);
        if (octet >= 0) {
            server.receive(new byte[] {(byte) octet});
        }
        dialled.begin();
        exchange(dialled);
        return dialled;
    }

    private void say(TlsCore dialled, byte[] bytes) {
        server.receive(bytes(dialled.seal(ByteBuffer.wrap(bytes))));
        exchange(dialled);
    }

    private void exchange(TlsCore dialled) {
        byte[] back;
        do {
            byte[] out = bytes(dialled.takeOutput());
            if (out.length > 0) {
                server.receive(out);
            }
            back = server.read();
            dialled.receive(back, 0, back.length, heard::write, () -> false);
        } while (back.length > 0 || dialled.hasOutput());
    }

    /** Takes what was put together out of the lent memory. */
    private byte[] bytes(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        memory.out(0);
        return bytes;
    }
}
