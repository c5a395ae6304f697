package io.sotto.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.pki.pem.PemSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class TlsSnapshotTest {
    private final Forge forge = new Forge();

    @Test
    void noneIsOff() {
        TlsSnapshot none = TlsSnapshot.none();
        assertThat(none.mayDialTls()).isFalse();
        assertThat(none.servesTls()).isFalse();
        assertThat(none.howToDial(true)).isEqualTo(Dial.PLAIN);
        assertThat(none.inbound()).isEqualTo(new Inbound(true, false, false));
        assertThatThrownBy(() -> none.dial(PeerRole.SERVER)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> none.accept(List.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theServerNameIsSentOnlyWhereItIsChecked() throws SSLException {
        TlsSnapshot checking = Forge.snapshot(forge.settings(Dialect.CONSUL).verifyServerHostname(true));
        TlsSnapshot trusting = Forge.snapshot(forge.settings(Dialect.CONSUL).verifyOutgoing(true));
        assertThat(hello(checking.dial(PeerRole.SERVER))).contains("server.dc1.consul");
        assertThat(hello(checking.dial(PeerRole.SERVER, "dc_2"))).contains("server.dc_2.consul");
        assertThat(hello(checking.dial(PeerRole.MEMBER))).doesNotContain("consul");
        assertThat(hello(trusting.dial(PeerRole.SERVER))).doesNotContain("consul");
    }

    @Test
    void theHelloOffersTheGroupsThatRealAgentsHave() throws SSLException {
        String hello = hello(Forge.snapshot(forge.settings(Dialect.CONSUL).verifyOutgoing(true))
                .dial(PeerRole.SERVER));
        assertThat(hello).contains("\u0000\u001d", "\u0000\u0017", "\u0000\u0018", "\u0000\u0019");
    }

    @Test
    void anOldClientIsRefused() {
        TlsSnapshot served =
                Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()).minVersion("tls13"));
        SSLEngine old = Forge.snapshot(forge.settings(Dialect.SOTTO).verifyOutgoing(true))
                .dial(PeerRole.SERVER);
        SSLParameters parameters = old.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.2"});
        old.setSSLParameters(parameters);
        EnginePair.Outcome outcome = EnginePair.talk(old, served.accept(List.of()));
        assertThat(PeerRefused.from(outcome.dialler().orElseThrow()))
                .isEqualTo(new PeerRefused(
                        Reason.NO_COMMON_PROTOCOL, "remote error: tls: protocol version not supported"));
        assertThat(PeerRefused.from(outcome.server().orElseThrow()).reason()).isEqualTo(Reason.NO_COMMON_PROTOCOL);
    }

    @Test
    void aPeerOfVersionTwelveIsServedWithForwardSecrecy() {
        TlsSnapshot served =
                Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()).verifyIncoming(true));
        SSLEngine old = Forge.snapshot(
                        forge.settings(Dialect.SOTTO, forge.client()).verifyOutgoing(true))
                .dial(PeerRole.SERVER);
        SSLParameters parameters = old.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.2"});
        old.setSSLParameters(parameters);
        SSLEngine to = served.accept(List.of());
        assertThat(EnginePair.talk(old, to).works()).isTrue();
        assertThat(to.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(served.identify(to.getSession()).role()).isEqualTo(PeerRole.MEMBER);
    }

    @Test
    void protocolsAreAgreedOnOnlyIfBothHaveThem() {
        TlsSnapshot served = Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()));
        assertThat(agreed(served, "consul/rpc-multi")).isEqualTo("consul/rpc-multi");
        assertThat(agreed(served, "bogus")).isEmpty();
        assertThat(agreed(served)).isEmpty();
    }

    @Test
    void validityIsCheckedWhenThePeerComesNotWhenTheSnapshotIsMade() throws InvalidTlsException {
        AtomicReference<Instant> now = new AtomicReference<>(Forge.NOW);
        InstantSource time = now::get;
        TlsSnapshot dialler = TlsSnapshot.create(
                forge.settings(Dialect.SOTTO).verifyOutgoing(true).build(), 7, time);
        TlsSnapshot served = Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()));
        assertThat(dialler.generation()).isEqualTo(7);
        assertThat(EnginePair.talk(dialler.dial(PeerRole.SERVER), served.accept(List.of()))
                        .works())
                .isTrue();
        now.set(Forge.NOW.plus(Duration.ofDays(365)).plusSeconds(1));
        EnginePair.Outcome outcome = EnginePair.talk(dialler.dial(PeerRole.SERVER), served.accept(List.of()));
        assertThat(PeerRefused.from(outcome.dialler().orElseThrow()).reason()).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void noSessionIsResumed() {
        TlsSnapshot dialler = Forge.snapshot(forge.settings(Dialect.SOTTO).verifyOutgoing(true));
        TlsSnapshot served = Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()));
        SSLEngine first = dialler.dial(PeerRole.SERVER);
        SSLEngine second = dialler.dial(PeerRole.SERVER);
        assertThat(EnginePair.talk(first, served.accept(List.of())).works()).isTrue();
        assertThat(EnginePair.talk(second, served.accept(List.of())).works()).isTrue();
        assertThat(second.getSession().getSessionContext())
                .isNotSameAs(first.getSession().getSessionContext());
    }

    @Test
    void aKeyOfAnotherCertificateIsAFault() {
        TlsSettings mixed = forge.settings(Dialect.CONSUL)
                .certificate(forge.server().certificateSource())
                .key(forge.server().keySource())
                .build();
        assertThat(faults(mixed))
                .singleElement()
                .asString()
                .startsWith("Failed to load cert/key pair: tls: private key does not match public key");
    }

    @Test
    void everyFaultIsToldAtOnceAndNoneShowsContent() {
        PemSource secret = PemSource.of(
                "key.pem",
                "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0IHNlY3JldA==\n-----END EC PRIVATE KEY-----\n"
                        .getBytes(StandardCharsets.US_ASCII));
        List<String> faults = faults(TlsSettings.builder(Dialect.SOTTO)
                .authorities(List.of(secret))
                .certificate(forge.server().certificateSource())
                .key(secret)
                .revocations(List.of(secret))
                .build());
        assertThat(faults)
                .containsExactly(
                        "key.pem: expected a certificate, found EC PRIVATE KEY",
                        "key.pem: expected a revocation list (X509 CRL), found EC PRIVATE KEY",
                        "Failed to load cert/key pair: key.pem, line 1: the private key (SEC1) cannot be read");
        assertThat(secret.toString()).isEqualTo("PemSource[key.pem, " + secret.bytes().length + " bytes]");
    }

    @Test
    void aListThatWasTamperedWithIsAFaultAndOneOfAStrangerHarmsNobody() {
        byte[] strange = new Forge().authority.revocationsPem(List.of(), Forge.NOW, Forge.NOW.plusSeconds(60));
        assertThat(Forge.snapshot(forge.settings(Dialect.SOTTO).revocations(List.of(PemSource.of("crl", strange))))
                        .warnings())
                .isEmpty();
        String list = new String(
                forge.authority.revocationsPem(
                        List.of(forge.server().certificate()), Forge.NOW, Forge.NOW.plusSeconds(60)),
                StandardCharsets.US_ASCII);
        String[] lines = list.split("\n");
        byte[] der = Base64.getDecoder().decode(String.join("", List.of(lines).subList(1, lines.length - 1)));
        der[der.length - 1] ^= 1; // within the signature
        String changed = lines[0] + "\n" + Base64.getEncoder().encodeToString(der) + "\n" + lines[lines.length - 1];
        assertThat(faults(forge.settings(Dialect.SOTTO)
                        .revocations(List.of(PemSource.of("crl", changed.getBytes(StandardCharsets.US_ASCII))))
                        .build()))
                .singleElement()
                .asString()
                .startsWith("the revocation list of Consul Agent CA ")
                .endsWith("is not signed by that authority");
    }

    @Test
    void whatPeersWillRefuseIsWarnedOf() {
        IssuedCertificate expired =
                forge.issue(CertificateRequest.server("dc1", "consul").valid(Duration.ofDays(-3), Duration.ofDays(1)));
        TlsSnapshot snapshot = Forge.snapshot(forge.settings(Dialect.CONSUL, expired));
        assertThat(snapshot.selfCheck()).extracting(PeerRefused::reason).containsExactly(Reason.EXPIRED);
        assertThat(snapshot.warnings())
                .singleElement()
                .asString()
                .startsWith("peers will refuse this agent's certificate: x509: certificate has expired");
        IssuedCertificate half =
                forge.issue(CertificateRequest.server("dc1", "consul").withUsages(List.of(Usage.SERVER)));
        assertThat(Forge.snapshot(forge.settings(Dialect.CONSUL, half)).selfCheck())
                .extracting(PeerRefused::reason)
                .containsExactly(Reason.WRONG_USAGE);
        assertThat(Forge.snapshot(forge.settings(Dialect.CONSUL, forge.server()))
                        .selfCheck())
                .isEmpty();
        assertThat(Forge.snapshot(forge.settings(Dialect.CONSUL, new Forge().server()))
                        .selfCheck())
                .extracting(PeerRefused::reason)
                .containsExactly(Reason.UNKNOWN_AUTHORITY);
    }

    private String agreed(TlsSnapshot served, String... asked) {
        SSLEngine from = Forge.snapshot(forge.settings(Dialect.SOTTO).verifyOutgoing(true))
                .dial(PeerRole.MEMBER);
        SSLParameters parameters = from.getSSLParameters();
        parameters.setApplicationProtocols(asked);
        from.setSSLParameters(parameters);
        SSLEngine to = served.accept(List.of("consul/rpc-single", "consul/rpc-multi"));
        assertThat(EnginePair.talk(from, to).works()).isTrue();
        return to.getApplicationProtocol();
    }

    private static String hello(SSLEngine engine) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(1 << 15);
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        return StandardCharsets.ISO_8859_1.decode(out).toString();
    }

    private static List<String> faults(TlsSettings settings) {
        InvalidTlsException invalid = catchThrowableOfType(
                InvalidTlsException.class, () -> TlsSnapshot.create(settings, 1, InstantSource.fixed(Forge.NOW)));
        return invalid.faults();
    }
}
