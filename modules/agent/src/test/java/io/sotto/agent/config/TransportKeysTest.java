package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consul's keys for TLS and the RPC port, in each of the forms of a file. */
final class TransportKeysTest {
    private static final String HEAD = "data_dir = \"/tmp/none\"\n";

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws Exception {
        for (String name : List.of("ca.pem", "cert.pem", "key.pem", "cas/one.pem")) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "pem");
        }
    }

    private Loading loading() {
        return new Loading(directory);
    }

    private String paths(String text) {
        return text.replace("@", directory + "/");
    }

    private Loading hcl(String text) throws Exception {
        return loading().file("a.hcl", HEAD + paths(text));
    }

    private static Config sotto(Loading loading) {
        return loading.loaded().config().getConfig("sotto");
    }

    @Test
    void flatKeysAreSettingsOfTls() throws Exception {
        Loading loading = hcl("""
                ca_file = "@ca.pem"
                cert_file = "@cert.pem"
                key_file = "@key.pem"
                verify_incoming = true
                verify_outgoing = true
                verify_server_hostname = true
                tls_min_version = "tls13"
                tls_cipher_suites = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
                domain = "acme."
                """);
        Config tls = sotto(loading).getConfig("tls");
        assertThat(tls.getString("ca-file")).isEqualTo(directory + "/ca.pem");
        assertThat(tls.getString("cert-file")).isEqualTo(directory + "/cert.pem");
        assertThat(tls.getString("key-file")).isEqualTo(directory + "/key.pem");
        assertThat(tls.getBoolean("verify-incoming")).isTrue();
        assertThat(tls.getBoolean("verify-outgoing")).isTrue();
        assertThat(tls.getBoolean("verify-server-hostname")).isTrue();
        assertThat(tls.getString("min-version")).isEqualTo("tls13");
        assertThat(tls.getStringList("cipher-suites"))
                .containsExactly("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(tls.getString("domain")).isEqualTo("acme");
        assertThat(loading.loaded().warnings()).isEmpty();
        assertThat(loading.settings().transport().verifyServerHostname()).isTrue();
    }

    @Test
    void anAgentThatIsNoServerTakesCallsWhereItsFilesSaySo() throws Exception {
        assertThat(sotto(hcl("")).getBoolean("rpc.enabled")).isFalse();
        Loading loading = hcl("rpc_enabled = true\nrpc_port = 8400\n");
        assertThat(sotto(loading).getBoolean("rpc.enabled")).isTrue();
        assertThat(sotto(loading).getInt("rpc.port")).isEqualTo(8400);
        assertThat(loading.loaded().warnings()).isEmpty();
    }

    @Test
    void theStanzaOfThePortWinsOverItsDefaultsInJsonToo() throws Exception {
        Loading loading = loading().file("a.json", paths("""
                {"data_dir": "/tmp/none",
                 "tls": {
                   "internal_rpc": {"verify_server_hostname": true, "verify_incoming": false},
                   "defaults": {"ca_file": "@ca.pem", "cert_file": "@cert.pem", "key_file": "@key.pem",
                                "verify_incoming": true, "verify_outgoing": true, "tls_min_version": "TLSv1_2"},
                   "https": {"verify_incoming": false, "ca_file": "@ca.pem"}
                 }}
                """));
        Config tls = sotto(loading).getConfig("tls");
        assertThat(tls.getBoolean("verify-incoming")).isFalse();
        assertThat(tls.getBoolean("verify-outgoing")).isTrue();
        assertThat(tls.getBoolean("verify-server-hostname")).isTrue();
        assertThat(tls.getString("ca-file")).isEqualTo(directory + "/ca.pem");
        assertThat(tls.getString("min-version")).isEqualTo("tls12");
        assertThat(loading.loaded().warnings())
                .containsExactly(
                        "config key tls.https.ca_file is known to the real agent but does nothing in sotto: ignored ("
                                + directory + "/a.json:6)");
    }

    @Test
    void verifyIncomingRpcAloneIsEnough() throws Exception {
        String files = "ca_file = \"@ca.pem\"\ncert_file = \"@cert.pem\"\nkey_file = \"@key.pem\"\n";
        assertThat(hcl(files + "verify_incoming = false\nverify_incoming_rpc = true\n")
                        .settings()
                        .transport()
                        .verifyIncoming())
                .isTrue();
        assertThat(hcl(files + "verify_incoming = true\nverify_incoming_rpc = false\n")
                        .settings()
                        .transport()
                        .verifyIncoming())
                .isTrue();
    }

    @Test
    void verifyIncomingOfOnePortSaysNothingOfTheOther() throws Exception {
        String files = "ca_file = \"@ca.pem\"\ncert_file = \"@cert.pem\"\nkey_file = \"@key.pem\"\n";
        AgentSettings.Transport rpc =
                hcl(files + "verify_incoming_rpc = true\n").settings().transport();
        assertThat(rpc.verifyIncoming()).isTrue();
        assertThat(rpc.verifyIncomingHttps()).isFalse();
        AgentSettings.Transport https =
                hcl(files + "verify_incoming_https = true\n").settings().transport();
        assertThat(https.verifyIncoming()).isFalse();
        assertThat(https.verifyIncomingHttps()).isTrue();
        AgentSettings.Transport both =
                hcl(files + "verify_incoming = true\n").settings().transport();
        assertThat(both.verifyIncoming() && both.verifyIncomingHttps()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "defaults {verify_incoming=true} https {verify_incoming=false}, true, false",
        "defaults {verify_incoming=true} internal_rpc {verify_incoming=false}, false, true",
        "https {verify_incoming=true}, false, true",
        "internal_rpc {verify_incoming=true}, true, false",
        "defaults {verify_incoming=true}, true, true"
    })
    void theStanzaOfAPortSaysForThatPort(String stanza, boolean rpc, boolean https) throws Exception {
        AgentSettings.Transport transport = hcl("ca_file = \"@ca.pem\"\ncert_file = \"@cert.pem\"\n"
                        + "key_file = \"@key.pem\"\ntls {\n"
                        + stanza.replace("{", "{\n").replace("}", "\n}\n") + "}\n")
                .settings()
                .transport();
        assertThat(transport.verifyIncoming()).isEqualTo(rpc);
        assertThat(transport.verifyIncomingHttps()).isEqualTo(https);
    }

    @Test
    void limitsAndAddressesOfTheHttpPortsAreSettings() throws Exception {
        Loading loading = hcl("""
                client_addr = "127.0.0.1"
                addresses { http = "127.0.0.2 127.0.0.3" }
                ports { http = -1, https = 8501 }
                cert_file = "@cert.pem"
                key_file = "@key.pem"
                limits {
                  http_max_conns_per_client = 50
                  https_handshake_timeout = "3s"
                }
                """);
        Config http = sotto(loading).getConfig("http");
        assertThat(http.getInt("max-connections-per-address")).isEqualTo(50);
        assertThat(http.getDuration("handshake-timeout")).isEqualTo(Duration.ofSeconds(3));
        AgentSettings settings = loading.settings();
        assertThat(settings.ports().http()).isEqualTo(-1);
        assertThat(settings.web().httpsPort()).isEqualTo(8501);
        assertThat(settings.httpAddrs()).containsExactly("127.0.0.2", "127.0.0.3");
        assertThat(settings.httpsAddrs()).containsExactly("127.0.0.1");
        assertThat(loading.loaded().warnings()).isEmpty();
    }

    @Test
    void httpsWithoutACertificateIsWarnedOf() throws Exception {
        assertThat(hcl("ports { https = 8501 }\n").loaded().warnings())
                .containsExactly("ports.https is set and there is no certificate: no client will get through; set "
                        + "tls.cert-file and tls.key-file");
    }

    @Test
    void limitsOfTheRpcPortAreSettingsOfRpc() throws Exception {
        Config rpc = sotto(hcl("""
                        limits {
                          rpc_handshake_timeout = "3s"
                          rpc_max_conns_per_client = 50
                          rpc_rate = 12.5
                          rpc_max_burst = 20
                        }
                        performance { rpc_hold_timeout = "4s" }
                        ports { server = 18300 }
                        """)).getConfig("rpc");
        assertThat(rpc.getDuration("handshake-timeout")).isEqualTo(Duration.ofSeconds(3));
        assertThat(rpc.getInt("max-connections-per-address")).isEqualTo(50);
        assertThat(rpc.getDouble("rate")).isEqualTo(12.5);
        assertThat(rpc.getInt("max-burst")).isEqualTo(20);
        assertThat(rpc.getDuration("hold-timeout")).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void whatIsWrittenLaterWinsWhicheverFormItHas() throws Exception {
        String own =
                paths("sotto { data-dir = \"/tmp/none\", tls { ca-file = \"@cert.pem\", verify-outgoing = false } }");
        Loading ownLast = hcl("ca_file = \"@ca.pem\"\nverify_outgoing = true").file("b.conf", own);
        assertThat(sotto(ownLast).getString("tls.ca-file")).isEqualTo(directory + "/cert.pem");
        assertThat(ownLast.settings().transport().verifyOutgoing()).isFalse();

        Loading fragmentLast = loading().file("b.conf", own).hcl("verify_outgoing = true");
        assertThat(fragmentLast.settings().transport().verifyOutgoing()).isTrue();
        assertThat(sotto(fragmentLast).getString("tls.ca-file")).isEqualTo(directory + "/cert.pem");
    }

    @Test
    void filesInConsulsFormKeepItsDefaultForNamesAndAreToldSo() throws Exception {
        Loading loading = hcl("ca_file = \"@ca.pem\"\nverify_outgoing = true");
        assertThat(sotto(loading).getBoolean("tls.verify-server-hostname")).isFalse();
        assertThat(loading.settings().transport().verifyServerHostname()).isFalse();
        assertThat(loading.loaded().warnings())
                .containsExactly("verify_server_hostname is off: any certificate of the CA passes for a server's, a"
                        + " client's too; turn it on once the servers' certificates have the name"
                        + " server.<datacenter>.<domain> (" + directory + "/a.hcl:3)");
    }

    @Test
    void sottosOwnFormChecksNamesUnlessToldOtherwise() throws Exception {
        Loading loading = loading()
                .file(
                        "a.conf",
                        paths(
                                "sotto { data-dir = \"/tmp/none\", tls { ca-file = \"@ca.pem\", verify-outgoing = on } }"));
        assertThat(loading.loaded().warnings()).isEmpty();
        assertThat(loading.settings().transport().verifyServerHostname()).isTrue();
    }

    @Test
    void namesThatAreCheckedAreThoseOfPeersThatProveThemselves() throws Exception {
        AgentSettings.Transport transport = hcl("ca_file = \"@ca.pem\"\nverify_server_hostname = true")
                .settings()
                .transport();
        assertThat(transport.verifyOutgoing()).isTrue();
        assertThat(transport.verifyServerHostname()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verify_outgoing = true|verify_outgoing: VerifyOutgoing set, and no CA certificate provided! (a.hcl:2)",
                "verify_server_hostname = true|verify_server_hostname: VerifyOutgoing set, and no CA certificate provided! (a.hcl:2)",
                "ca_file = \"@ca.pem\", verify_incoming = true|verify_incoming: VerifyIncoming requires either a Cert and Key pair in the configuration file, or auto_encrypt/auto_config be enabled (a.hcl:3)",
                "cert_file = \"@cert.pem\"|cert_file: it takes key_file too: a certificate and its key go together (a.hcl:2)",
                "tls_min_version = \"tls11\"|tls_min_version: TLSMinVersion: value tls11 not supported, please specify one of [tls12, tls13] (a.hcl:2)",
                "ca_file = \"@nope.pem\"|ca_file: Error loading from @nope.pem: open @nope.pem: no such file or directory (a.hcl:2)",
                "ca_file = \"@cas\"|ca_file: Error loading from @cas: read @cas: is a directory (a.hcl:2)",
                "ca_path = \"@empty\"|ca_path: Error loading from CAPath: lstat @empty: no such file or directory (a.hcl:2)",
                "tls { defaults { ca_file = \"@ca.pem\" } }, ca_file = \"@cert.pem\"|ca_file and tls.defaults.ca_file (a.hcl:2) contradict each other: keep one (a.hcl:3)",
            })
    void contradictionsAndFilesThatCannotBeReadAreFaultsWithTheirPlace(String text, String fault) throws Exception {
        Loading loading = hcl(text.replace(", ", "\n"));
        assertThat(loading.faults()).containsExactly(fault.replace("@", ""));
    }

    @Test
    void verifyIncomingWithoutAnythingIsTwoFaults() throws Exception {
        assertThat(hcl("verify_incoming = true").faults())
                .containsExactly(
                        "verify_incoming: VerifyIncoming set but no CA certificates were provided (a.hcl:2)",
                        "verify_incoming: VerifyIncoming requires either a Cert and Key pair in the configuration file, or auto_encrypt/auto_config be enabled (a.hcl:2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tls { bogus = 1 }",
                "tls { defaults { bogus = 1 } }",
                "limits { bogus = 1 }",
                "tls { ca_file = \"x\" }"
            })
    void unknownKeysOfAStanzaAreFaults(String text) throws Exception {
        assertThat(hcl(text).faults())
                .singleElement()
                .asString()
                .contains("invalid config key ")
                .contains("(a.hcl:2)");
    }

    @Test
    void aFileAndADirectoryOfAuthoritiesAreOneTooMany() throws Exception {
        assertThat(hcl("ca_file = \"@ca.pem\"\nca_path = \"@cas\"\nverify_server_hostname = true")
                        .loaded()
                        .warnings())
                .containsExactly("ca_path does nothing beside ca_file (" + directory + "/a.hcl:3)");
    }
}
