package io.sotto.gossip.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.datapath.AllowList.Scope;
import io.sotto.membership.admission.AllowedNetworks;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, EVERYTHING, 10.1.2.3, true",
        "10.0.0.0/8, EVERYTHING, 203.0.113.9, false",
        "10.0.0.0/8, EVERYTHING, ::1, false",
        "fd00::/8, EVERYTHING, fd00::7, true",
        "10.0.0.0/8, CLAIMS, 203.0.113.9, true"
    })
    void admitsSourcesByNetworkUnlessOnlyClaimsAreFiltered(String network, Scope scope, String source, boolean admitted)
            throws Exception {
        AllowList list = new AllowList(AllowedNetworks.parse(List.of(network)), scope);

        assertThat(list.admits(InetAddress.getByName(source))).isEqualTo(admitted);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9", "::1"})
    void admitsEverythingWhenNothingIsConfigured(String source) throws Exception {
        assertThat(AllowList.all().admits(InetAddress.getByName(source))).isTrue();
    }
}
