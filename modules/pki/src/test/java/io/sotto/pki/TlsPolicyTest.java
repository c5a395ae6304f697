package io.sotto.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.pem.PemSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TlsPolicyTest {
    private static final PemSource SOME = PemSource.of("some.pem", new byte[] {1});

    @Test
    void certificatesAloneChangeNothingThatGoesOut() throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.CONSUL).build());
        assertThat(policy.howToDial(false)).isEqualTo(Dial.PLAIN);
        assertThat(policy.inbound()).isEqualTo(new Inbound(true, true, false));
        assertThat(policy.warnings()).isEmpty();
    }

    @Test
    void aPeerThatOffersTlsIsDialledByItIfThereIsACertificate() throws InvalidTlsException {
        assertThat(TlsPolicy.of(holding(Dialect.SOTTO).build()).howToDial(true)).isEqualTo(Dial.TLS);
        TlsSettings trusting =
                TlsSettings.builder(Dialect.SOTTO).authorities(List.of(SOME)).build();
        assertThat(TlsPolicy.of(trusting).howToDial(true)).isEqualTo(Dial.PLAIN);
        assertThat(TlsPolicy.of(trusting.toBuilder().verifyOutgoing(true).build())
                        .howToDial(false))
                .isEqualTo(Dial.TLS);
    }

    @Test
    void nobodyWhoHoldsNoAuthorityDialsTls() throws InvalidTlsException {
        TlsSettings settings =
                TlsSettings.builder(Dialect.SOTTO).certificate(SOME).key(SOME).build();
        TlsPolicy policy = TlsPolicy.of(settings);
        assertThat(policy.mayDialTls()).isFalse();
        assertThat(policy.howToDial(true)).isEqualTo(Dial.PLAIN);
        assertThat(policy.servesTls()).isTrue();
    }

    @Test
    void namesAreCheckedByDefaultInOurDialectAndOnlyOnRequestInTheOther() throws InvalidTlsException {
        TlsPolicy ours =
                TlsPolicy.of(holding(Dialect.SOTTO).verifyOutgoing(true).build());
        assertThat(ours.checksServerNames()).isTrue();
        assertThat(ours.warnings()).isEmpty();
        TlsPolicy theirs =
                TlsPolicy.of(holding(Dialect.CONSUL).verifyOutgoing(true).build());
        assertThat(theirs.checksServerNames()).isFalse();
        assertThat(theirs.warnings())
                .containsExactly("verify_server_hostname is off: any certificate of the authority can act as a server");
    }

    @ParameterizedTest
    @CsvSource({
        "server.dc1.consul, dc1",
        "SERVER.Dc2.Consul, dc2",
        "client.dc1.consul, ''",
        "server.dc1.example, ''",
        "server..consul, ''",
        "server.consul, ''",
        "server.*.consul, ''",
        "server.a.b.consul, ''",
        "*.dc1.consul, ''",
        "xserver.dc1.consul, ''",
        "server.dc1.consul.evil.example, ''"
    })
    void onlyTheWholeNameOfAServerProvesItsDatacenter(String name, String datacenter) throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.CONSUL).build());
        assertThat(policy.datacentersOf(List.of("localhost", name)))
                .isEqualTo(datacenter.isEmpty() ? Set.of() : Set.of(datacenter));
    }

    @Test
    void aCertificateMayProveServersOfSeveralDatacentersOfThisDomainAlone() throws InvalidTlsException {
        TlsPolicy policy =
                TlsPolicy.of(holding(Dialect.CONSUL).domain("kennel.example").build());
        assertThat(policy.datacentersOf(List.of(
                        "server.dc1.kennel.example", "server.dc2.kennel.example", "server.dc3.consul", "localhost")))
                .containsExactlyInAnyOrder("dc1", "dc2");
    }

    @Test
    void theDefaultOfOurDialectImpliesNoOutgoingTls() throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.SOTTO).build());
        assertThat(policy.checksServerNames()).isTrue();
        assertThat(policy.verifyOutgoing()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void verifyServerHostnameImpliesVerifyOutgoing(Dialect dialect) throws InvalidTlsException {
        TlsPolicy policy =
                TlsPolicy.of(holding(dialect).verifyServerHostname(true).build());
        assertThat(policy.verifyOutgoing()).isTrue();
        assertThat(policy.checksServerNames()).isTrue();
    }

    @Test
    void ourDialectRefusesAContradictionThatRealAgentsOverrule() throws InvalidTlsException {
        assertThat(faults(holding(Dialect.SOTTO).verifyServerHostname(true).verifyOutgoing(false)))
                .containsExactly(
                        "verify-server-hostname is on and verify-outgoing is off: the first implies the second");
        assertThat(TlsPolicy.of(holding(Dialect.CONSUL)
                                .verifyServerHostname(true)
                                .verifyOutgoing(false)
                                .build())
                        .verifyOutgoing())
                .isTrue();
    }

    @Test
    void aCertificateWithoutAKeyIsNoneThereAndAFaultHere() throws InvalidTlsException {
        TlsPolicy theirs = TlsPolicy.of(
                TlsSettings.builder(Dialect.CONSUL).certificate(SOME).build());
        assertThat(theirs.servesTls()).isFalse();
        assertThat(theirs.warnings())
                .containsExactly(
                        "a certificate without a key is given: there is no certificate then; set cert_file and key_file");
        assertThat(faults(TlsSettings.builder(Dialect.SOTTO).key(SOME)))
                .containsExactly("a key without a certificate is given: cert-file and key-file go together");
    }

    @Test
    void fatalFaultsAreInTheWordsOfRealAgents() {
        TlsSettings.Builder none = TlsSettings.builder(Dialect.CONSUL);
        assertThat(faults(none.verifyOutgoing(true)))
                .containsExactly("VerifyOutgoing set, and no CA certificate provided!");
        assertThat(faults(TlsSettings.builder(Dialect.CONSUL).verifyIncomingHttps(true)))
                .containsExactly(
                        "VerifyIncoming set but no CA certificates were provided",
                        "VerifyIncoming requires either a Cert and Key pair in the configuration file, or"
                                + " auto_encrypt/auto_config be enabled");
        assertThat(faults(TlsSettings.builder(Dialect.CONSUL).minVersion("tls14")))
                .containsExactly(
                        "TLSMinVersion: value tls14 not supported, please specify one of [tls10, tls11, tls12, tls13]");
        assertThat(faults(TlsSettings.builder(Dialect.CONSUL).cipherSuites("FOO")))
                .containsExactly("tls_cipher_suites: invalid tls cipher suites: unsupported cipher \"FOO\"");
    }

    @Test
    void verifyIncomingOfOneListenerLeavesTheOtherOpen() throws InvalidTlsException {
        TlsPolicy rpc =
                TlsPolicy.of(holding(Dialect.CONSUL).verifyIncomingRpc(true).build());
        assertThat(rpc.inbound()).isEqualTo(new Inbound(false, true, true));
        assertThat(rpc.inboundHttps()).isEqualTo(new Inbound(false, true, false));
        TlsPolicy https =
                TlsPolicy.of(holding(Dialect.CONSUL).verifyIncomingHttps(true).build());
        assertThat(https.inbound()).isEqualTo(new Inbound(true, true, false));
        assertThat(https.inboundHttps()).isEqualTo(new Inbound(false, true, true));
    }

    @ParameterizedTest
    @CsvSource({"tls10,TLS_1_2", "tls11,TLS_1_2", "tls12,TLS_1_2", "tls13,TLS_1_3", "TLSv1_2,TLS_1_2", "TLSv1_3,TLS_1_3"
    })
    void theFloorIsReadAndNeverBelowTwelve(String word, TlsVersion version) throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.CONSUL).minVersion(word).build());
        assertThat(policy.minVersion()).isEqualTo(version);
        assertThat(policy.warnings().isEmpty()).isEqualTo(!word.endsWith("0") && !word.endsWith("11"));
    }

    @Test
    void suitesCanBeNarrowedAndNotWidened() throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.CONSUL)
                .cipherSuites(
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305,TLS_RSA_WITH_AES_128_CBC_SHA")
                .build());
        assertThat(policy.cipherSuites())
                .containsExactly(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
        assertThat(policy.warnings()).hasSize(1);
    }

    @Test
    void withoutAListEverySuiteHasForwardSecrecyAndAnAead() throws InvalidTlsException {
        assertThat(TlsPolicy.of(holding(Dialect.CONSUL).build()).cipherSuites())
                .hasSize(9)
                .allMatch(name -> name.matches("TLS_(AES|CHACHA20)_.*|TLS_ECDHE_(ECDSA|RSA)_WITH_.*(GCM|POLY1305).*"));
    }

    @Test
    void theServerNameIsLowerCaseAndWithoutATrailingDot() throws InvalidTlsException {
        TlsPolicy policy = TlsPolicy.of(holding(Dialect.SOTTO)
                .domain("Consul.Example.")
                .datacenter("DC-1")
                .build());
        assertThat(policy.serverName()).isEqualTo("server.dc-1.consul.example");
        assertThat(policy.serverName("Dc2")).isEqualTo("server.dc2.consul.example");
        assertThat(faults(holding(Dialect.SOTTO).domain("a..b"))).hasSize(1);
    }

    @Test
    void verifyIncomingAloneIsWarnedOf() throws InvalidTlsException {
        assertThat(TlsPolicy.of(holding(Dialect.CONSUL).verifyIncoming(true).build())
                        .warnings())
                .containsExactly("verify_incoming without verify_outgoing: this agent cannot call servers that verify,"
                        + " itself included");
    }

    private static TlsSettings.Builder holding(Dialect dialect) {
        return TlsSettings.builder(dialect)
                .authorities(List.of(SOME))
                .certificate(SOME)
                .key(SOME);
    }

    private static List<String> faults(TlsSettings.Builder settings) {
        TlsSettings built = settings.build();
        InvalidTlsException invalid = catchThrowableOfType(InvalidTlsException.class, () -> TlsPolicy.of(built));
        return invalid.faults();
    }
}
