package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cluster.Profile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written for Nomad's servers. */
final class NomadServerTest {
    private static final String FILE = """
            data_dir = "/tmp/nomad"
            name     = "n1"
            region   = "eu"
            ports {
              rpc = 14647
            }
            advertise {
              http = "127.0.21.61"
              rpc  = "127.0.21.61"
              serf = "127.0.21.61"
            }
            client {
              enabled = false
            }
            server {
              enabled          = true
              bootstrap_expect = 3
              encrypt          = "4kRkFQfcc3LU0BazP1ca+z=="
              server_join {
                retry_join     = ["10.0.0.1", "10.0.0.2"]
                retry_interval = "15s"
                retry_max      = 3
              }
            }
            """;

    @TempDir
    Path directory;

    private LoadResult.Loaded load(String text) throws Exception {
        return new Loading(directory).file("server.hcl", text).loaded();
    }

    @Test
    void aServersFileMeansWhatItMeansToNomad() throws Exception {
        AgentSettings settings = load(FILE).settings();
        assertThat(settings.profile()).isEqualTo(Profile.NOMAD);
        assertThat(settings.nodeName()).isEqualTo("n1");
        assertThat(settings.encrypt()).isPresent();
        assertThat(settings.advertiseAddr()).contains("127.0.21.61");
        assertThat(settings.join().retry()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(settings.join().retryInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.join().retryMax()).isEqualTo(3);
    }

    @Test
    void itsDefaultsAreThePortsAndTheTimingOfNomadsServers() throws Exception {
        LoadResult.Loaded loaded = load(FILE);
        AgentSettings.Ports ports = loaded.settings().ports();
        assertThat(ports.http()).isEqualTo(4646);
        assertThat(ports.serfLan()).isEqualTo(4648);
        assertThat(ports.server()).as("which the file says").isEqualTo(14647);
        assertThat(loaded.settings().gossipLan())
                .isEqualTo(new AgentSettings.GossipRhythm(
                        Duration.ofMillis(500), 4, Duration.ofSeconds(5), Duration.ofSeconds(3), 6, 4));
        assertThat(loaded.config().getDuration("sotto.gossip-lan.push-pull-interval"))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(loaded.config().getString("sotto.region")).isEqualTo("eu");
    }

    @Test
    void whatNeedsAQuorumOrNomadItselfIsToldToDoNothing() throws Exception {
        assertThat(load(FILE).warnings())
                .anyMatch(warning -> warning.startsWith("config key server.bootstrap_expect is known"))
                .anyMatch(warning -> warning.startsWith("config key client is known"))
                .allMatch(warning -> warning.contains("does nothing in sotto"));
    }

    @Test
    void whatIsMistypedIsAFaultWithItsLine() throws Exception {
        assertThat(new Loading(directory)
                        .file("server.hcl", FILE.replace("retry_max      = 3", "retry_maxx = 3"))
                        .faults())
                .anyMatch(fault -> fault.contains("invalid config key server.server_join.retry_maxx"));
    }

    @Test
    void aLaterFileMaySayThatItIsSomethingElse() throws Exception {
        AgentSettings settings = new Loading(directory)
                .file("a.hcl", FILE)
                .file("b.json", "{\"profile\": \"serf\"}")
                .settings();
        assertThat(settings.profile()).isEqualTo(Profile.SERF);
        assertThat(settings.ports().http()).isEqualTo(8500);
    }
}
