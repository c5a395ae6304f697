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
        dialled.seal(ByteBuffer.wrap(PING));
        for (byte one : dialled.takeOutput()) {
            server.receive(new byte[] {one});
        }
        exchange(dialled);
        assertThat(heard.toString(StandardCharsets.ISO_8859_1)).contains("T.Echo");
    }

    @Test
    void aRecordThatWasAlteredEndsTheConnectionWithAnAlert() {
        TlsCore dialled = shake(client.dial(PeerRole.SERVER), 3);
        dialled.seal(ByteBuffer.wrap(new byte[] {0}));
        byte[] record = dialled.takeOutput();
        record[record.length - 1] ^= 1;
        server.receive(record);
        assertThat(server.isOpen()).isFalse();
        exchange(dialled);
        assertThat(dialled.end().orElseThrow().text()).isEqualTo("remote error: tls: bad record MAC");
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
        if (octet >= 0) {
            server.receive(new byte[] {(byte) octet});
        }
        dialled.begin();
        exchange(dialled);
        return dialled;
    }

    private void say(TlsCore dialled, byte[] bytes) {
        dialled.seal(ByteBuffer.wrap(bytes));
        exchange(dialled);
    }

    private void exchange(TlsCore dialled) {
        byte[] back;
        do {
            byte[] out = dialled.takeOutput();
            if (out.length > 0) {
                server.receive(out);
            }
            back = server.read();
            dialled.receive(back, 0, back.length, heard::write);
        } while (back.length > 0 || dialled.outputLength() > 0);
    }
}
