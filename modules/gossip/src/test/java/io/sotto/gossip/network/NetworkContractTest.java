package io.sotto.gossip.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Network} promises, on loopback sockets of both families and in memory. */
class NetworkContractTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Endpoint> open = new ArrayList<>();

    static Stream<Arguments> networks() {
        Network real = UdpTcpNetwork.create(NetworkSettings.defaults());
        return Stream.of(
                Arguments.of("udp and tcp, IPv4", real, "127.0.0.1"),
                Arguments.of("udp and tcp, IPv6", real, "::1"),
                Arguments.of("in memory", new MemoryNetwork(), "127.0.0.1"));
    }

    @AfterEach
    void close() {
        open.forEach(Endpoint::close);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void bindsAFreePortForBothWhenAskedForPortZero(String name, Network network, String host) throws Exception {
        Endpoint endpoint = bind(network, host, 0);

        assertThat(endpoint.local().getPort()).isPositive();
        assertThat(endpoint.local().getAddress()).isEqualTo(InetAddress.getByName(host));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void refusesATakenPortInTheRealSystemsWords(String name, Network network, String host) throws Exception {
        Endpoint endpoint = bind(network, host, 0);

        assertThatThrownBy(() -> bind(network, host, endpoint.local().getPort()))
                .isInstanceOf(IOException.class)
                .hasMessage("listen tcp " + Hosts.format(endpoint.local()) + ": bind: address already in use");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void bindsAPortAgainOnceItWasClosed(String name, Network network, String host) throws Exception {
        Endpoint endpoint = bind(network, host, 0);
        int port = endpoint.local().getPort();

        endpoint.close();

        assertThat(bind(network, host, port).local().getPort()).isEqualTo(port);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void sendsDatagramsFromTheBoundPortUnaltered(String name, Network network, String host) throws Exception {
        Endpoint one = bind(network, host, 0);
        Endpoint two = bind(network, host, 0);
        Inbox inbox = new Inbox();
        two.receive(inbox);

        assertThat(one.send(two.local(), Octets.hex("0102"))).isTrue();
        assertThat(one.send(two.local(), Octets.empty())).isTrue();
        assertThat(one.send(two.local(), Octets.wrap(new byte[60_000]))).isTrue();

        assertThat(inbox.take()).isEqualTo(new Datagram(one.local(), Octets.hex("0102")));
        assertThat(inbox.take()).isEqualTo(new Datagram(one.local(), Octets.empty()));
        assertThat(inbox.take().bytes().length()).isEqualTo(60_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void sendsNothingOnceClosed(String name, Network network, String host) throws Exception {
        Endpoint one = bind(network, host, 0);
        Endpoint two = bind(network, host, 0);

        one.close();

        assertThat(one.send(two.local(), Octets.hex("01"))).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void carriesBytesBothWaysAndTheEndOfEach(String name, Network network, String host) throws Exception {
        Endpoint server = bind(network, host, 0);
        CompletableFuture<Connection> accepted = new CompletableFuture<>();
        server.accept(accepted::complete);

        Connection client = await(bind(network, host, 0).connect(server.local(), PATIENCE));
        Connection served = await(accepted);
        await(client.write(Octets.hex("0a0b0c")));
        client.finish();

        assertThat(client.remote()).isEqualTo(server.local());
        assertThat(served.remote()).isEqualTo(client.local());
        assertThat(readAll(served)).isEqualTo(Octets.hex("0a0b0c"));
        byte[] large = new byte[200_000];
        large[199_999] = 7;
        CompletableFuture<Octets> answer = CompletableFuture.supplyAsync(() -> readAll(client));
        await(served.write(Octets.copyOf(large)));
        served.close();
        assertThat(await(answer)).isEqualTo(Octets.wrap(large));
        client.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void failsAConnectToAPortWithoutListenerWithTheSystemsWords(String name, Network network, String host)
            throws Exception {
        Endpoint gone = bind(network, host, 0);
        gone.close();
        Endpoint dialler = bind(network, host, 0);

        assertThatThrownBy(() -> await(dialler.connect(gone.local(), PATIENCE)))
                .rootCause()
                .hasMessage("Connection refused");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void failsReadsUnderWayWhenTheConnectionIsClosed(String name, Network network, String host) throws Exception {
        Endpoint server = bind(network, host, 0);
        server.accept(connection -> {});
        Connection client = await(bind(network, host, 0).connect(server.local(), PATIENCE));
        CompletableFuture<Octets> read = client.read().toCompletableFuture();

        client.close();

        assertThatThrownBy(() -> await(read)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void anErrorOfWhoTakesAConnectionClosesThatOneAndTheNextIsTaken() throws Exception {
        Network network = UdpTcpNetwork.create(NetworkSettings.defaults());
        Endpoint server = bind(network, "127.0.0.1", 0);
        Endpoint dialler = bind(network, "127.0.0.1", 0);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        CompletableFuture<Connection> accepted = new CompletableFuture<>();
        server.accept(connection -> {
            if (isFirst.getAndSet(false)) {
                throw new AssertionError("made to fail");
            }
            accepted.complete(connection);
        });

        Connection refused = await(dialler.connect(server.local(), PATIENCE));
        assertThat(readAll(refused)).isEqualTo(Octets.empty());
        await(dialler.connect(server.local(), PATIENCE));

        assertThat(await(accepted).local()).isEqualTo(server.local());
    }

    private Endpoint bind(Network network, String host, int port) throws IOException {
        Endpoint endpoint = network.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        open.add(endpoint);
        return endpoint;
    }

    private static Octets readAll(Connection connection) {
        List<Octets> chunks = new ArrayList<>();
        int length = 0;
        while (true) {
            Octets chunk = awaitUnchecked(connection.read());
            if (chunk.isEmpty()) {
                break;
            }
            chunks.add(chunk);
            length += chunk.length();
        }
        byte[] all = new byte[length];
        int position = 0;
        for (Octets chunk : chunks) {
            position = chunk.copyTo(all, position);
        }
        return Octets.wrap(all);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static <T> T awaitUnchecked(CompletionStage<T> stage) {
        try {
            return await(stage);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Keeps what arrives, in order. */
    private static final class Inbox implements DatagramReceiver {
        private final BlockingQueue<Datagram> datagrams = new LinkedBlockingQueue<>();

        @Override
        public boolean receive(List<Datagram> batch) {
            return datagrams.addAll(batch);
        }

        @Override
        public void lost(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        Datagram take() throws InterruptedException {
            Datagram next = datagrams.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing arrived within " + PATIENCE);
            }
            return next;
        }
    }
}
