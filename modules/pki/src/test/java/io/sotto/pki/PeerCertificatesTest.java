package io.sotto.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.pki.pem.PemSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of certificate of the specification's matrix, on both sides, engine against engine. */
class PeerCertificatesTest {
    private static final String SERVER_NAME = "server.dc1.consul";

    private final Forge forge = new Forge();
    private final IssuedCertificate server = forge.server();
    private final IssuedCertificate client = forge.client();

    private enum Names {
        CHECKED,
        UNCHECKED
    }

    @ParameterizedTest
    @EnumSource
    void aRightServerIsLetIn(Names names) {
        assertThat(dial(server, names).works()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls12", "tls13"})
    void bothVersionsWork(String floor) {
        TlsSnapshot dialler = Forge.snapshot(
                forge.settings(Dialect.SOTTO, client).verifyOutgoing(true).minVersion(floor));
        TlsSnapshot served = Forge.snapshot(
                forge.settings(Dialect.SOTTO, server).verifyOutgoing(true).verifyIncoming(true));
        SSLEngine from = dialler.dial(PeerRole.SERVER);
        SSLEngine to = served.accept(List.of());
        assertThat(EnginePair.talk(from, to).works()).isTrue();
        assertThat(from.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(dialler.identify(from.getSession()).role()).isEqualTo(PeerRole.SERVER);
        PeerIdentity caller = served.identify(to.getSession());
        assertThat(caller.role()).isEqualTo(PeerRole.MEMBER);
        assertThat(caller.leaf().orElseThrow().commonName()).isEqualTo("client.dc1.consul");
    }

    @Test
    void aClientsCertificateIsNoServer() {
        PeerRefused refused = refusedByDialler(client, Names.CHECKED);
        assertThat(refused.reason()).isEqualTo(Reason.WRONG_NAME);
        assertThat(refused.reason().actsAsServer()).isTrue();
        assertThat(refused.text())
                .isEqualTo("x509: certificate is valid for client.dc1.consul, localhost, not server.dc1.consul");
        assertThat(refused.explain())
                .contains("expected the DNS name server.dc1.consul", "found client.dc1.consul, localhost");
        assertThat(refused.certificate().orElseThrow().commonName()).isEqualTo("client.dc1.consul");
    }

    @Test
    void aClientsCertificateWithoutNameCheckIsLetInAndStillNoServer() {
        TlsSnapshot dialler = diallerThat(Names.UNCHECKED);
        SSLEngine from = dialler.dial(PeerRole.SERVER);
        assertThat(EnginePair.talk(from, serverWith(client).accept(List.of())).works())
                .isTrue();
        PeerIdentity identity = dialler.identify(from.getSession());
        assertThat(identity.role()).isEqualTo(PeerRole.MEMBER);
        assertThat(identity.wrong().orElseThrow().reason()).isEqualTo(Reason.WRONG_NAME);
    }

    @Test
    void aServerOfAnotherDatacenterIsNoneOfOurs() {
        IssuedCertificate other = forge.issue(CertificateRequest.server("dc2", "consul"));
        assertThat(dial(other, Names.UNCHECKED).works()).isTrue();
        assertThat(refusedByDialler(other, Names.CHECKED).text())
                .isEqualTo("x509: certificate is valid for server.dc2.consul, localhost, not server.dc1.consul");
        SSLEngine from = diallerThat(Names.CHECKED).dial(PeerRole.SERVER, "dc2");
        assertThat(EnginePair.talk(from, serverWith(other).accept(List.of())).works())
                .isTrue();
    }

    @Test
    void aDomainOfItsOwnIsPartOfTheName() {
        TlsSnapshot dialler = Forge.snapshot(
                forge.settings(Dialect.CONSUL).verifyServerHostname(true).domain("ACME."));
        EnginePair.Outcome outcome = EnginePair.talk(
                dialler.dial(PeerRole.SERVER), serverWith(server).accept(List.of()));
        assertThat(PeerRefused.from(outcome.dialler().orElseThrow()).text()).endsWith("not server.dc1.acme");
    }

    @Test
    void letterCaseOfTheNameDoesNotMatter() {
        assertThat(dial(
                                forge.issue(CertificateRequest.server("dc1", "consul")
                                        .withOnly(List.of("Server.DC1.Consul"))),
                                Names.CHECKED)
                        .works())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredServerIsRefused(Names names) {
        IssuedCertificate expired =
                forge.issue(CertificateRequest.server("dc1", "consul").valid(Duration.ofDays(-10), Duration.ofDays(9)));
        PeerRefused refused = refusedByDialler(expired, names);
        assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(refused.text())
                .isEqualTo(
                        "x509: certificate has expired or is not yet valid: current time 2026-11-22T12:00:00Z is after"
                                + " 2026-11-21T12:00:00Z");
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsNotYetValidIsRefused(Names names) {
        IssuedCertificate early =
                forge.issue(CertificateRequest.server("dc1", "consul").valid(Duration.ofDays(1), Duration.ofDays(9)));
        PeerRefused refused = refusedByDialler(early, names);
        assertThat(refused.reason()).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refused.text()).endsWith("current time 2026-11-22T12:00:00Z is before 2026-11-23T12:00:00Z");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWhoseUsageIsTheClientsIsRefused(Names names) {
        IssuedCertificate odd =
                forge.issue(CertificateRequest.server("dc1", "consul").withUsages(List.of(Usage.CLIENT)));
        PeerRefused refused = refusedByDialler(odd, names);
        assertThat(refused.reason()).isEqualTo(Reason.WRONG_USAGE);
        assertThat(refused.explain())
                .isEqualTo(
                        "x509: certificate specifies an incompatible key usage; expected serverAuth; found clientAuth");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithoutAnyUsageIsLetIn(Names names) {
        assertThat(dial(forge.issue(CertificateRequest.server("dc1", "consul").withUsages(List.of())), names)
                        .works())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aServerOfAnotherAuthorityIsRefused(Names names) {
        IssuedCertificate stranger = new Forge().server();
        PeerRefused refused = refusedByDialler(stranger, names);
        assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_AUTHORITY);
        assertThat(refused.text()).isEqualTo("x509: certificate signed by unknown authority");
        assertThat(refused.explain())
                .contains("expected a chain to Consul Agent CA ", "found server.dc1.consul issued by Consul Agent CA ");
    }

    @Test
    void aStrangersClientCertificateRaisesNoAlarm() {
        PeerRefused refused = refusedByDialler(new Forge().client(), Names.CHECKED);
        assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_AUTHORITY);
        assertThat(refused.reason().actsAsServer()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.dc1.consul", "server.*.consul", "s*.dc1.consul", "*"})
    void aWildcardIsNoServer(String name) {
        PeerRefused refused = refusedByDialler(
                forge.issue(CertificateRequest.server("dc1", "consul").withOnly(List.of(name))), Names.CHECKED);
        assertThat(refused.reason()).isEqualTo(name.equals("*") ? Reason.NAME_ONLY_IN_CN : Reason.WILDCARD);
        assertThat(refused.text()).isEqualTo("x509: certificate is valid for " + name + ", not " + SERVER_NAME);
    }

    @Test
    void aNameThatStandsOnlyInTheCommonNameIsNoServer() {
        PeerRefused without = refusedByDialler(
                forge.issue(CertificateRequest.server("dc1", "consul").withOnly(List.of())), Names.CHECKED);
        assertThat(without.reason()).isEqualTo(Reason.NAME_ONLY_IN_CN);
        assertThat(without.text()).isEqualTo("x509: certificate relies on legacy Common Name field, use SANs instead");
        PeerRefused with = refusedByDialler(
                forge.issue(CertificateRequest.client("dc1", "consul").withCommonName(SERVER_NAME)), Names.CHECKED);
        assertThat(with.reason()).isEqualTo(Reason.NAME_ONLY_IN_CN);
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedServerIsRefused(Names names) {
        byte[] list = forge.authority.revocationsPem(
                List.of(server.certificate()), Forge.NOW.minusSeconds(60), Forge.NOW.plusSeconds(60));
        PeerRefused refused =
                refusal(Forge.snapshot(dialling(names).revocations(List.of(PemSource.of("crl", list)))), server);
        assertThat(refused.reason()).isEqualTo(Reason.REVOKED);
        assertThat(refused.found())
                .contains(server.certificate().getSerialNumber().toString());
    }

    @Test
    void anOldRevocationListStillCountsAndIsWarnedOf() {
        byte[] list = forge.authority.revocationsPem(
                List.of(server.certificate()), Forge.NOW.minusSeconds(60), Forge.NOW.minusSeconds(30));
        TlsSnapshot dialler = Forge.snapshot(dialling(Names.CHECKED).revocations(List.of(PemSource.of("crl", list))));
        assertThat(refusal(dialler, server).reason()).isEqualTo(Reason.REVOKED);
        assertThat(dialler.warnings())
                .anyMatch(line -> line.contains("should have been renewed by 2026-11-22T11:59:30Z"));
    }

    @Test
    void aListThatNamesAnotherSerialDoesNotHarm() {
        byte[] list = forge.authority.revocationsPem(
                List.of(client.certificate()), Forge.NOW.minusSeconds(60), Forge.NOW.plusSeconds(60));
        TlsSnapshot dialler = Forge.snapshot(dialling(Names.CHECKED).revocations(List.of(PemSource.of("crl", list))));
        assertThat(EnginePair.talk(
                                dialler.dial(PeerRole.SERVER),
                                serverWith(server).accept(List.of()))
                        .works())
                .isTrue();
    }

    @Test
    void aRefusedServerLearnsOfItByAnAlert() {
        PeerRefused told = PeerRefused.from(dial(client, Names.CHECKED).server().orElseThrow());
        assertThat(told.reason()).isEqualTo(Reason.REFUSED_BY_PEER);
        assertThat(told.text()).startsWith("remote error: tls: ").endsWith(" certificate");
        byte[] list = forge.authority.revocationsPem(
                List.of(server.certificate()), Forge.NOW.minusSeconds(60), Forge.NOW.plusSeconds(60));
        TlsSnapshot dialler = Forge.snapshot(dialling(Names.CHECKED).revocations(List.of(PemSource.of("crl", list))));
        EnginePair.Outcome outcome = EnginePair.talk(
                dialler.dial(PeerRole.SERVER), serverWith(server).accept(List.of()));
        assertThat(PeerRefused.from(outcome.server().orElseThrow()).text())
                .isEqualTo("remote error: tls: revoked certificate");
    }

    @Test
    void aClientWithoutCertificateIsRefused() {
        EnginePair.Outcome outcome = EnginePair.talk(
                Forge.snapshot(forge.settings(Dialect.SOTTO).verifyOutgoing(true))
                        .dial(PeerRole.SERVER),
                verifying().accept(List.of()));
        PeerRefused refused = PeerRefused.from(outcome.server().orElseThrow());
        assertThat(refused.reason()).isEqualTo(Reason.NO_CERTIFICATE);
        assertThat(refused.text()).isEqualTo("tls: client didn't provide a certificate");
        assertThat(PeerRefused.from(outcome.dialler().orElseThrow()).text())
                .isEqualTo("remote error: tls: bad certificate");
    }

    @Test
    void clientsAreRefusedForTheirOwnReasons() {
        assertThat(refusedByServer(forge.issue(CertificateRequest.client("dc1", "consul")
                                .valid(Duration.ofDays(-10), Duration.ofDays(9))))
                        .reason())
                .isEqualTo(Reason.EXPIRED);
        assertThat(refusedByServer(new Forge().client()).text())
                .isEqualTo("x509: certificate signed by unknown authority");
        assertThat(refusedByServer(forge.issue(
                                CertificateRequest.client("dc1", "consul").withUsages(List.of(Usage.SERVER))))
                        .explain())
                .isEqualTo(
                        "x509: certificate specifies an incompatible key usage; expected clientAuth; found serverAuth");
    }

    @Test
    void clientsOfEveryRightKindAreLetInAndOnlyAServerIsOne() {
        assertThat(callerOf(forge.client()).role()).isEqualTo(PeerRole.MEMBER);
        assertThat(callerOf(forge.issue(CertificateRequest.cli("dc1", "consul")))
                        .role())
                .isEqualTo(PeerRole.MEMBER);
        assertThat(callerOf(forge.issue(
                                CertificateRequest.client("dc1", "consul").withUsages(List.of(Usage.CLIENT))))
                        .role())
                .isEqualTo(PeerRole.MEMBER);
        assertThat(callerOf(forge.issue(
                                CertificateRequest.client("dc1", "consul").withCommonName(SERVER_NAME)))
                        .role())
                .isEqualTo(PeerRole.MEMBER);
        assertThat(callerOf(forge.issue(
                                CertificateRequest.client("dc1", "consul").withOnly(List.of("*.dc1.consul"))))
                        .role())
                .isEqualTo(PeerRole.MEMBER);
        assertThat(callerOf(forge.server()).role()).isEqualTo(PeerRole.SERVER);
    }

    @Test
    void withoutVerifyIncomingNobodyIsAskedForACertificate() {
        TlsSnapshot served = serverWith(server);
        SSLEngine to = served.accept(List.of());
        assertThat(EnginePair.talk(diallerThat(Names.CHECKED).dial(PeerRole.SERVER), to)
                        .works())
                .isTrue();
        assertThat(served.identify(to.getSession())).isEqualTo(PeerIdentity.unproven());
    }

    @Test
    void aPresentedIntermediateLeadsToTheRoot() {
        CertificateAuthority middle = forge.authority.intermediate("middle", Forge.RANDOM, Forge.NOW);
        IssuedCertificate leaf = middle.issue(CertificateRequest.server("dc1", "consul"), Forge.RANDOM, Forge.NOW);
        TlsSnapshot whole = Forge.snapshot(forge.settings(Dialect.SOTTO)
                .certificate(PemSource.of("chain", both(leaf.certificatePem(), middle.certificatePem())))
                .key(leaf.keySource()));
        assertThat(EnginePair.talk(diallerThat(Names.CHECKED).dial(PeerRole.SERVER), whole.accept(List.of()))
                        .works())
                .isTrue();
        assertThat(refusedByDialler(leaf, Names.CHECKED).reason()).isEqualTo(Reason.UNKNOWN_AUTHORITY);
    }

    @Test
    void aRevokedIntermediateIsRefused() {
        CertificateAuthority middle = forge.authority.intermediate("middle", Forge.RANDOM, Forge.NOW);
        IssuedCertificate leaf = middle.issue(CertificateRequest.server("dc1", "consul"), Forge.RANDOM, Forge.NOW);
        byte[] list = forge.authority.revocationsPem(
                List.of(middle.certificate()), Forge.NOW.minusSeconds(60), Forge.NOW.plusSeconds(60));
        TlsSnapshot dialler = Forge.snapshot(dialling(Names.CHECKED).revocations(List.of(PemSource.of("crl", list))));
        assertThat(dialler.check(List.of(leaf.certificate(), middle.certificate()), Usage.SERVER, PeerRole.SERVER)
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.REVOKED);
    }

    @Test
    void aLeafCannotSignForAnother() {
        IssuedCertificate issuer = forge.server();
        CertificateAuthority false1 = new Forge().authority;
        IssuedCertificate leaf = false1.issue(CertificateRequest.server("dc1", "consul"), Forge.RANDOM, Forge.NOW);
        assertThat(diallerThat(Names.CHECKED)
                        .check(List.of(leaf.certificate(), issuer.certificate()), Usage.SERVER, PeerRole.SERVER)
                        .orElseThrow()
                        .reason())
                .isEqualTo(Reason.UNKNOWN_AUTHORITY);
    }

    @Test
    void anAuthoritySignsOnlyForWhatItMay() {
        CertificateAuthority narrow = CertificateAuthority.create(
                Forge.RANDOM, Forge.NOW, Duration.ofDays(10), List.of("consul", "localhost"));
        TlsSnapshot dialler = Forge.snapshot(TlsSettings.builder(Dialect.SOTTO)
                .authorities(List.of(narrow.source()))
                .verifyOutgoing(true));
        IssuedCertificate inside = narrow.issue(CertificateRequest.server("dc1", "consul"), Forge.RANDOM, Forge.NOW);
        IssuedCertificate outside = narrow.issue(
                CertificateRequest.server("dc1", "consul").with(List.of("bank.example"), List.of()),
                Forge.RANDOM,
                Forge.NOW);
        assertThat(dialler.check(List.of(inside.certificate()), Usage.SERVER, PeerRole.SERVER))
                .isEmpty();
        PeerRefused refused = dialler.check(List.of(outside.certificate()), Usage.SERVER, PeerRole.SERVER)
                .orElseThrow();
        assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN_NAME);
        assertThat(refused.found()).isEqualTo("bank.example");
    }

    @Test
    void eitherAuthorityOfADualBundleIsTrusted() {
        Forge next = new Forge();
        TlsSnapshot dialler = Forge.snapshot(TlsSettings.builder(Dialect.SOTTO)
                .authorities(List.of(PemSource.of(
                        "bundle", both(forge.authority.certificatePem(), next.authority.certificatePem()))))
                .verifyOutgoing(true));
        for (IssuedCertificate one : List.of(server, next.server())) {
            assertThat(EnginePair.talk(
                                    dialler.dial(PeerRole.SERVER),
                                    serverWith(one).accept(List.of()))
                            .works())
                    .isTrue();
        }
    }

    @Test
    void plaintextAndAMissingCertificateAreTold() throws Exception {
        SSLEngine engine = diallerThat(Names.CHECKED).dial(PeerRole.SERVER);
        assertThat(PeerRefused.from(failureOn(engine, TlsSnapshot.unrecognizedName())))
                .matches(refused -> refused.reason() == Reason.NO_TLS
                        && refused.text().equals("remote error: tls: unrecognized name"));
        SSLEngine other = diallerThat(Names.CHECKED).dial(PeerRole.SERVER);
        assertThat(PeerRefused.from(
                                failureOn(other, "HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII)))
                        .reason())
                .isEqualTo(Reason.PLAINTEXT);
    }

    private static Exception failureOn(SSLEngine engine, byte[] answer) throws Exception {
        engine.wrap(java.nio.ByteBuffer.allocate(0), java.nio.ByteBuffer.allocate(1 << 16));
        try {
            engine.unwrap(java.nio.ByteBuffer.wrap(answer), java.nio.ByteBuffer.allocate(1 << 16));
        } catch (javax.net.ssl.SSLException failure) {
            return failure;
        }
        throw new AssertionError("it was taken");
    }

    private TlsSettings.Builder dialling(Names names) {
        return forge.settings(Dialect.SOTTO, client).verifyOutgoing(true).verifyServerHostname(names == Names.CHECKED);
    }

    private TlsSnapshot diallerThat(Names names) {
        return Forge.snapshot(dialling(names));
    }

    private TlsSnapshot serverWith(IssuedCertificate own) {
        return Forge.snapshot(forge.settings(Dialect.SOTTO, own));
    }

    private TlsSnapshot verifying() {
        return Forge.snapshot(forge.settings(Dialect.SOTTO, server).verifyIncoming(true));
    }

    private EnginePair.Outcome dial(IssuedCertificate presented, Names names) {
        return EnginePair.talk(
                diallerThat(names).dial(PeerRole.SERVER), serverWith(presented).accept(List.of()));
    }

    private PeerRefused refusedByDialler(IssuedCertificate presented, Names names) {
        return refusal(diallerThat(names), presented);
    }

    private PeerRefused refusal(TlsSnapshot dialler, IssuedCertificate presented) {
        EnginePair.Outcome outcome = EnginePair.talk(
                dialler.dial(PeerRole.SERVER), serverWith(presented).accept(List.of()));
        return PeerRefused.from(outcome.dialler().orElseThrow());
    }

    private PeerRefused refusedByServer(IssuedCertificate presented) {
        TlsSnapshot dialler =
                Forge.snapshot(forge.settings(Dialect.SOTTO, presented).verifyOutgoing(true));
        EnginePair.Outcome outcome =
                EnginePair.talk(dialler.dial(PeerRole.SERVER), verifying().accept(List.of()));
        assertThat(PeerRefused.from(outcome.dialler().orElseThrow()).text()).startsWith("remote error: tls: ");
        return PeerRefused.from(outcome.server().orElseThrow());
    }

    private PeerIdentity callerOf(IssuedCertificate presented) {
        TlsSnapshot served = verifying();
        SSLEngine to = served.accept(List.of());
        Optional<javax.net.ssl.SSLException> failure = EnginePair.talk(
                        Forge.snapshot(forge.settings(Dialect.SOTTO, presented).verifyOutgoing(true))
                                .dial(PeerRole.SERVER),
                        to)
                .server();
        assertThat(failure).isEmpty();
        return served.identify(to.getSession());
    }

    private static byte[] both(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
