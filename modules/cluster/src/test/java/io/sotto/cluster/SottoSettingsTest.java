package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.sotto.gossip.FloodSettings;
import io.sotto.gossip.PoolSettings;
import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.message.Tags;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SottoSettingsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODw==";

    @Test
    void theDefaultsAreThoseOfAConsulClientWithoutAKey() {
        SottoSettings settings = read("");
        PoolSettings lan = settings.lan();

        assertThat(lan.name()).isEqualTo("lan");
        assertThat(lan.bind()).hasToString("/0.0.0.0:8301");
        assertThat(lan.advertise()).isPresent();
        assertThat(lan.rules().swim()).isEqualTo(SwimSettings.lan());
        assertThat(lan.rules().serf()).isEqualTo(SerfSettings.consul());
        assertThat(lan.keys().key()).isEmpty();
        assertThat(lan.keys().file()).isEmpty();
        assertThat(lan.keys().verifyIncoming()).isTrue();
        assertThat(lan.keys().verifyOutgoing()).isTrue();
        assertThat(settings.leaveOnShutdown()).isTrue();
    }

    @Test
    void aServerShowsATagForEachThingThatClientAgentsLookAt() {
        assertThat(Tags.decode(read("server = true, ports.server = 18300").lan().meta()))
                .containsEntry("role", "consul")
                .containsEntry("port", "18300")
                .containsEntry("sotto", "1")
                .containsEntry("dc", "dc1")
                .containsKeys("build", "id", "vsn", "vsn_min", "vsn_max", "segment", "acls")
                .doesNotContainKeys("bootstrap", "expect", "raft_vsn");
    }

    @Test
    void onlyAConsulClientCanBeAServerAndOnlyOnAPort() {
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("server = true, profile = serf"))
                .withMessageContaining("takes profile consul-client");
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("server = true, ports.server = 0"))
                .withMessageContaining("must be from 1 to 65535");
    }

    @Test
    void everyKeyOfTheSectionIsFollowed() {
        SottoSettings settings = read("node-name = n, profile = serf, data-dir = /data, bind-addr = 127.0.0.1,"
                + "advertise-addr = 10.0.0.9, ports.serf-lan = 7946, encrypt = \"" + KEY + "\","
                + "encrypt-verify-incoming = false, encrypt-verify-outgoing = false, start-join = [a], retry-join = [b],"
                + "retry-interval = 7s, retry-max = 3, leave-on-shutdown = false,"
                + "gossip-lan { probe-interval = 3s, probe-timeout = 1s, suspicion-mult = 5 }");
        PoolSettings lan = settings.lan();

        assertThat(lan.rules().self()).isEqualTo("n");
        assertThat(lan.rules().serf()).isEqualTo(SerfSettings.serf());
        assertThat(lan.bind()).hasToString("/127.0.0.1:7946");
        assertThat(lan.advertise().orElseThrow().getHostAddress()).isEqualTo("10.0.0.9");
        assertThat(lan.keys().key()).isPresent();
        assertThat(lan.keys().file()).contains(Path.of("/data/serf/local.keyring"));
        assertThat(lan.keys().verifyIncoming()).isFalse();
        assertThat(lan.keys().verifyOutgoing()).isFalse();
        assertThat(lan.joining().start()).containsExactly("a");
        assertThat(lan.joining().retry()).containsExactly("b");
        assertThat(lan.joining().interval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(lan.joining().maxRounds()).isEqualTo(3);
        assertThat(lan.rules().swim().probeInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(lan.rules().swim().suspicionMult()).isEqualTo(5);
        assertThat(settings.leaveOnShutdown()).isFalse();
    }

    @Test
    void whatOthersCanMakeANodeDoReachesThePool() {
        PoolSettings byDefault = read("").lan();
        PoolSettings lan = read("claims = upstream, gossip { datapath { source-rate = 7, source-burst = 9 },"
                        + "stream.total-max = 11, limits.push-pull-max = 12 KiB, flood { answer-rate = 1, answer-burst = 2,"
                        + "mailbox-max = 3, news-max = 4, new-members-rate = 5, new-members-burst = 6, members-max = 8,"
                        + "ledger-max = 10, events-memory-max = 11 B, queries-max = 12 },"
                        + "lifeguard { patience = 90s, ping-repeats = 1, sure-percent = 100 } }")
                .lan();

        assertThat(byDefault.claims()).isEqualTo(Claims.GUARDED);
        assertThat(byDefault.flood()).isEqualTo(FloodSettings.defaults());
        assertThat(lan.claims()).isEqualTo(Claims.UPSTREAM);
        assertThat(lan.datapath().sourceRate()).isEqualTo(7);
        assertThat(lan.datapath().sourceBurst()).isEqualTo(9);
        assertThat(lan.streams().totalMax()).isEqualTo(11);
        assertThat(lan.datapath().limits().pushPullMaxBytes()).isEqualTo(12 << 10);
        assertThat(lan.flood()).isEqualTo(new FloodSettings(1, 2, 3, 4, 5, 6, 8, 10, 11, 12));
        assertThat(lan.rules().swim().caution())
                .isEqualTo(SwimSettings.lan().caution().with(Duration.ofSeconds(90), 1, 100));
    }

    @Test
    void whatApplicationsMaySendReachesThePool() {
        String other = "gossip.events { user-event-max = 1000 B, query-max = 1100 B, answer-max = 1200 B }";

        assertThat(read("profile = serf").lan().rules().serf().events()).isEqualTo(EventSettings.serf());
        assertThat(read("profile = consul-client").lan().rules().serf().events())
                .isEqualTo(EventSettings.consul());
        assertThat(read("profile = serf, gossip.events.resolve-name-conflicts = false")
                        .lan()
                        .rules()
                        .serf()
                        .events()
                        .resolveNameConflicts())
                .isFalse();
        assertThat(read("profile = serf, " + other).lan().rules().serf().events())
                .isEqualTo(EventSettings.serf().with(1_000, 1_100, 1_200, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "profile = server | profile",
                "claims = none | claims",
                "gossip.events.user-event-max = 9217 B | gossip.events",
                "bind-addr = \"not an address\" | bind-addr",
                "encrypt = \"AAECAw==\" | encrypt",
                "ports.serf-lan = 70000 | ports.serf-lan",
                "allowed-networks = [\"10.0.0.0/99\"] | allowed-networks",
                "gossip-lan.gossip-nodes = 0 | gossip-lan",
                "gossip.flood.mailbox-max = 0 | gossip.flood",
                "gossip.lifeguard.sure-percent = 0 | gossip.lifeguard",
                "gossip.datapath.source-rate = -1 | gossip",
                "tags { dc = other } | tags",
                "retry-interval = soon | retry-interval",
                "plaintext-until = soon | plaintext-until"
            })
    void aValueThatCannotBeIsRefusedWithItsKeyAndItsOrigin(String line, String key) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("here.conf")
                .hasMessageNotContaining("AAECAw");
    }

    @Test
    void aKeyNeverShowsInTheSettingsText() {
        assertThat(read("encrypt = \"" + KEY + "\"").toString()).doesNotContain(KEY);
    }

    @Test
    void theExampleOfTheRepositoryIsWhatAnEmbedderCanLoad() {
        Config example = ConfigFactory.parseFile(new File("../../application.conf"));
        assertThat(example.root()).isNotEmpty();

        SottoSettings settings = SottoSettings.of(ConfigFactory.load(example).getConfig("sotto"));

        assertThat(settings.lan().bind().getPort()).isEqualTo(8301);
    }

    private static SottoSettings read(String lines) {
        Config section =
                ConfigFactory.parseString(lines, ConfigParseOptions.defaults().setOriginDescription("here.conf"));
        return SottoSettings.of(
                section.withFallback(ConfigFactory.load().getConfig("sotto")).resolve());
    }
}
