package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sotto.gossip.network.Connection;
import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.gossip.network.Endpoint;
import io.sotto.virtualtime.Lane;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of datagrams and streams between two machines. */
class SimNetworkTest {
    private static final Duration MOMENT = Duration.ofMillis(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final VirtualTime virtual = VirtualTime.create("network");
    private final SimNetwork network = new SimNetwork(virtual, new SplittableRandom(4_711));
    private final SimHost a = network.add("a", address(1));
    private final SimHost b = network.add("b", address(2));
    private final Lane laneA = virtual.lane("a");
    private final Lane laneB = virtual.lane("b");
    private final List<String> received = new ArrayList<>();
    private final List<Long> arrivals = new ArrayList<>();
    private Endpoint from;
    private Endpoint to;

    @BeforeEach
    void bind() throws IOException {
        from = network.seenBy(a, laneA).bind(a.address());
        to = network.seenBy(b, laneB).bind(b.address());
        to.receive(receiver());
        network.everyLink(link -> link.latency(Latency.constant(Duration.ofMillis(1))));
    }

    @AfterEach
    void close() {
        virtual.close();
    }

    @Test
    void datagramsTakeTheTimeOfTheirLinkAndAreCounted() {
        send(3);
        virtual.run(MOMENT);
        assertThat(received).containsExactly("0", "1", "2");
        assertThat(arrivals).containsOnly(1_000_000L);
        assertThat(a.traffic().packetsSent()).isEqualTo(3);
        assertThat(a.traffic().bytesSent()).isEqualTo(3);
        assertThat(b.traffic().packetsReceived()).isEqualTo(3);
    }

    @Test
    void aLinkLosesAsManyAsItIsTold() {
        network.link(a, b).loss(0.3);
        sendOverTime(10_000);
        assertThat(received.size()).isCloseTo(7_000, within(200));
        assertThat(a.traffic().packetsLost()).isEqualTo(10_000 - received.size());
    }

    @Test
    void aLinkDoublesAsManyAsItIsTold() {
        network.link(a, b).duplication(0.2);
        sendOverTime(10_000);
        assertThat(received.size()).isCloseTo(12_000, within(200));
    }

    @Test
    void datagramsKeepTheirOrderUnlessTheLinkReordersThem() {
        network.link(a, b).latency(Latency.uniform(Duration.ZERO, Duration.ofMillis(2)));
        sendOverTime(500);
        assertThat(received).hasSize(500).isSortedAccordingTo((x, y) -> Integer.parseInt(x) - Integer.parseInt(y));
        received.clear();
        network.link(a, b).reordering(0.2);
        sendOverTime(500);
        assertThat(received).hasSize(500);
        assertThat(inversions(received)).isGreaterThan(20);
    }

    @Test
    void aCutIsOneWay() {
        network.link(a, b).up(false);
        from.receive(receiver());
        send(1);
        to.send(a.address(), Octets.utf8("back"));
        virtual.run(MOMENT);
        assertThat(received).containsExactly("back");
    }

    @Test
    void settingsOfEveryLinkHoldForMachinesThatComeLater() throws IOException {
        network.everyLink(link -> link.loss(1));
        SimHost late = network.add("late", address(3));
        network.seenBy(late, virtual.lane("late")).bind(late.address()).receive(receiver());
        from.send(late.address(), Octets.utf8("x"));
        virtual.run(MOMENT);
        assertThat(received).isEmpty();
    }

    @Test
    void aPausedProcessReadsWhatItsBufferHeldAndLosesTheRest() {
        laneB.pause();
        send(10_000);
        virtual.run(MOMENT);
        assertThat(received).isEmpty();
        laneB.resume();
        virtual.run(MOMENT);
        assertThat(received).hasSizeBetween(500, 1_000).startsWith("0", "1", "2");
        assertThat(b.traffic().packetsOverrun()).isEqualTo(10_000 - received.size());
    }

    @Test
    void aBlockedMachineSendsAndReceivesOnceItIsUnblocked() {
        from.receive(receiver());
        b.block();
        send(2);
        to.send(a.address(), Octets.utf8("back"));
        virtual.run(MOMENT);
        assertThat(received).isEmpty();
        b.unblock();
        virtual.run(MOMENT);
        assertThat(received).containsExactlyInAnyOrder("0", "1", "back");
    }

    @Test
    void aStreamCarriesBytesInOrderWhateverIsLost() {
        network.everyLink(link -> link.loss(0.3));
        Connection[] pair = connected();
        Octets sent = Octets.wrap(bytes(300_000));
        CompletionStage<?> written = pair[0].write(sent);
        pair[0].finish();
        List<Octets> read = readAll(pair[1]);
        assertThat(written.toCompletableFuture()).isDone();
        assertThat(joined(read)).isEqualTo(sent);
        assertThat(b.traffic().streamBytesReceived()).isEqualTo(300_000);
    }

    @Test
    void aWriterWaitsForAReaderThatDoesNotRead() {
        Connection[] pair = connected();
        CompletionStage<?> small = pair[0].write(Octets.wrap(bytes(100_000)));
        CompletionStage<?> large = pair[0].write(Octets.wrap(bytes(300_000)));
        virtual.run(Duration.ofSeconds(5));
        assertThat(small.toCompletableFuture()).isDone();
        assertThat(large.toCompletableFuture()).isNotDone();
        pair[0].finish();
        readAll(pair[1]);
        assertThat(large.toCompletableFuture()).isDone();
    }

    @Test
    void aConnectionToNobodyIsRefused() {
        to.close();
        assertThat(failure(from.connect(b.address(), TIMEOUT))).isInstanceOf(ConnectException.class);
    }

    @Test
    void aConnectionAcrossACutTimesOutAndOneThatHealsInTimeSucceeds() {
        network.link(b, a).up(false);
        long start = virtual.nanos();
        assertThat(failure(from.connect(b.address(), TIMEOUT))).isInstanceOf(SocketTimeoutException.class);
        assertThat(virtual.nanos() - start).isEqualTo(TIMEOUT.toNanos());
        CompletionStage<Connection> patient = from.connect(b.address(), TIMEOUT);
        virtual.run(Duration.ofSeconds(2));
        network.link(b, a).up(true);
        assertThat(virtual.await(patient, TIMEOUT).remote()).isEqualTo(b.address());
    }

    @Test
    void aPausedProcessIsConnectedToAndReadsWhenItIsResumed() {
        List<Connection> accepted = new ArrayList<>();
        to.accept(accepted::add);
        laneB.pause();
        virtual.await(from.connect(b.address(), TIMEOUT), TIMEOUT);
        assertThat(accepted).isEmpty();
        laneB.resume();
        virtual.run(MOMENT);
        assertThat(accepted).hasSize(1);
    }

    @Test
    void theEndOfAProcessResetsItsConnections() {
        Connection[] pair = connected();
        CompletionStage<Octets> read = pair[0].read();
        to.close();
        assertThat(failure(read)).isInstanceOf(IOException.class).hasMessage("connection reset by peer");
    }

    @Test
    void aPortIsBoundOnceAndOnlyWhereItIs() {
        assertThatThrownBy(() -> network.seenBy(a, laneA).bind(a.address())).hasMessageContaining("already in use");
        assertThatThrownBy(() -> network.seenBy(a, laneA).bind(b.address())).hasMessageContaining("cannot assign");
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            from.send(b.address(), Octets.utf8(String.valueOf(i % 10)));
        }
    }

