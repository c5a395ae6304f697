package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.gossip.network.UdpTcpNetwork;
import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets, more datagrams than are taken: each one read is delivered, refused or counted as dropped. */
class LoopbackFloodTest {
    private static final int WINDOWS = 40;
    private static final int WINDOW = 50;
    private static final Octets HELLO = Octets.hex("0868656c6c6f");
    private static final Octets NOISE = Octets.hex("0e00");

    private final ActorTestKit testKit = ActorTestKit.create();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void accountsForEveryDatagramThatWasRead(String host) throws Exception {
        UdpTcpNetwork network = UdpTcpNetwork.create(NetworkSettings.defaults());
        try (Endpoint target = network.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
                Endpoint sender = network.bind(new InetSocketAddress(InetAddress.getByName(host), 0))) {
            DatapathCounters counters = new DatapathCounters();
            RejectionLog rejections = RejectionLog.create(InstantSource.system(), line -> {});
            int room = 300 * (HELLO.length() + DatagramSource.DATAGRAM_OVERHEAD_BYTES);
            DatapathSettings settings = new DatapathSettings(Limits.defaults(), room, 16, 16, 0, 1);
            // Nobody asks the queue for anything yet, so the stages stand still and what waits reaches its bound.
            SinkQueueWithCancel<List<Inbound>> queue = Datapath.create(
                            WirePolicy::plain, settings, Inspection.counting(rejections), counters, SourceRate::none)
                    .inbound(target)
                    .runWith(
                            Sink.<List<Inbound>>queue().withAttributes(Attributes.inputBuffer(1, 1)), testKit.system());

            flood(sender, target, counters);
            long delivered = 0;
            while (delivered + rejections.total() + counters.inboundDropped() < WINDOWS * WINDOW) {
                delivered += queue.pull()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .orElseThrow()
                        .size();
            }

            assertThat(counters.received()).isEqualTo(WINDOWS * WINDOW);
            assertThat(counters.inboundDropped()).isPositive();
            assertThat(delivered).isPositive();
            assertThat(delivered + rejections.total() + counters.inboundDropped())
                    .isEqualTo(counters.received());
        }
    }

    /** In windows that the kernel's buffer holds, so that nothing is lost before it is read. */
    private void flood(Endpoint sender, Endpoint target, DatapathCounters counters) {
        TestProbe<Object> probe = testKit.createTestProbe();
        for (int window = 1; window <= WINDOWS; window++) {
            for (int i = 0; i < WINDOW; i++) {
                // Every window ends with a message that is delivered, so that waiting for one always ends.
                assertThat(sender.send(target.local(), i % 10 == 0 ? NOISE : HELLO))
                        .isTrue();
            }
            long expected = (long) window * WINDOW;
            probe.awaitAssert(() -> {
                assertThat(counters.received()).isEqualTo(expected);
                return true;
            });
        }
    }
}
