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
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Links on real sockets: how they begin, what they do with half-closed and full ones, and which threads they leave behind. */
final class LinkSocketTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int PATIENCE_SECONDS = 60;
    private static final Octets BODY = Octets.hex("80");
    private static final int ANSWER_BYTES = 20 << 20;

    private final LinkCounters counters = new LinkCounters();
    private final CompletableFuture<InetAddress> caller = new CompletableFuture<>();
    private final Octets huge =
            new MsgpackWriter(16).bytes(Octets.wrap(new byte[ANSWER_BYTES])).toOctets();
    private final Endpoints endpoints = Endpoints.none()
            .with("T.Echo", PeerRole.UNPROVEN, call -> {
                caller.complete(call.source().getAddress());
                return CompletableFuture.completedFuture(new RpcAnswer.Reply(call.body()));
            })
            .with("T.Huge", PeerRole.UNPROVEN, call -> CompletableFuture.completedFuture(new RpcAnswer.Reply(huge)));

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    @Test
    void aDialThatNobodyAnswersEndsByItsTime() throws Exception {
        List<SocketChannel> fill = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress to =
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), full.getLocalPort());
            // The kernel drops what comes once its queue is full.
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(to);
                fill.add(channel);
            }
            assertThat(refusal(dial(to, Optional.empty(), Duration.ofMillis(200))))
                    .isEqualTo("dial tcp 127.0.0.1:" + to.getPort() + ": i/o timeout");
        } finally {
            for (SocketChannel channel : fill) {
                channel.close();
            }
        }
        assertThat(counters.dialsFailed()).isOne();
    }

    @Test
    void aDialToWhereNoWayLeadsSaysSo() throws Exception {
        assertThat(refusal(
                        dial(new InetSocketAddress("255.255.255.255", 8300), Optional.empty(), Duration.ofSeconds(30))))
                .isEqualTo("dial tcp 255.255.255.255:8300: network is unreachable");
        assertThat(refusal(dial(
                        InetSocketAddress.createUnresolved("nobody.test", 8300),
                        Optional.empty(),
                        Duration.ofSeconds(30))))
                .isEqualTo("dial tcp nobody.test:8300: no such host");
    }

    @Test
    void aLinkComesFromTheAddressThatWasAskedForOrNotAtAll() throws Exception {
        RpcListener listener = listen(KIT.system(), LinkSettings.defaults());
        RpcLink link = linked(
                dial(listener.address(), Optional.of(new InetSocketAddress("127.0.0.9", 0)), Duration.ofSeconds(30)));
        assertThat(call(link)).isEqualTo(new RpcResult.Answered(BODY));
        assertThat(caller.join().getHostAddress()).isEqualTo("127.0.0.9");
        DialResult elsewhere =
                dial(listener.address(), Optional.of(new InetSocketAddress("192.0.2.1", 0)), Duration.ofSeconds(30));
        assertThat(refusal(elsewhere))
                .isEqualTo("dial tcp 127.0.0.1:" + listener.address().getPort() + ": cannot assign requested address");
    }

    @Test
    void whoSendsNoMoreIsStillAnswered() throws Exception {
        RpcListener listener = listen(KIT.system(), LinkSettings.defaults());
        try (Socket socket = connect(listener)) {
            socket.getOutputStream().write(request("T.Echo"));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("T.Echo");
        }
        await(() -> counters.open() == 0);
    }

    @Test
    void whatWasSaidLastIsReadByAPeerThatHasSentMoreThanWasTaken() throws Exception {
        RpcListener listener = listen(KIT.system(), LinkSettings.defaults());
        for (int i = 0; i < 20; i++) {
            try (Socket socket = connect(listener)) {
                socket.getOutputStream().write(request("T.Missing"));
                byte[] more = new byte[256 << 10];
                try {
                    socket.getOutputStream().write(more);
                } catch (IOException late) {
                    // It may have been closed meanwhile; what it said is there all the same.
                }
                // A reset would take the answer away.
                assertThat(new String(socket.getInputStream().readNBytes(50), StandardCharsets.ISO_8859_1))
                        .contains("T.Missing");
            }
        }
    }

    @Test
    void anAnswerGetsThroughASocketThatIsFullAgainAndAgain() throws Exception {
        RpcListener listener = listen(KIT.system(), LinkSettings.defaults());
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4 << 10);
            socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
            socket.connect(listener.address());
            socket.getOutputStream().write(request("T.Huge"));
            var in = new DataInputStream(socket.getInputStream());
            byte[] piece = new byte[64 << 10];
            // Nothing was lost, repeated or moved: zeros to the end, behind the headers.
            byte[] head = in.readNBytes(64 << 10);
            int rest = ANSWER_BYTES - (64 << 10);
            for (int left = rest; left > piece.length; left -= piece.length) {
                in.readFully(piece);
                assertThat(piece).containsOnly(0);
            }
            assertThat(head).isNotEqualTo(piece);
        }
        await(() -> counters.open() == 0);
        assertThat(counters.refused(LinkRefusal.WRITE_TIMEOUT)).isZero();
    }

    @Test
    void callsOfTheFirstMomentAreAnsweredThoughTheLinkMovesToAnotherThread() throws Exception {
        var tls = new TestTls();
        TlsSnapshot served = tls.server(1, TestTls::verified);
        TlsSnapshot dialled = tls.client(1, TestTls::verified);
        RpcListener listener = RpcListener.bind(
                        KIT.system(), loopback(), LinkSettings.defaults(), () -> served, () -> endpoints, counters)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Dialer dialer = Dialer.create(KIT.system(), LinkSettings.defaults(), () -> dialled, counters);
        var answers = new ConcurrentLinkedQueue<CompletableFuture<RpcResult>>();
        for (int i = 0; i < 60; i++) {
            CompletableFuture<DialResult> dial = dialer.dial(
                            listener.address(), Optional.empty(), PeerRole.SERVER, true)
                    .toCompletableFuture();
            // Both on the link's thread, as soon as it is there, and on another, while it moves.
            CompletableFuture<Void> onItsThread = dial.thenAccept(result -> {
                for (int call = 0; call < 10; call++) {
                    answers.add(linked(result).call(new RpcRequest("T.Echo", BODY, Duration.ofMinutes(1))));
                }
            });
            RpcLink link = linked(dial.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            for (int call = 0; call < 10; call++) {
                answers.add(link.call(new RpcRequest("T.Echo", BODY, Duration.ofMinutes(1))));
            }
            onItsThread.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (CompletableFuture<RpcResult> answer : answers) {
                assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(new RpcResult.Answered(BODY));
            }
            answers.clear();
            link.drain();
            assertThat(link.ended()
                            .toCompletableFuture()
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .orderly())
                    .isTrue();
        }
    }

    @Test
    void systemsOfOneProcessHaveTheirOwnThreadsAndLeaveNoneBehind() throws Exception {
        List<ActorSystem<Void>> systems = new ArrayList<>();
        List<RpcLink> links = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "embedded" + i);
            systems.add(system);
            RpcListener listener = listen(system, LinkSettings.defaults());
            links.add(linked(Dialer.create(system, LinkSettings.defaults(), TlsSnapshot::none, counters)
                    .dial(listener.address(), Optional.empty(), PeerRole.SERVER, false)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
        }
        for (RpcLink link : links) {
            assertThat(call(link)).isEqualTo(new RpcResult.Answered(BODY));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(threads("embedded" + i)).anyMatch(name -> name.contains("sotto.rpc.link-dispatcher"));
            systems.get(i).terminate();
            systems.get(i).getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(links.get(i)
                            .ended()
                            .toCompletableFuture()
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .orderly())
                    .isFalse();
            String name = "embedded" + i;
            await(() -> threads(name).isEmpty());
            for (int other = i + 1; other < 3; other++) {
                assertThat(call(links.get(other))).isEqualTo(new RpcResult.Answered(BODY));
            }
        }
        await(() -> counters.open() == 0 && counters.linked() == 0);
    }

    @Test
    void aPortIsFreeAgainOnceItsListenerIsUnbound() throws Exception {
        RpcListener listener = listen(KIT.system(), LinkSettings.defaults());
        RpcLink link = linked(dial(listener.address(), Optional.empty(), Duration.ofSeconds(30)));
        for (int i = 0; i < 20; i++) {
            assertThat(listener.unbind().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(Done.getInstance());
            listener = RpcListener.bind(
                            KIT.system(),
                            listener.address(),
                            LinkSettings.defaults(),
                            TlsSnapshot::none,
                            () -> endpoints,
                            counters)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(call(link)).isEqualTo(new RpcResult.Answered(BODY));
    }

    private static Set<String> threads(String system) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(system + "-sotto.rpc."))
                .collect(Collectors.toSet());
    }

    private static byte[] request(String method) {
        byte[] request = new RequestHeader(1, method).encode(BODY).toArray();
        byte[] bytes = new byte[1 + request.length];
        System.arraycopy(request, 0, bytes, 1, request.length);
        return bytes;
    }

    private static Socket connect(RpcListener listener) throws Exception {
        Socket socket =
                new Socket(listener.address().getAddress(), listener.address().getPort());
        socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
        return socket;
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private RpcListener listen(ActorSystem<?> system, LinkSettings settings) throws Exception {
        return RpcListener.bind(system, loopback(), settings, TlsSnapshot::none, () -> endpoints, counters)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private DialResult dial(InetSocketAddress to, Optional<InetSocketAddress> from, Duration connectTimeout)
            throws Exception {
        return Dialer.create(KIT.system(), settings(connectTimeout), TlsSnapshot::none, counters)
                .dial(to, from, PeerRole.SERVER, false)
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static RpcLink linked(DialResult result) {
        assertThat(result).isInstanceOf(DialResult.Linked.class);
        return ((DialResult.Linked) result).link();
    }

    private static String refusal(DialResult result) {
        assertThat(result).isInstanceOf(DialResult.NotLinked.class);
        return ((DialResult.NotLinked) result).reason();
    }

    private static RpcResult call(RpcLink link) throws Exception {
        return link.call(new RpcRequest("T.Echo", BODY, Duration.ofMinutes(1))).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) {
        KIT.createTestProbe().awaitAssert(Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return Done.getInstance();
        });
    }

    private static LinkSettings settings(Duration connectTimeout) {
        LinkSettings d = LinkSettings.defaults();
        return new LinkSettings(
                connectTimeout,
                d.handshakeTimeout(),
                d.writeTimeout(),
                d.keepAliveInterval(),
                d.drainTimeout(),
                d.linger(),
                d.maxConnectionsPerAddress(),
                d.maxConnections(),
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
