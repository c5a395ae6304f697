package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolState;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node says of its address before it has bound any: an agent's banner and its HTTP API print it. */
final class AdvertisedAddressTest {
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 10.0.0.17, 10.0.0.17", "10.0.0.1, 10.0.0.17, 10.0.0.17", "10.0.0.1, '', 10.0.0.1"})
    void isKnownBeforeThePoolIsBound(String bind, String advertise, String told) {
        var section = ConfigFactory.parseString(
                        "bind-addr = \"" + bind + "\", advertise-addr = \"" + advertise + "\", ports.serf-lan = 8311")
                .withFallback(ConfigFactory.defaultReference().getConfig("sotto"));
        SottoSettings settings = SottoSettings.of(section);

        PoolState state = PoolState.create(
                settings.lan(), PoolEnvironment.system(settings.network()).time());

        assertThat(state.members().self().address().socket()).contains(new InetSocketAddress(told, 8311));
    }
}
