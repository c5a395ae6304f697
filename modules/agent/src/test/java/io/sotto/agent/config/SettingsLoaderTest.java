package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.sotto.cluster.Profile;
import io.sotto.membership.Claims;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How settings come together from files and flags. */
final class SettingsLoaderTest {
    private static final String DIR = "\"data_dir\": \"/tmp/none\"";

    @TempDir
    Path directory;

    private Loading loading() {
        return new Loading(directory);
    }

    @Test
    void aDataDirectoryIsEnoughAndAllElseHasADefault() throws Exception {
        AgentSettings settings = loading().file("a.json", "{" + DIR + "}").settings();
        assertThat(settings.nodeName()).isEqualTo("host");
        assertThat(settings.datacenter()).isEqualTo("dc1");
        assertThat(settings.bindAddr()).isEqualTo("0.0.0.0");
        assertThat(settings.clientAddrs()).containsExactly("127.0.0.1");
        assertThat(settings.advertiseAddr()).isEmpty();
        assertThat(settings.encrypt()).isEmpty();
        assertThat(settings.encryptVerifyIncoming()).isTrue();
        assertThat(settings.encryptVerifyOutgoing()).isTrue();
        assertThat(settings.join()).isEqualTo(new AgentSettings.Join(List.of(), List.of(), Duration.ofSeconds(30), 0));
        assertThat(settings.ports()).isEqualTo(new AgentSettings.Ports(8500, 8301, 8300));
        assertThat(settings.logLevel()).isEqualTo(AgentSettings.LogLevel.INFO);
        assertThat(settings.claims()).isEqualTo(Claims.GUARDED);
        assertThat(settings.profile()).isEqualTo(Profile.CONSUL_CLIENT);
        assertThat(settings.leaveOnTerminate()).isTrue();
        assertThat(settings.skipLeaveOnInterrupt()).isFalse();
        assertThat(settings.gossipLan())
                .isEqualTo(new AgentSettings.GossipRhythm(
                        Duration.ofMillis(200), 3, Duration.ofSeconds(1), Duration.ofMillis(500), 4, 4));
    }

    @Test
    void aDirectoryGivesItsFilesInNameOrderAndNotThoseBelowIt() throws Exception {
        LoadResult.Loaded loaded = loading()
                .write(
                        "d/b.json",
                        "{\"node_name\": \"bb\", \"retry_join\": [\"127.0.21.98\"], \"node_meta\": {\"x\": \"1\"}}")
                .write(
                        "d/a.json",
                        "{" + DIR + ", \"node_name\": \"aa\", \"retry_join\": [\"127.0.21.99\"],"
                                + " \"node_meta\": {\"k\": \"a\"}}")
                .write("d/c.yaml", "node_name: cc")
                .write("d/below/z.json", "{\"node_name\": \"zz\"}")
                .path(directory.resolve("d"))
                .loaded();
        assertThat(loaded.settings().nodeName()).isEqualTo("bb");
        assertThat(loaded.settings().join().retry()).containsExactly("127.0.21.99", "127.0.21.98");
        assertThat(loaded.settings().nodeMeta()).isEqualTo(Map.of("k", "a", "x", "1"));
        assertThat(loaded.warnings())
                .containsExactly("skipping file " + directory.resolve("d/c.yaml")
                        + ", extension must be .hcl or .json, or config format must be set");
    }

    @Test
    void filesWinInTheirOrderFlagsOverFilesAndFragmentsOverFlags() throws Exception {
        Loading loading = loading()
                .file("z.json", "{" + DIR + ", \"node_name\": \"zz\", \"retry_join\": [\"file\"]}")
                .file("y.hcl", "node_name = \"yy\"");
        assertThat(loading.settings().nodeName()).isEqualTo("yy");
        loading.flag("node-name", "flag").flag("retry-join", "flag");
        assertThat(loading.settings().nodeName()).isEqualTo("flag");
        assertThat(loading.settings().join().retry()).containsExactly("flag", "file");
        assertThat(loading.hcl("node_name = \"fragment\"").settings().nodeName())
                .isEqualTo("fragment");
    }

    @Test
    void anExplicitFileOfAnotherNameIsSkippedUnlessItsFormatIsNamed() throws Exception {
        Loading loading = loading().file("agent.cfg", "{" + DIR + "}").flag("data-dir", "/tmp/flag");
        assertThat(loading.loaded().warnings())
                .singleElement()
                .asString()
                .startsWith("skipping file ")
                .endsWith("agent.cfg, extension must be .hcl or .json, or config format must be set");
        Loading named = loading().file("agent.cfg", "{" + DIR + "}").format(SettingsRequest.Format.JSON);
        assertThat(named.settings().dataDir()).contains(Path.of("/tmp/none"));
    }

