package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.rpc.RpcResult;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.rpc.RequestHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What sockets and streams add to the cores: bounds that only they know, and back-pressure. */
final class LinkStageTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Octets EMPTY_MAP = Octets.hex("80");

    private final LinkCounters counters = new LinkCounters();
    private final AtomicInteger made = new AtomicInteger();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Octets large =
            new MsgpackWriter(16).bytes(Octets.wrap(new byte[16 << 10])).toOctets();
    private final Octets huge =
            new MsgpackWriter(16).bytes(Octets.wrap(new byte[30 << 20])).toOctets();
    private final Endpoints endpoints = Endpoints.none()
            .with("T.Huge", PeerRole.UNPROVEN, call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(huge)))
            .with(
                    "T.Endless",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Streamed(
                            Source.repeat(large)
                                    .map(part -> {
                                        made.incrementAndGet();
                                        return part;
                                    })
                                    .watchTermination((nothing, done) ->
                                            done.whenComplete((d, failure) -> stopped.complete(null))),
                            Throwable::getMessage)))
            .with(
                    "T.Breaks",
                    PeerRole.UNPROVEN,
                    call -> CompletableFuture.completedFuture(new RpcAnswer.Streamed(
                            Source.range(1, 3).map(part -> {
                                if (part == 3) {
                                    throw new IllegalStateException("out of parts");
                                }
                                return EMPTY_MAP;
                            }),
                            Throwable::getMessage)));

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    @Test
    void whoTakesNothingOfItsAnswerIsDropped() throws Exception {
        RpcListener listener = listen(settings(Duration.ofMillis(200), 100, 100));
        try (Socket socket = connect(listener)) {
            byte[] request = new RequestHeader(1, "T.Huge").encode(EMPTY_MAP).toArray();
            socket.getOutputStream().write(0);
            socket.getOutputStream().write(request);
            await(() -> counters.refused(LinkRefusal.WRITE_TIMEOUT) == 1);
            await(() -> counters.open() == 0);
        }
    }

    @Test
    void aConnectionBeyondThoseOfItsAddressIsClosedAtOnceAndTheOthersGoOn() throws Exception {
        RpcListener listener = listen(settings(Duration.ofSeconds(10), 2, 100));
        try (Socket first = connect(listener);
                Socket second = connect(listener);
                Socket third = connect(listener)) {
            assertThat(closed(third)).isTrue();
            assertThat(List.of(first, second)).allMatch(Socket::isConnected);
            assertThat(counters.refused(LinkRefusal.TOO_MANY_OF_ADDRESS)).isOne();
            assertThat(counters.handshaking()).isEqualTo(2);
        }
        await(() -> counters.handshaking() == 0);
        assertThat(link(listener).inFlight()).isZero();
    }

    @Test
    void aConnectionBeyondAllIsClosedAtOnce() throws Exception {
        RpcListener listener = listen(settings(Duration.ofSeconds(10), 100, 1));
        link(listener);
        try (Socket second = connect(listener)) {
            assertThat(closed(second)).isTrue();
        }
        assertThat(counters.refused(LinkRefusal.TOO_MANY)).isOne();
    }

    @Test
    void aDialToNobodyFailsInTheWordsOfARealAgent() throws Exception {
        RpcListener listener = listen(LinkSettings.defaults());
        listener.unbind().toCompletableFuture().get(30, TimeUnit.SECONDS);
        DialResult result = dial(listener);
        assertThat(result).isInstanceOfSatisfying(DialResult.NotLinked.class, failed -> {
            assertThat(failed.reason())
                    .isEqualTo("dial tcp 127.0.0.1:" + listener.address().getPort() + ": connection refused");
            assertThat(failed.byPeer()).isFalse();
        });
        assertThat(counters.dialsFailed()).isOne();
    }

    @Test
    void aSeriesIsMadeNoFasterThanItIsTakenAndStopsWhenItsReaderDoes() throws Exception {
        RpcLink link = link(listen(LinkSettings.defaults()));
        var taken = link.streamed(new RpcRequest("T.Endless", EMPTY_MAP, Duration.ofMinutes(1)))
                .runWith(Sink.<Octets>queue(1), KIT.system());
        for (int i = 0; i < 40; i++) {
            assertThat(taken.pull().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .contains(large);
        }
        // The window of the stream, what our side has read of it, and one that is on its way.
        assertThat(made.get()).isBetween(40, 40 + 2 * (256 / 16) + 4);
        taken.cancel();
        stopped.get(30, TimeUnit.SECONDS);
        await(() -> link.inFlight() == 0);
    }

    @Test
    void aSeriesThatFailsTellsWhyAfterItsParts() throws Exception {
        RpcLink link = link(listen(LinkSettings.defaults()));
        var run = link.streamed(new RpcRequest("T.Breaks", EMPTY_MAP, Duration.ofMinutes(1)))
                .toMat(Sink.seq(), Keep.both())
                .run(KIT.system());
        assertThat(run.first().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(new RpcResult.Failed("out of parts"));
        assertThat(run.second().toCompletableFuture().get(30, TimeUnit.SECONDS)).containsExactly(EMPTY_MAP, EMPTY_MAP);
    }

    @Test
    void drainingAllEndsEveryLinkInGoodOrder() throws Exception {
        RpcListener listener = listen(LinkSettings.defaults());
        RpcLink one = link(listener);
        RpcLink other = link(listener);
        listener.drain();
        assertThat(one.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).orderly())
                .isTrue();
        assertThat(other.ended().toCompletableFuture().get(30, TimeUnit.SECONDS).orderly())
                .isTrue();
        await(() -> counters.open() == 0 && counters.linked() == 0);
    }

    private static void await(BooleanSupplier condition) {
        KIT.createTestProbe().awaitAssert(Duration.ofSeconds(30), () -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return Done.getInstance();
        });
    }

    private RpcListener listen(LinkSettings settings) throws Exception {
        return RpcListener.bind(
                        KIT.system(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        settings,
                        TlsSnapshot::none,
                        () -> endpoints,
                        counters)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private RpcLink link(RpcListener listener) throws Exception {
        DialResult result = dial(listener);
        assertThat(result).isInstanceOf(DialResult.Linked.class);
        return ((DialResult.Linked) result).link();
    }

    private DialResult dial(RpcListener listener) throws Exception {
        return Dialer.create(KIT.system(), LinkSettings.defaults(), TlsSnapshot::none, counters)
                .dial(listener.address(), Optional.empty(), PeerRole.SERVER, false)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static Socket connect(RpcListener listener) throws Exception {
        Socket socket =
                new Socket(listener.address().getAddress(), listener.address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static boolean closed(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            return in.read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    private static LinkSettings settings(Duration writeTimeout, int perAddress, int inAll) {
        LinkSettings d = LinkSettings.defaults();
        return new LinkSettings(
                d.connectTimeout(),
                d.handshakeTimeout(),
                writeTimeout,
                d.keepAliveInterval(),
                d.drainTimeout(),
                d.linger(),
                perAddress,
                inAll,
                d.maxHandshakes(),
                d.backlog(),
                d.maxStreams(),
                d.windowBytes(),
                d.maxMessageBytes(),
                d.maxBufferedBytes(),
                d.maxCallsInFlight(),
                d.maxIdleStreams());
    }
}
