package io.sotto.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "0:0:0:1:2:3:4:5, ::1:2:3:4:5"
    })
    void writesTheCanonicalForm(String address, String canonical) throws UnknownHostException {
        assertThat(IpText.of(Octets.wrap(InetAddress.getByName(address).getAddress())))
                .isEqualTo(canonical);
    }

    @Test
    void writesAnIpv4AddressInSixteenBytesAsIpv4() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        assertThat(IpText.of(Octets.wrap(mapped))).isEqualTo("10.0.0.1");
    }

    @Test
    void showsBytesThatAreNoAddressAsWhatTheyAre() {
        assertThat(IpText.of(Octets.wrap(new byte[] {1, 2}))).startsWith("?");
    }
}