    @Test
    void theDevPresetIsBeneathFilesAndKeepsNothing() throws Exception {
        LoadResult.Loaded plain = loading().dev().loaded();
        assertThat(plain.settings().bindAddr()).isEqualTo("127.0.0.1");
        assertThat(plain.settings().dataDir()).isEmpty();
        assertThat(plain.settings().disableKeyringFile()).isTrue();
        assertThat(plain.settings().encrypt()).isPresent();
        assertThat(plain.config().getString("sotto.encrypt")).isEqualTo(Loading.FRESH_KEY);
        AgentSettings own =
                loading().dev().file("a.json", "{\"bind_addr\": \"10.0.0.1\"}").settings();
        assertThat(own.bindAddr()).isEqualTo("10.0.0.1");
    }

    @Test
    void hclLoadsAsConsulReadsIt() throws Exception {
        AgentSettings settings = loading().file("a.hcl", """
                        # a comment
                        data_dir = "/tmp/none" // another
                        /* and a longer
                           one */
                        datacenter = "DC-2"
                        encrypt_verify_incoming = false
                        retry_join = [
                          "10.0.0.1",
                          "consul.example.org:8301",
                        ]
                        ports {
                          http = -1
                          serf_lan = 9301
                        }
                        gossip_lan { probe_interval = "2s" }
                        node_meta { rack = "r1" }
                        """).settings();
        assertThat(settings.datacenter()).isEqualTo("dc-2");
        assertThat(settings.encryptVerifyIncoming()).isFalse();
        assertThat(settings.join().retry()).containsExactly("10.0.0.1", "consul.example.org:8301");
        assertThat(settings.ports()).isEqualTo(new AgentSettings.Ports(-1, 9301, 8300));
        assertThat(settings.gossipLan().probeInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.nodeMeta()).isEqualTo(Map.of("rack", "r1"));
    }

    @Test
    void aConfFileHasSottosOwnKeysOrConsulsAndMeansTheSame() throws Exception {
        AgentSettings own = loading()
                .file(
                        "a.conf",
                        "sotto { data-dir = /tmp/none, retry-interval = 90 seconds, encrypt-verify-outgoing = off }")
                .settings();
        AgentSettings consuls = loading()
                .file("b.conf", "data_dir = /tmp/none\nretry_interval = 1m30s\nencrypt_verify_outgoing = false")
                .settings();
        assertThat(own).isEqualTo(consuls);
        assertThat(own.join().retryInterval()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aPlainSerfMemberListensOnSerfsPortUnlessToldOtherwise() throws Exception {
        Loading loading = loading().file("a.json", "{" + DIR + ", \"profile\": \"serf\"}");
        assertThat(loading.settings().ports().serfLan()).isEqualTo(7946);
        assertThat(loading.flag("ports.serf-lan", "8301").settings().ports().serfLan())
                .isEqualTo(8301);
    }

    @Test
    void theEmbeddedConfigurationHoldsEverySettingAndWhatElseTheFileGives() throws Exception {
        Config config =
                loading().file("a.conf", """
                        sotto {
                          data-dir = "/tmp/none"
                          profile = serf
                          tags { role = web }
                          gossip-lan.push-pull-interval = 45s
                          ports.http = 9500
                        }
                        pekko.loglevel = "DEBUG"
                        """).flag("node-name", "n1").loaded().config();
        assertThat(config.getString("sotto.node-name")).isEqualTo("n1");
        assertThat(config.getInt("sotto.ports.serf-lan")).isEqualTo(7946);
        assertThat(config.getInt("sotto.ports.http")).isEqualTo(9500);
        assertThat(config.getString("sotto.tags.role")).isEqualTo("web");
        assertThat(config.getDuration("sotto.gossip-lan.push-pull-interval")).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.getDuration("sotto.gossip-lan.probe-timeout")).isEqualTo(Duration.ofMillis(500));
        assertThat(config.getString("pekko.loglevel")).isEqualTo("DEBUG");
    }

    @Test
    void theExampleAtTheRootLoadsWithoutAWarning() {
        Path example = Path.of("../../application.conf");
        assertThat(Files.exists(example)).isTrue();
        LoadResult.Loaded loaded = loading().path(example).loaded();
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.settings().dataDir()).contains(Path.of("sotto-data"));
        assertThat(loaded.config().getString("pekko.loglevel")).isEqualTo("WARNING");
    }

    @Test
    void noTextOfAResultShowsTheKey() throws Exception {
        LoadResult.Loaded loaded = loading()
                .file("a.json", "{" + DIR + ", \"encrypt\": \"" + Loading.FRESH_KEY + "\"}")
                .loaded();
        assertThat(loaded.settings().encrypt()).isPresent();
        assertThat(loaded.toString()).doesNotContain(Loading.FRESH_KEY);
        assertThat(loading().flag("encrypt", Loading.FRESH_KEY).dev().load().toString())
                .doesNotContain(Loading.FRESH_KEY);
    }
}
