package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.wire.Limits;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private final Config gossip = ConfigFactory.defaultReference().getConfig("sotto.gossip");

    @Test
    void referenceConfHoldsTheDefaultsOfTheBuilders() {
        assertThat(NetworkSettings.from(gossip.getConfig("network"))).isEqualTo(NetworkSettings.defaults());
        assertThat(DatapathSettings.limits(gossip.getConfig("limits"))).isEqualTo(Limits.defaults());
        assertThat(DatapathSettings.from(gossip.getConfig("datapath"), Limits.defaults()))
                .isEqualTo(DatapathSettings.defaults());
        assertThat(StreamSettings.from(gossip.getConfig("stream"))).isEqualTo(StreamSettings.defaults());
        assertThat(FloodSettings.from(gossip.getConfig("flood"))).isEqualTo(FloodSettings.defaults());
    }
}
