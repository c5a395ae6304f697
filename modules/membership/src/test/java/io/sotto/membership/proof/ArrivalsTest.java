package io.sotto.membership.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final int PORT = 7_946;
    private static final InetAddress FROM = host(100);

    private final Arrivals arrivals = new Arrivals(3);

    @Test
    void isOverWhenItAnswersWhereItSaysThatItIs() {
        arrivals.keep(arrival(1, 1));
        arrivals.keep(arrival(2, 1));

        assertThat(arrivals.answered(new InetSocketAddress(host(1), PORT + 1))).isEmpty();
        assertThat(arrivals.answered(new InetSocketAddress(host(1), PORT)))
                .extracting(SwimMessage.Alive::node)
                .containsExactly("n1");
        assertThat(arrivals.answered(new InetSocketAddress(host(1), PORT))).isEmpty();
        assertThat(arrivals.size()).isEqualTo(1);
    }

    @Test
    void isOverWhenAnybodyAnswersWhereItsStreamCameFrom() {
        arrivals.keep(arrival(1, 1));
        arrivals.keep(arrival(2, 1));

        assertThat(arrivals.hosts()).containsExactlyInAnyOrder(host(1), host(2), FROM);
        assertThat(arrivals.answered(new InetSocketAddress(FROM, 40_000)))
                .extracting(SwimMessage.Alive::node)
                .containsExactly("n1", "n2");
        assertThat(arrivals.hosts()).isEmpty();
    }

    @Test
    void forgetsTheEldestOfTooMany() {
        assertThat(arrivals.keep(arrival(1, 1))).isFalse();
        assertThat(arrivals.keep(arrival(2, 1))).isFalse();
        assertThat(arrivals.keep(arrival(3, 1))).isFalse();
        assertThat(arrivals.keep(arrival(2, 2))).isFalse();

        assertThat(arrivals.keep(arrival(4, 1))).isTrue();

        assertThat(arrivals.size()).isEqualTo(3);
        assertThat(arrivals.hosts()).doesNotContain(host(1));
    }

    @Test
    void keepsTheLatestRecordOfEach() {
        arrivals.keep(arrival(1, 3));
        arrivals.keep(arrival(1, 2));
        arrivals.keep(arrival(1, 0xffff_ffffL));
        arrivals.keep(arrival(1, 4));

        assertThat(arrivals.answered(new InetSocketAddress(FROM, 40_000)))
                .extracting(SwimMessage.Alive::incarnation)
                .containsExactly(0xffff_ffffL);
    }

    private static Arrivals.Arrival arrival(int at, long incarnation) {
        InetSocketAddress socket = new InetSocketAddress(host(at), PORT);
        return new Arrivals.Arrival(
                new SwimMessage.Alive(
                        incarnation, "n" + at, NodeAddress.of(socket), Octets.empty(), Octets.wrap(new byte[6])),
                socket,
                FROM);
    }

    private static InetAddress host(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are always an address", e);
        }
    }
}
