package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What our RPC port offers to whoever dials it by TLS, seen by OpenSSL and by sslscan: TLS 1.2 with AEAD suites and forward
 * secrecy, and TLS 1.3. Source: security rules, "TLS".
 */
class TlsOfferIT {
    private static final String LOWEST = "DEFAULT:@SECLEVEL=0";
    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(),
            "offer",
            ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING")).withFallback(ConfigFactory.load()));
    private static final TlsPosture CERTIFIED = certified();

    private static TlsPosture certified() {
        SecureRandom random = new SecureRandom();
        Instant now = Instant.now();
        CertificateAuthority authority = CertificateAuthority.create(random, now);
        return TlsPosture.NONE
                .trusting(authority)
                .showing(authority.issue(CertificateRequest.server("dc1", "consul"), random, now));
    }

    @AfterAll
    static void end() {
        SYSTEM.terminate();
    }

    @Nested
    @NeedsPeer("openssl")
    class ToOpenSsl {
        @ParameterizedTest(name = "{0} {1} {2}: {3}")
        @CsvSource({
            "tls12, -tls1_3, -ciphersuites TLS_AES_128_GCM_SHA256, TLSv1.3",
            "tls12, -tls1_3, -ciphersuites TLS_AES_256_GCM_SHA384, TLSv1.3",
            "tls12, -tls1_2, -cipher ECDHE-ECDSA-AES128-GCM-SHA256, TLSv1.2",
            "tls12, -tls1_2, -cipher ECDHE-ECDSA-AES256-GCM-SHA384, TLSv1.2",
            "tls12, -tls1_2, -cipher ECDHE-ECDSA-AES128-SHA256, refused",
            "tls12, -tls1_2, -cipher ECDHE-ECDSA-AES128-SHA, refused",
            "tls12, -tls1_1, -cipher " + LOWEST + ", refused",
            "tls12, -tls1, -cipher " + LOWEST + ", refused",
            "tls13, -tls1_3, -ciphersuites TLS_AES_128_GCM_SHA256, TLSv1.3",
            "tls13, -tls1_2, -cipher ECDHE-ECDSA-AES128-GCM-SHA256, refused",
        })
        void isWhatTheFloorAllows(String floor, String version, String suites, String outcome) {
            try (LeaderServer server = server(floor);
                    TypeByteRelay relay = TypeByteRelay.to(server.address())) {
                Command command = Command.run(List.of(
                        "sh",
                        "-c",
                        Peers.program("openssl") + " s_client -connect " + relay.address() + " " + version + " "
                                + suites + " </dev/null"));

                if (outcome.equals("refused")) {
                    assertThat(command.out()).contains("Cipher is (NONE)");
                    assertThat(command.exit()).isNotZero();
                } else {
                    assertThat(command.out())
                            .contains("New, " + outcome + ", Cipher is " + suites.substring(suites.indexOf(' ') + 1));
                    assertThat(command.exit()).isZero();
                }
            }
        }
    }

    @Nested
    @NeedsPeer("sslscan")
    class ToSslscan {
        private static final Pattern CIPHER = Pattern.compile(
                "<cipher status=\"(?:preferred|accepted)\" sslversion=\"([^\"]+)\".* cipher=\"([^\"]+)\"");
        private static final Pattern PROTOCOL =
                Pattern.compile("<protocol type=\"(\\w+)\" version=\"([\\d.]+)\" enabled=\"1\"");

        @Test
        void isAeadWithForwardSecrecyAndNothingBelow12() {
            String scan = scan("tls12");

            assertThat(found(PROTOCOL, scan)).containsExactly("tls 1.2", "tls 1.3");
            assertThat(found(CIPHER, scan))
                    .contains("TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.3 TLS_AES_128_GCM_SHA256")
                    .allMatch(
                            suite -> suite.matches("TLSv1.2 ECDHE-.*(GCM|CHACHA20).*|TLSv1.3 TLS_.*(GCM|CHACHA20).*"));
        }

        @Test
        void isOnly13WhereTheFloorIs13() {
            String scan = scan("tls13");

            assertThat(found(PROTOCOL, scan)).containsExactly("tls 1.3");
            assertThat(found(CIPHER, scan)).isNotEmpty().allMatch(suite -> suite.startsWith("TLSv1.3 "));
        }

        private static String scan(String floor) {
            try (LeaderServer server = server(floor);
                    TypeByteRelay relay = TypeByteRelay.to(server.address())) {
                return Command.output(
                        List.of(Peers.program("sslscan").toString(), "--no-colour", "--xml=-", relay.address()));
            }
        }

        private static Set<String> found(Pattern pattern, String scan) {
            Set<String> found = new TreeSet<>();
            Stream.of(scan.split("\n", -1))
                    .map(pattern::matcher)
                    .filter(Matcher::find)
                    .forEach(match -> found.add(match.group(1) + " " + match.group(2)));
            return found;
        }
    }

    private static LeaderServer server(String floor) {
        return LeaderServer.start(
                SYSTEM,
                CERTIFIED.with("tls_min_version", floor).snapshot(),
                new InetSocketAddress(Site.ipv4(0).ip(), 0));
    }
}
