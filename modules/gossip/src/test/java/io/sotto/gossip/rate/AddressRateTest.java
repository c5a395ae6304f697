package io.sotto.gossip.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressRateTest {
    private static final long SECOND = 1_000_000_000L;
    /** Clocks may begin anywhere, also below zero. */
    private static final long START = Long.MIN_VALUE + 17;

    @Test
    void admitsABurstAndThenTheRate() throws UnknownHostException {
        AddressRate rate = AddressRate.create(10, 3, 1);
        InetAddress host = address("10.0.0.1");

        assertThat(admitted(rate, host, 5, START)).isEqualTo(3);
        assertThat(admitted(rate, host, 5, START + SECOND / 10)).isEqualTo(1);
        assertThat(admitted(rate, host, 5, START + SECOND)).isEqualTo(3);
    }

    @Test
    void countsEachIpv4AddressForItself() throws UnknownHostException {
        AddressRate rate = AddressRate.create(1, 2, 1);

        assertThat(admitted(rate, address("10.0.0.1"), 9, START)).isEqualTo(2);
        assertThat(admitted(rate, address("10.0.0.2"), 9, START)).isEqualTo(2);
        assertThat(admitted(rate, address("10.0.0.1"), 9, START)).isZero();
    }

    @Test
    void countsIpv6AddressesOfOneNetworkTogether() throws UnknownHostException {
        AddressRate rate = AddressRate.create(1, 2, 1);

        assertThat(admitted(rate, address("fd00:0:0:1::1"), 1, START)).isEqualTo(1);
        assertThat(admitted(rate, address("fd00:0:0:1:ffff::2"), 9, START)).isEqualTo(1);
        assertThat(admitted(rate, address("fd00:0:0:2::1"), 9, START)).isEqualTo(2);
    }

    @Test
    void remembersWhoFloodsWhenMoreAddressesComeThanItHasPlacesFor() throws UnknownHostException {
        AddressRate rate = AddressRate.create(10, 100, 7);
        InetAddress flooder = address("10.0.0.1");
        assertThat(admitted(rate, flooder, 1_000, START)).isEqualTo(100);

        for (int i = 0; i < 10 * AddressRate.PLACES; i++) {
            InetAddress once = InetAddress.getByAddress(new byte[] {11, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
            assertThat(rate.admits(once, START)).isTrue();
        }

        assertThat(admitted(rate, flooder, 1_000, START)).isZero();
    }

    @Test
    void admitsEverythingAtARateOfZero() throws UnknownHostException {
        AddressRate rate = AddressRate.create(0, 1, 1);

        assertThat(admitted(rate, address("10.0.0.1"), 100_000, START)).isEqualTo(100_000);
    }

    @Test
    void refusesARateOrABurstThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRate.create(-1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRate.create(1, 0, 1));
    }

    @Test
    void aBucketOfItsOwnFollowsTheSameRule() {
        TokenBucket bucket = TokenBucket.create(50, 4_096);

        assertThat(admitted(bucket, 5_000, START)).isEqualTo(4_096);
        assertThat(admitted(bucket, 5_000, START + SECOND)).isEqualTo(50);
        assertThat(admitted(TokenBucket.create(0, 1), 5_000, START)).isEqualTo(5_000);
    }

    private static int admitted(AddressRate rate, InetAddress address, int times, long now) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += rate.admits(address, now) ? 1 : 0;
        }
        return admitted;
    }

    private static int admitted(TokenBucket bucket, int times, long now) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += bucket.admits(now) ? 1 : 0;
        }
        return admitted;
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }
}
