package io.sotto.rpc.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.PeerRole;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.Endpoints;
import io.sotto.rpc.RpcAnswer;
import io.sotto.rpc.RpcRequest;
import io.sotto.wire.Octets;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

/** Bounds of a connection that are settings, each at another value than its default. */
final class LinkBoundsTest {
    private static final Octets EMPTY_MAP = Octets.hex("80");
    private static final Duration TIME = Duration.ofSeconds(9);

    private final List<CompletableFuture<RpcAnswer>> open = new ArrayList<>();
    private final Endpoints endpoints = Endpoints.none().with("T.Wait", PeerRole.UNPROVEN, call -> {
        var answer = new CompletableFuture<RpcAnswer>();
        open.add(answer);
        return answer;
    });

    @Test
    void asManyStreamsAreKeptForLaterCallsAsMayIdleAndNoMore() {
        var pair = new LinkPair(
                settings("max-idle-streams = 3"), TlsSnapshot.none(), TlsSnapshot.none(), false, endpoints);
        List<Integer> first = callsAtOnce(pair, 5);
        assertThat(first).containsExactly(1, 3, 5, 7, 9);

        List<Integer> second = callsAtOnce(pair, 5);

        assertThat(second)
                .as("three that idled, the last one first, and two new ones")
                .containsExactly(5, 3, 1, 11, 13);
    }

    @Test
    void whoDoesNotCloseAfterAnEndIsClosedOnceTheLingerIsOver() throws Exception {
        ActorTestKit kit = ActorTestKit.create();
        LinkCounters counters = new LinkCounters();
        try {
            RpcListener listener = RpcListener.bind(
                            kit.system(),
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            settings("linger = 100ms"),
                            TlsSnapshot::none,
                            Endpoints::none,
                            counters)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            try (Socket socket = new Socket(
                    listener.address().getAddress(), listener.address().getPort())) {
                socket.getOutputStream().write(0);
                // {"Seq": 1, "ServiceMethod": "No.Such"}, and nothing.
                socket.getOutputStream().write(0x82);
                text(socket, "Seq");
                socket.getOutputStream().write(1);
                text(socket, "ServiceMethod");
                text(socket, "No.Such");
                socket.getOutputStream().write(0x80);
                InputStream in = socket.getInputStream();
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("can't find service No.Such");

                kit.createTestProbe().awaitAssert(Duration.ofSeconds(30), () -> {
                    assertThat(counters.open()).isZero();
                    return Done.getInstance();
                });
                assertThat(socket.isClosed()).isFalse();
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    /** The streams of so many calls, which are all under way before the first is answered. */
    private List<Integer> callsAtOnce(LinkPair pair, int count) {
        List<LinkCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(pair.link.make(new RpcRequest("T.Wait", EMPTY_MAP, TIME), null));
        }
        pair.exchange();
        open.forEach(answer -> answer.complete(new RpcAnswer.Reply(EMPTY_MAP)));
        open.clear();
        pair.exchange();
        assertThat(calls).allMatch(CompletableFuture::isDone);
        return calls.stream().map(call -> call.stream).toList();
    }

    private static void text(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(0xa0 + text.length());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LinkSettings settings(String other) {
        return LinkSettings.from(ConfigFactory.parseString(other)
                .withFallback(ConfigFactory.defaultReference().getConfig("sotto.rpc")));
    }
}
