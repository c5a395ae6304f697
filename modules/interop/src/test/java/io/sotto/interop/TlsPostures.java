package io.sotto.interop;

import io.sotto.pki.Usage;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The settings behind the names in {@link TlsMatrix}, with certificates fresh from two authorities. Source: as there. */
final class TlsPostures {
    private static final String INCOMING = "incoming";
    private static final String OUTGOING = "outgoing";
    private static final String HOSTNAME = "server_hostname";
    /** Nothing that an EC key could use. */
    private static final String RSA_SUITES =
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

    private static final Duration DAY = Duration.ofDays(1);

    private final SecureRandom random = new SecureRandom();
    private final Instant now = Instant.now();
    private final CertificateAuthority authority = CertificateAuthority.create(random, now.minus(DAY));
    private final CertificateAuthority other = CertificateAuthority.create(random, now.minus(DAY));
    private final CertificateRequest serverRequest = CertificateRequest.server("dc1", "consul");
    private final CertificateRequest clientRequest = CertificateRequest.client("dc1", "consul");
    private final IssuedCertificate server = issue(serverRequest);
    private final IssuedCertificate client = issue(clientRequest);
    private final Map<String, TlsPosture> servers = new HashMap<>();
    private final Map<String, TlsPosture> clients = new HashMap<>();

    TlsPostures() {
        plainRows();
        rowsOfOtherCertificates();
        rowsOfOtherSettings();
        plainColumns();
        columnsOfOtherCertificates();
    }

    TlsPosture server(TlsMatrix.Cell cell) {
        return known(servers, cell.server());
    }

    TlsPosture client(TlsMatrix.Cell cell) {
        return known(clients, cell.client());
    }

    private static TlsPosture known(Map<String, TlsPosture> postures, String name) {
        TlsPosture posture = postures.get(name);
        if (posture == null) {
            throw new IllegalArgumentException("no settings are known for " + name);
        }
        return posture;
    }

    private void plainRows() {
        TlsPosture certs = shown(server);
        servers.put("S0 none", TlsPosture.NONE);
        servers.put("S1 certs only", certs);
        servers.put("S2 certs+vout", certs.verifying(OUTGOING));
        servers.put("S3 certs+vin", certs.verifying(INCOMING));
        servers.put("S4 certs+vin+vout", certs.verifying(INCOMING, OUTGOING));
        servers.put("S5 S4+vsh", certs.verifying(INCOMING, OUTGOING, HOSTNAME));
        servers.put("server normal vin+vout", certs.verifying(INCOMING, OUTGOING));
    }

    private void rowsOfOtherCertificates() {
        servers.put(
                "server presents CLIENT cert (SAN client.dc1.consul, both EKU), vin+vout",
                shown(client).verifying(INCOMING, OUTGOING));
        servers.put(
                "server presents dc2 server cert, vin+vout",
                shown(issue(CertificateRequest.server("dc2", "consul").with(List.of("foo.example"), List.of())))
                        .verifying(INCOMING, OUTGOING));
        servers.put(
                "server cert EKU clientAuth only, vin+vout",
                shown(issue(serverRequest.withUsages(List.of(Usage.CLIENT)))).verifying(INCOMING, OUTGOING));
        TlsPosture serverOnly = shown(issue(serverRequest.withUsages(List.of(Usage.SERVER))));
        servers.put("server cert EKU serverAuth only, certs only", serverOnly);
        servers.put(
                "server cert EKU serverAuth only, vin+vout (self-RPC check)", serverOnly.verifying(INCOMING, OUTGOING));
        servers.put(
                "server cert no EKU (cli-type), vin+vout",
                shown(issue(serverRequest.withUsages(List.of()))).verifying(INCOMING, OUTGOING));
        servers.put("server cert EXPIRED, certs only", shown(expired(serverRequest)));
        servers.put(
                "server cert NOT YET VALID, certs only", shown(issue(serverRequest.valid(DAY.multipliedBy(5), DAY))));
        servers.put(
                "server cert from OTHER CA (server trusts other CA), certs only",
                TlsPosture.NONE.trusting(other).showing(other.issue(serverRequest, random, now)));
    }

