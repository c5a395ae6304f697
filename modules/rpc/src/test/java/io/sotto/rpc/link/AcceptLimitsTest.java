package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Cancellation;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.rpc.RequestHeader;
import io.sotto.wire.yamux.YamuxEvents;
import io.sotto.wire.yamux.YamuxSession;
import io.sotto.wire.yamux.YamuxSettings;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Every bound of an accepted connection, without a socket and in virtual time. */
final class AcceptLimitsTest {
    private static final Octets EMPTY_MAP = Octets.hex("80");
    private static final Duration INSTANT = Duration.ofMillis(1);

    private final List<Cancellation> cancellations = new ArrayList<>();
    private final List<CompletableFuture<RpcAnswer>> open = new ArrayList<>();
    private final Endpoints endpoints = Endpoints.none()
            .with(
                    "T.Echo",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body())))
            .with("T.Throws", PeerRole.UNPROVEN, call -> {
                throw new IllegalStateException("on purpose");
            })
            .with(
                    "T.Misread",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Undecodable("what?")))
            .with("T.Wait", PeerRole.UNPROVEN, call -> {
                cancellations.add(call.cancelled());
                var answer = new CompletableFuture<RpcAnswer>();
                open.add(answer);
                return answer;
            });
    private AcceptedInMemory connection = connect(LinkSettings.defaults());

    @Test
    void aConnectionThatSaysNothingIsClosedAfterTheHandshakeTimeoutAndNotBefore() {
        connection.pass(Duration.ofSeconds(5).minus(INSTANT));
        assertThat(connection.isOpen()).isTrue();
        connection.pass(INSTANT);
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.HANDSHAKE_TIMEOUT)).isOne();
    }

    @Test
    void theDeadlineCoversTlsAndTheByteInsideItTogether() throws Exception {
        connection = new AcceptedInMemory(LinkSettings.defaults(), new TestTls().server(1, b -> b), endpoints);
        connection.receive(new byte[] {3});
        connection.pass(Duration.ofSeconds(4));
        connection.receive(new byte[] {0x16, 3, 1});
        connection.pass(Duration.ofSeconds(1));
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.HANDSHAKE_TIMEOUT)).isOne();
    }

    @Test
    void aPlainConnectionMayIdleForeverAfterItsByteAndAMultiplexedOneForAsLongAsItAnswersKeepalives() {
        connection.receive(new byte[] {0});
        connection.pass(Duration.ofHours(1));
        assertThat(connection.isOpen()).isTrue();

        connection = connect(LinkSettings.defaults());
        connection.receive(new byte[] {4});
        connection.pass(Duration.ofSeconds(39));
        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.read()).startsWith(0, 2, 0, 1);
        connection.pass(Duration.ofSeconds(4));
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.KEEP_ALIVE)).isOne();
    }

    @Test
    void tlsIsAnsweredByTheAlertOfARealServerWhereThereIsNoCertificate() {
        connection.receive(new byte[] {3});
        assertThat(connection.read()).containsExactly(0x15, 3, 1, 0, 2, 2, 0x70);
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.NO_TLS)).isOne();
    }

    @Test
    void plaintextIsClosedWithoutAByteWhereIncomingConnectionsAreVerified() throws Exception {
        var verified = new TestTls().server(1, TestTls::verified);
        for (int octet : new int[] {0, 1, 2, 4, 5, 6, 8, 9, 200}) {
            connection = new AcceptedInMemory(LinkSettings.defaults(), verified, endpoints);
            connection.receive(new byte[] {(byte) octet});
            assertThat(connection.isOpen()).as("%s", octet).isFalse();
            assertThat(connection.read()).as("%s", octet).isEmpty();
            assertThat(connection.counters.refused(LinkRefusal.PLAINTEXT)).isOne();
        }
    }

    @Test
    void nativeTlsIsAnUnknownByteWithoutCertificates() {
        connection.receive(new byte[] {0x16, 3, 1, 0, 5});
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.UNKNOWN_TYPE)).isOne();
    }

    @Test
    void aRequestAboveTheMaximumEndsTheConnectionThatIsItsOnlyStream() {
        connection = connect(with(4_096, 1 << 20, 256, 4_096));
        connection.receive(plain("T.Echo", Octets.hex("db00002000")));
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.TOO_BIG)).isOne();
        assertThat(connection.counters.bufferedBytes()).isZero();
    }

    @Test
    void nestingThatIsTooDeepAndWhatIsNoMsgpackEndTheConnection() {
        connection.receive(plain("T.Echo", Octets.hex("91".repeat(17))));
        assertThat(connection.counters.refused(LinkRefusal.TOO_BIG)).isOne();
        assertThat(connection.isOpen()).isFalse();

        connection = connect(LinkSettings.defaults());
        connection.receive(new byte[] {0, (byte) 0xc1});
        assertThat(connection.counters.refused(LinkRefusal.MALFORMED)).isOne();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void requestsThatNeverBecomeWholeHoldNoMoreThanTheMaximumInSum() {
        connection = connect(with(4 << 20, 1 << 20, 256, 4_096));
        connection.receive(plain("T.Echo", Octets.hex("db00200000")));
        byte[] piece = new byte[64 << 10];
        for (int i = 0; i < 15; i++) {
            connection.receive(piece);
        }
        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.counters.bufferedBytes()).isBetween(15L * piece.length, 1L << 20);
        connection.receive(piece);
        connection.receive(piece);
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.counters.refused(LinkRefusal.BUFFERED)).isOne();
        assertThat(connection.counters.bufferedBytes()).isZero();
    }

    @Test
    void whatComesWhileACallIsAnsweredIsNotReadBeyondAWindow() {
        connection.receive(plain("T.Wait", EMPTY_MAP));
        connection.receive(new byte[YamuxSettings.INITIAL_WINDOW_BYTES]);
        assertThat(connection.core.takesInput()).isFalse();
        open.get(0).complete(new RpcAnswer.Fault("over"));
        connection.settle();
        assertThat(connection.core.takesInput()).isTrue();
    }

    @Test
    void nothingIsReadWhileMuchWasAnsweredAndNotTaken() {
        connection.receive(new byte[] {0});
        Octets big = Octets.wrap(new byte[(1 << 20) + 5]);
        big.array()[0] = (byte) 0xc6;
        ByteBuffer.wrap(big.array()).putInt(1, 1 << 20);
        byte[] request = new RequestHeader(1, "T.Echo").encode(big).toArray();
        connection.core.received(request, 0, request.length, 0);
        assertThat(connection.core.takesInput()).isFalse();
        connection.settle();
        assertThat(connection.core.takesInput()).isTrue();
    }

    @Test
    void aSurplusStreamIsResetAndTheOthersGoOn() {
        connection = connect(with(4_096, 1 << 20, 2, 3));
        var peer = new Peer();
        int first = peer.call("T.Wait");
        int second = peer.call("T.Wait");
        int third = peer.call("T.Wait");
        int fourth = peer.call("T.Wait");
        peer.exchange();
        assertThat(peer.resets).containsExactly(fourth);
        assertThat(connection.counters.serving()).isEqualTo(3);
        for (var answer : open) {
            answer.complete(new RpcAnswer.Fault("over"));
        }
        peer.exchange();
        assertThat(peer.answered).containsExactly(first, second, third);
        assertThat(connection.counters.serving()).isZero();
    }

    @Test
    void whoResetsAStreamCancelsItsCallAndNoOther() {
        connection.receive(new byte[] {4});
        var peer = new Peer();
        int first = peer.call("T.Wait");
        peer.call("T.Wait");
        peer.exchange();
        List<String> told = new ArrayList<>();
        cancellations.get(0).onCancel(() -> told.add("first"));
        cancellations.get(1).onCancel(() -> told.add("second"));
        peer.session.reset(first);
        peer.exchange();
        assertThat(told).containsExactly("first");
        assertThat(cancellations.get(0).isCancelled()).isTrue();
        assertThat(cancellations.get(1).isCancelled()).isFalse();

        connection.inputEnded();
        assertThat(told).containsExactly("first", "second");
        assertThat(connection.counters.serving()).isZero();
    }

    @Test
    void anEndpointThatThrowsIsAnInternalErrorAndTheStreamStaysUsable() {
        connection.receive(plain("T.Throws", EMPTY_MAP));
        assertThat(new String(connection.read(), StandardCharsets.ISO_8859_1)).contains("internal error");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void aBodyThatAnEndpointCannotReadEndsTheStreamAfterTheError() {
        connection.receive(plain("T.Misread", EMPTY_MAP));
        assertThat(new String(connection.read(), StandardCharsets.ISO_8859_1)).contains("what?");
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aDrainedConnectionServesWhatIsUnderWayAndWhatCrossesAndThenCloses() {
        connection.receive(new byte[] {4});
        var peer = new Peer();
        peer.call("T.Wait");
        peer.exchange();
        connection.place.offer(ServingOrder.Drain.DRAIN);
        int crossing = peer.call("T.Echo");
        peer.exchange();
        assertThat(peer.goneAway).containsExactly(0);
        assertThat(peer.answered).containsExactly(crossing);
        assertThat(connection.isOpen()).isTrue();

        open.get(0).complete(new RpcAnswer.Fault("over"));
        peer.exchange();
        assertThat(peer.answered).hasSize(2);
        peer.finishAll();
        peer.exchange();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aDrainedConnectionIsClosedAtTheDrainTimeoutAtTheLatest() {
        connection.receive(new byte[] {4});
        var peer = new Peer();
        peer.call("T.Wait");
        peer.exchange();
        connection.place.offer(ServingOrder.Drain.DRAIN);
        peer.exchange();
        connection.pass(Duration.ofSeconds(10).minus(INSTANT));
        assertThat(connection.isOpen()).isTrue();
        connection.pass(INSTANT);
        assertThat(connection.isOpen()).isFalse();
        assertThat(cancellations.get(0).isCancelled()).isTrue();
    }

    @Test
    void anAddressHasNoMoreThanItsConnectionsAndGetsThemBack() {
        var settings = LinkSettings.defaults();
        var counters = new LinkCounters();
        var all = new AcceptedConnections(settings, counters);
        var one = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        List<Accepted> places = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var admission = all.admit(one, 0);
            assertThat(admission.verdict()).isEqualTo(AcceptedConnections.Verdict.ADMITTED);
            places.add(admission.place());
        }
        assertThat(all.admit(one, 0).verdict()).isEqualTo(AcceptedConnections.Verdict.TOO_MANY_OF_ADDRESS);
        assertThat(all.admit(at(0, 2), 0).verdict()).isEqualTo(AcceptedConnections.Verdict.ADMITTED);
        places.get(0).isHeard();
        places.get(0).isServed();
        places.get(0).leave();
        places.get(1).leave();
        places.get(1).leave();
        assertThat(all.admit(one, 0).verdict()).isEqualTo(AcceptedConnections.Verdict.ADMITTED);
        assertThat(all.admit(one, 0).verdict()).isEqualTo(AcceptedConnections.Verdict.ADMITTED);
        assertThat(all.admit(one, 0).verdict()).isEqualTo(AcceptedConnections.Verdict.TOO_MANY_OF_ADDRESS);
        assertThat(counters.handshaking()).isEqualTo(101);
        assertThat(counters.open()).isZero();
    }

    @Test
    void whoHasSaidNothingGivesWayFirstThenWhoIsInItsHandshakeAndWhoIsServedStays() {
        var counters = new LinkCounters();
        var all = new AcceptedConnections(LinkSettings.defaults(), counters);
        List<Accepted> places = new ArrayList<>();
        for (int i = 0; i < 1_024; i++) {
            places.add(all.admit(at(1, 1 + i % 250), 0).place());
        }
        places.get(0).isHeard();
        places.get(0).isServed();
        all.admit(at(2, 1), 0);
        assertThat(counters.refused(LinkRefusal.DISPLACED)).isZero();
        all.admit(at(2, 1), 0);
        assertThat(counters.refused(LinkRefusal.DISPLACED)).isOne();
        assertThat(places.get(1).isDisplaced()).isTrue();
        assertThat(places.get(0).isDisplaced()).isFalse();
        places.get(2).isHeard();
        all.admit(at(2, 1), 0);
        assertThat(places.get(2).isDisplaced()).isFalse();
        assertThat(places.get(3).isDisplaced()).isTrue();
        places.forEach(Accepted::isHeard);
        for (int i = 0; i < 4; i++) {
            all.admit(at(2, 2), 0).place().isHeard();
        }
        assertThat(places.get(2).isDisplaced())
                .as("after three newcomers that are silent")
                .isTrue();
        assertThat(counters.handshaking()).isEqualTo(1_024);
        assertThat(counters.open()).isOne();
    }

    @Test
    void aDisplacedConnectionIsClosed() {
        connection.place.displace();
        connection.settle();
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void whatAPeerSaysCannotForgeLinesOfTheLog() {
        String line = LinkLog.line(
                "rpc: can't find service a\nb\u001b[31m" + "x".repeat(1_000),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 5));
        assertThat(line).doesNotContain("\n").doesNotContain("\u001b").hasSizeLessThan(310);
    }

    private static InetSocketAddress at(int third, int fourth) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, (byte) third, (byte) fourth}), 1);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private AcceptedInMemory connect(LinkSettings settings) {
        return new AcceptedInMemory(settings, TlsSnapshot.none(), endpoints);
    }

    private static byte[] plain(String method, Octets body) {
        byte[] request = new RequestHeader(1, method).encode(body).toArray();
        return ByteBuffer.allocate(1 + request.length)
                .put((byte) 0)
                .put(request)
                .array();
    }

    private static LinkSettings with(int maxMessage, long maxBuffered, int backlog, int maxStreams) {
        LinkSettings d = LinkSettings.defaults();
        return new LinkSettings(
                d.connectTimeout(),
                d.handshakeTimeout(),
                d.writeTimeout(),
                d.keepAliveInterval(),
                d.drainTimeout(),
                d.linger(),
                d.maxConnectionsPerAddress(),
                d.maxConnections(),
                d.maxHandshakes(),
                backlog,
                maxStreams,
                d.windowBytes(),
                maxMessage,
                maxBuffered,
                d.maxCallsInFlight(),
                d.maxIdleStreams());
    }

    /** The dialling side, played by a session of its own. */
    private final class Peer implements YamuxEvents {
        final YamuxSession session = YamuxSession.client(YamuxSettings.defaults());
        final List<Integer> answered = new ArrayList<>();
        final List<Integer> resets = new ArrayList<>();
        final List<Integer> goneAway = new ArrayList<>();
        private final List<Integer> mine = new ArrayList<>();
        private boolean begun =
                connection.core.nextTimerNanos() != Duration.ofSeconds(5).toNanos();

        int call(String method) {
            int id = session.open();
            mine.add(id);
            session.write(id, new RequestHeader(id, method).encode(EMPTY_MAP));
            return id;
        }

        void finishAll() {
            mine.forEach(session::finish);
        }

        /** Carries what waits to and fro until nothing does. */
        void exchange() {
            if (!begun) {
                begun = true;
                connection.receive(new byte[] {4});
            }
            var out = new ByteArrayOutputStream();
            do {
                out.reset();
                byte[] bytes = new byte[session.outputLength()];
                session.drain(bytes, 0, bytes.length);
                out.writeBytes(bytes);
                connection.receive(out.toByteArray());
                byte[] back = connection.read();
                session.receive(back, 0, back.length, this);
            } while (session.hasOutput());
        }

        @Override
        public void opened(int id) {
            throw new IllegalStateException("a server opens no streams");
        }

        @Override
        public void data(int id, byte[] array, int offset, int length) {
            answered.add(id);
            session.consumed(id, length);
        }

        @Override
        public void writable(int id) {}

        @Override
        public void finished(int id) {}

        @Override
        public void reset(int id) {
            resets.add(id);
        }

        @Override
        public void pong(int opaque) {}

        @Override
        public void goneAway(int code) {
            goneAway.add(code);
        }
    }
}
