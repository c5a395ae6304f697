package io.sotto.membership.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedNetworksTest {
    private static final Octets TEN = Octets.hex("0a010203");
    private static final Octets MAPPED_TEN = Octets.hex("00000000000000000000ffff0a010203");
    private static final Octets LOCAL6 = Octets.hex("fd000000000000000000000000000001");

    @Test
    void allowsEverythingWithoutBlocks() {
        assertThat(AllowedNetworks.all().allows(TEN)).isTrue();
        assertThat(AllowedNetworks.parse(List.of()).allows(Octets.hex("0102"))).isTrue();
    }

    @Test
    void allowsWhatAnyBlockHolds() {
        AllowedNetworks networks = AllowedNetworks.parse(List.of("192.168.0.0/16", "10.1.2.0/31", "10.1.2.2/31"));
        assertThat(networks.allows(TEN)).isTrue();
        assertThat(networks.allows(Octets.hex("0a010204"))).isFalse();
        assertThat(networks.allows(Octets.hex("c0a8ffff"))).isTrue();
    }

    @Test
    void takesTheSixteenByteFormOfAnIpv4AddressForIpv4() {
        assertThat(AllowedNetworks.parse(List.of("10.0.0.0/8")).allows(MAPPED_TEN))
                .isTrue();
        assertThat(AllowedNetworks.parse(List.of("::ffff:10.0.0.0/104")).allows(TEN))
                .isTrue();
        assertThat(AllowedNetworks.parse(List.of("::ffff:11.0.0.0/104")).allows(MAPPED_TEN))
                .isFalse();
    }

    @Test
    void tellsTheFamiliesApart() {
        assertThat(AllowedNetworks.parse(List.of("fd00::/8")).allows(LOCAL6)).isTrue();
        assertThat(AllowedNetworks.parse(List.of("fd00::/8")).allows(TEN)).isFalse();
        assertThat(AllowedNetworks.parse(List.of("0.0.0.0/0")).allows(LOCAL6)).isFalse();
        assertThat(AllowedNetworks.parse(List.of("0.0.0.0/0")).allows(TEN)).isTrue();
    }

    @Test
    void refusesBytesThatAreNoAddress() {
        AllowedNetworks networks = AllowedNetworks.parse(List.of("0.0.0.0/0", "::/0"));
        assertThat(networks.allows(Octets.empty())).isFalse();
        assertThat(networks.allows(Octets.hex("0a0102"))).isFalse();
    }

    @Test
    void namesABlockThatItCannotRead() {
        for (String block : List.of(
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0/8",
                "300.0.0.1/8",
                "010.0.0.0/8",
                "fd00::/129",
                "fd00:::/8",
                "example.org/8",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "::ffff:10.0.0.0/8")) {
            assertThatThrownBy(() -> AllowedNetworks.parse(List.of("10.0.0.0/8", block)))
                    .as(block)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("invalid CIDR address: " + block);
        }
    }
}
