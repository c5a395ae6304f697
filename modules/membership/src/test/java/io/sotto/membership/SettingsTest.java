package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void changesOnlyWhatIsAsked() {
        SwimSettings changed = SwimSettings.lan()
                .withRetransmitMult(5)
                .withSuspicionMult(3)
                .withProbe(Duration.ofMillis(100), Duration.ofMillis(50))
                .withGossip(Duration.ofMillis(20), 4)
                .withDeadNodeReclaimTime(Duration.ofSeconds(30));

        assertThat(changed)
                .isEqualTo(new SwimSettings(
                        Duration.ofSeconds(10),
                        3,
                        5,
                        3,
                        6,
                        Duration.ofSeconds(30),
                        Duration.ofMillis(100),
                        Duration.ofMillis(50),
                        8,
                        4,
                        Duration.ofMillis(20),
                        Duration.ofSeconds(30),
                        1_400,
                        Duration.ofSeconds(30),
                        512,
                        Caution.of(Duration.ofMillis(100), Duration.ofMillis(50))));
    }

    @Test
    void namesTheSettingThatMakesNoSense() {
        assertThatThrownBy(() -> SwimSettings.lan().withProbe(Duration.ZERO, Duration.ofMillis(50)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("probeInterval");
        assertThatThrownBy(() -> SwimSettings.wan().withGossip(Duration.ofSeconds(1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gossipNodes");
        assertThatThrownBy(() -> SwimSettings.local().withDeadNodeReclaimTime(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deadNodeReclaimTime");
    }

    @Test
    void boundsTheQueuesAsSerfAndConsulDo() {
        assertThat(SerfSettings.serf().queueBound(10_000)).isEqualTo(4_096);
        assertThat(SerfSettings.consul().queueBound(10)).isEqualTo(4_096);
        assertThat(SerfSettings.consul().queueBound(10_000)).isEqualTo(20_000);
    }

    @Test
    void meansTheRealRuleByUpstreamAndOursByGuarded() {
        Duration period = Duration.ofSeconds(1);
        assertThat(Claims.UPSTREAM.policy(GuardSettings.defaults(), period).isGuarded())
                .isFalse();
        assertThat(Claims.GUARDED.policy(GuardSettings.defaults(), period).isGuarded())
                .isTrue();
    }

    @Test
    void refusesAGuardThatGuardsNothing() {
        assertThatThrownBy(() -> new GuardSettings(0, 1, 1, 1, 1, 1, 1)).hasMessageContaining("incarnationJumpMax");
        assertThatThrownBy(() -> new GuardSettings(1L << 32, 1, 1, 1, 1, 1, 1))
                .hasMessageContaining("incarnationJumpMax");
        assertThatThrownBy(() -> new GuardSettings(1, 1, 1, 0, 1, 1, 1)).hasMessageContaining("candidateRate");
        assertThatThrownBy(() -> new GuardSettings(1, 1, 1, 1, 1, 1, 0)).hasMessageContaining("arrivalsMax");
    }
}