    private void sendOverTime(int count) {
        for (int i = 0; i < count; i++) {
            from.send(b.address(), Octets.utf8(String.valueOf(i)));
            virtual.run(Duration.ofNanos(100_000));
        }
        virtual.run(MOMENT);
    }

    private Connection[] connected() {
        List<Connection> accepted = new ArrayList<>();
        to.accept(accepted::add);
        Connection dialled = virtual.await(from.connect(b.address(), Duration.ofMinutes(2)), Duration.ofMinutes(3));
        virtual.run(MOMENT);
        return new Connection[] {dialled, accepted.get(0)};
    }

    private List<Octets> readAll(Connection connection) {
        List<Octets> all = new ArrayList<>();
        for (Octets next = read(connection); !next.isEmpty(); next = read(connection)) {
            all.add(next);
        }
        return all;
    }

    private Octets read(Connection connection) {
        return virtual.await(connection.read(), Duration.ofMinutes(10));
    }

    private Throwable failure(CompletionStage<?> stage) {
        try {
            virtual.await(stage, Duration.ofMinutes(1));
            throw new AssertionError("it did not fail");
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private DatagramReceiver receiver() {
        return new DatagramReceiver() {
            @Override
            public boolean receive(List<Datagram> batch) {
                for (Datagram datagram : batch) {
                    received.add(new String(datagram.bytes().toArray(), StandardCharsets.UTF_8));
                    arrivals.add(virtual.nanos());
                }
                return true;
            }

            @Override
            public void lost(Throwable cause) {
                throw new IllegalStateException(cause);
            }
        };
    }

    private static int inversions(List<String> numbers) {
        int count = 0;
        for (int i = 1; i < numbers.size(); i++) {
            count += Integer.parseInt(numbers.get(i)) < Integer.parseInt(numbers.get(i - 1)) ? 1 : 0;
        }
        return count;
    }

    private static Octets joined(List<Octets> parts) {
        byte[] all = new byte[parts.stream().mapToInt(Octets::length).sum()];
        int at = 0;
        for (Octets part : parts) {
            at = part.copyTo(all, at);
        }
        return Octets.wrap(all);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    private static InetSocketAddress address(int last) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last}), 7_946);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
