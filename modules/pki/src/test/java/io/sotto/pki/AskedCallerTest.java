package io.sotto.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callers that are asked for a certificate by an agent that lets everybody in. */
@DisplayName("where nobody has to show a certificate")
class AskedCallerTest {
    private final Forge forge = new Forge();
    private final TlsSnapshot served = Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()));

    @Test
    void aServerProvesThatItIsOne() {
        assertThat(callerOf(forge.server()).role()).isEqualTo(PeerRole.SERVER);
    }

    @Test
    void aMemberProvesThatItIsOneAndWhichNodeItIs() {
        PeerIdentity bound = callerOf(forge.issue(
                CertificateRequest.client("dc1", "consul").with(List.of("Web-1.node.dc1.consul"), List.of())));
        assertThat(bound.role()).isEqualTo(PeerRole.MEMBER);
        assertThat(bound.mayBe("web-1", "dc1")).isTrue();
        assertThat(bound.mayBe("web-2", "dc1")).isFalse();
        assertThat(bound.mayBe("web-1", "dc2")).isFalse();
        assertThat(callerOf(forge.client()).mayBe("web-2", "dc1")).isTrue();
        assertThat(callerOf(forge.issue(CertificateRequest.client("dc1", "consul")
                                .with(List.of("*.node.dc1.consul"), List.of())))
                        .mayBe("web-1", "dc1"))
                .isFalse();
    }

    @Test
    void aCertificateThatProvesNothingCountsAsNoneAndTheCallerIsLetInAllTheSame() {
        assertThat(callerOf(new Forge().server()).role()).isEqualTo(PeerRole.UNPROVEN);
        assertThat(callerOf(forge.issue(CertificateRequest.server("dc1", "consul")
                                .valid(Duration.ofDays(-10), Duration.ofDays(9))))
                        .role())
                .isEqualTo(PeerRole.UNPROVEN);
        assertThat(callerOf(forge.issue(
                                CertificateRequest.server("dc1", "consul").withUsages(List.of(Usage.SERVER))))
                        .role())
                .isEqualTo(PeerRole.UNPROVEN);
        assertThat(callerOf(forge.issue(CertificateRequest.server("dc2", "consul")))
                        .role())
                .isEqualTo(PeerRole.MEMBER);
    }

    @Test
    void aCallerWithoutOneIsLetInAndProvesNothing() {
        TlsSnapshot bare = Forge.snapshot(forge.settings(Dialect.SOTTO).verifyOutgoing(true));
        assertThat(identified(bare)).isEqualTo(PeerIdentity.unproven());
    }

    @Test
    void whoHasNoAuthorityAsksNobody() {
        IssuedCertificate own = forge.server();
        TlsSnapshot blind = Forge.snapshot(TlsSettings.builder(Dialect.SOTTO)
                .certificate(own.certificateSource())
                .key(own.keySource()));
        SSLEngine to = blind.acceptAsking(List.of());
        assertThat(to.getWantClientAuth()).isFalse();
    }

    @Test
    void whereOneHasToBeShownAskingRefusesAsBefore() {
        TlsSnapshot verifying =
                Forge.snapshot(forge.settings(Dialect.SOTTO, forge.server()).verifyIncoming(true));
        TlsSnapshot dialler = Forge.snapshot(
                forge.settings(Dialect.SOTTO, new Forge().client()).verifyOutgoing(true));
        assertThat(EnginePair.talk(dialler.dial(PeerRole.SERVER), verifying.acceptAsking(List.of()))
                        .works())
                .isFalse();
    }

    private PeerIdentity callerOf(IssuedCertificate presented) {
        return identified(
                Forge.snapshot(forge.settings(Dialect.SOTTO, presented).verifyOutgoing(true)));
    }

    private PeerIdentity identified(TlsSnapshot dialler) {
        SSLEngine to = served.acceptAsking(List.of());
        assertThat(EnginePair.talk(dialler.dial(PeerRole.SERVER), to).works()).isTrue();
        return served.identifyCaller(to.getSession());
    }
}
