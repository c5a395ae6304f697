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
import io.sotto.rpc.link.RpcDialect;
import io.sotto.wire.Octets;
import io.sotto.wire.message.Tags;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    void aMemberOfANomadPoolIsAServerInARegionOfItsOwn() {
        SottoSettings settings = read("profile = nomad, node-name = n1, region = eu, bind-addr = 127.0.0.1,"
                + " ports.server = 4647, data-dir = d");
        assertThat(settings.lan().rules().self()).isEqualTo("n1.eu");
        assertThat(Tags.decode(settings.lan().meta()))
                .containsEntry("role", "nomad")
                .containsEntry("region", "eu")
                .containsEntry("dc", "dc1")
                .containsEntry("port", "4647")
                .containsEntry("rpc_addr", "127.0.0.1")
                .containsEntry("vsn", "1")
                .containsEntry("mvn", "1")
                .containsEntry("raft_vsn", "2")
                .containsEntry("sotto", "1")
                .containsKeys("build", "id")
                .doesNotContainKeys("bootstrap", "expect", "segment", "acls", "vsn_min");
        assertThat(settings.lan().keys().file()).contains(Path.of("d", "server", "serf.keyring"));
        assertThat(settings.rpc().enabled()).isTrue();
        assertThat(settings.rpc().port()).isEqualTo(4647);
        assertThat(settings.rpc().dialect()).isEqualTo(RpcDialect.NOMAD);
    }

    @Test
    void aMemberOfANomadPoolMustNotBeInTheRegionOfRealServers() {
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("profile = nomad, region = global"))
                .withMessageContaining("count this node as one of their peers");
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("profile = nomad, region = \"a.b\""));
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
    void aServerIsAMemberOfTheWanUnderANameAndARingOfItsOwn() {
        SottoSettings settings = read("server = true, node-name = n, datacenter = DC2, data-dir = /data, encrypt = \""
                + KEY + "\", bind-addr = 127.0.0.1, label = inside");
        PoolSettings wan = settings.wan().orElseThrow().pool();

        assertThat(wan.name()).isEqualTo("wan");
        assertThat(wan.rules().self()).isEqualTo("n.dc2");
        assertThat(wan.bind()).hasToString("/127.0.0.1:8302");
        assertThat(wan.rules().swim()).isEqualTo(SwimSettings.wan().withGossip(Duration.ofMillis(500), 3));
        assertThat(wan.rules().serf()).isEqualTo(SerfSettings.consul());
        assertThat(wan.keys().file()).contains(Path.of("/data/serf/remote.keyring"));
        assertThat(wan.snapshot().file()).contains(Path.of("/data/serf/remote.snapshot"));
        assertThat(wan.keys().key()).isEqualTo(settings.lan().keys().key());
        assertThat(wan.keys().key().orElseThrow())
                .isNotSameAs(settings.lan().keys().key().orElseThrow());
        assertThat(wan.label().length()).isZero();
        assertThat(wan.streams().totalTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(Tags.decode(wan.meta())).containsEntry("role", "consul").doesNotContainKey("wan_join_port");
        assertThat(Tags.decode(settings.lan().meta())).containsEntry("wan_join_port", "8302");
        assertThat(settings.wan().orElseThrow().floodInterval()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theWanPoolFollowsItsOwnKeys() {
        PoolSettings wan =
                read("server = true, serf-wan = 127.0.0.2, ports.serf-wan = 18302, advertise-addr-wan = 10.0.0.9,"
                                + "start-join-wan = [a], retry-join-wan = [b], retry-interval-wan = 7s, retry-max-wan = 3,"
                                + "allowed-networks = [\"10.0.0.0/8\"], gossip.stream.total-timeout = 40s,"
                                + "gossip-wan { probe-interval = 6s, suspicion-mult = 5 }")
                        .wan()
                        .orElseThrow()
                        .pool();
        assertThat(wan.bind()).hasToString("/127.0.0.2:18302");
        assertThat(wan.advertise().orElseThrow().getHostAddress()).isEqualTo("10.0.0.9");
        assertThat(wan.joining())
                .isEqualTo(new PoolSettings.Joining(List.of("a"), List.of("b"), Duration.ofSeconds(7), 3));
        assertThat(wan.rules().swim().probeInterval()).isEqualTo(Duration.ofSeconds(6));
        assertThat(wan.rules().swim().suspicionMult()).isEqualTo(5);
        assertThat(wan.rules().networks().allows(Octets.hex("c0a80001"))).isTrue();
        assertThat(wan.streams().totalTimeout()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void whoIsNoServerHasNoWanPoolUnlessItsPoolIsPlainSerf() {
        assertThat(read("").wan()).isEmpty();
        assertThat(read("server = true, wan.enabled = false").wan()).isEmpty();
        assertThat(read("server = true, ports.serf-wan = -1").wan()).isEmpty();
        assertThat(Tags.decode(read("server = true, ports.serf-wan = -1").lan().meta()))
                .doesNotContainKey("wan_join_port");
        assertThat(read("profile = serf, wan.enabled = true").wan()).isPresent();
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("wan.enabled = true"))
                .withMessageContaining("takes server = true, or profile serf");
    }

    @Test
    void aKeyThatIsReplacedByItselfInOnePoolOnlyIsRefused() {
        assertThatExceptionOfType(ConfigException.BadValue.class)
                .isThrownBy(() -> read("server = true, key-rotation.every = 30d"))
                .withMessageContaining("would make the key of the LAN pool another than that of the WAN pool");
        assertThat(read("server = true, key-rotation.every = 30d, ports.serf-wan = -1")
                        .wan())
                .isEmpty();
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