    private void rowsOfOtherSettings() {
        TlsPosture certs = shown(server);
        servers.put("server vin only_rpc (verify_incoming_rpc)", certs.verifying("incoming_rpc"));
        servers.put("server vin https only (verify_incoming_https)", certs.verifying("incoming_https"));
        servers.put(
                "server tls_min_version tls12 vin+vout",
                certs.verifying(INCOMING, OUTGOING).with("tls_min_version", "tls12"));
        servers.put(
                "server suites RSA only TLS1.2",
                certs.verifying(INCOMING, OUTGOING).with("tls_cipher_suites", RSA_SUITES));
        servers.put(
                "server custom domain acme vsh (cert server.dc1.consul)",
                certs.verifying(INCOMING, OUTGOING, HOSTNAME).with("domain", "acme"));
    }

    private void plainColumns() {
        TlsPosture certs = shown(client);
        TlsPosture both = certs.verifying(INCOMING, OUTGOING);
        TlsPosture trust = TlsPosture.NONE.trusting(authority);
        clients.put("C0 none", TlsPosture.NONE);
        clients.put("client none", TlsPosture.NONE);
        clients.put("C1 certs only", certs);
        clients.put("C2 ca+vout", trust.verifying(OUTGOING));
        clients.put("client vout no cert", trust.verifying(OUTGOING));
        clients.put("C2b certs+vout", certs.verifying(OUTGOING));
        clients.put("client vout", certs.verifying(OUTGOING));
        clients.put("C3 certs+vin", certs.verifying(INCOMING));
        clients.put("C4 certs+vin+vout", both);
        clients.put("client vin+vout", both);
        clients.put("C5 C4+vsh", both.verifying(HOSTNAME));
        clients.put("client +vsh", both.verifying(HOSTNAME));
        clients.put("client tls13", both.with("tls_min_version", "tls13"));
        // As the real default: ours has nothing below, and takes that for a fault.
        clients.put("client tls10 default", both.with("tls_min_version", "tls12"));
        clients.put("client domain acme vsh", both.verifying(HOSTNAME).with("domain", "acme"));
        clients.put("client domain consul vsh", both.verifying(HOSTNAME).with("domain", "consul"));
    }

    private void columnsOfOtherCertificates() {
        clients.put("client cert EXPIRED, vout", shown(expired(clientRequest)).verifying(OUTGOING));
        TlsPosture stranger = shown(other.issue(clientRequest, random, now)).verifying(OUTGOING);
        clients.put("client cert from OTHER CA (trusts consul CA), vout", stranger);
        clients.put("client cert OTHER CA and trusts OTHER CA, vout", stranger.trusting(other));
        clients.put(
                "client cert EKU serverAuth only, vout",
                shown(issue(clientRequest.withUsages(List.of(Usage.SERVER)))).verifying(OUTGOING));
        clients.put(
                "client cert EKU clientAuth only, vout",
                shown(issue(clientRequest.withUsages(List.of(Usage.CLIENT)))).verifying(OUTGOING));
        clients.put(
                "client no-EKU cli cert, vout",
                shown(issue(CertificateRequest.cli("dc1", "consul"))).verifying(OUTGOING));
        clients.put("client using SERVER cert, vsh", shown(server).verifying(OUTGOING, HOSTNAME));
    }

    private TlsPosture shown(IssuedCertificate certificate) {
        return TlsPosture.NONE.trusting(authority).showing(certificate);
    }

    private IssuedCertificate issue(CertificateRequest request) {
        return authority.issue(request, random, now);
    }

    private IssuedCertificate expired(CertificateRequest request) {
        return issue(request.valid(DAY.negated(), DAY.dividedBy(2)));
    }
}
