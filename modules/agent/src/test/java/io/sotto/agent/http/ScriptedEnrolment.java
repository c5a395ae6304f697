package io.sotto.agent.http;

import io.sotto.cluster.Enrolment;
import io.sotto.cluster.enrolment.EnrolledFiles;
import io.sotto.cluster.enrolment.EnrolmentOffice.TokenOutcome;
import io.sotto.pki.CertificateFacts;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.pki.enrolment.NodeNames;
import io.sotto.pki.enrolment.TokenSecret;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes tokens for whom they can be made, enrols {@code web-1} only, and remembers what it was asked. */
public final class ScriptedEnrolment implements Enrolment {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.create(RANDOM, Instant.parse("2026-01-01T00:00:00Z"));

    public final List<String> asked = new ArrayList<>();

    @Override
    public CompletionStage<TokenOutcome> token(String node, EnrolRole role, Duration ttl) {
        asked.add("token " + node + " " + role + " " + ttl);
        return CompletableFuture.completedFuture(
                NodeNames.isPossible(node)
                        ? new TokenOutcome.Made(made(node, role))
                        : new TokenOutcome.Refused("no such name"));
    }

    public static JoinToken made(String node, EnrolRole role) {
        return new JoinToken(
                node,
                role,
                "ca",
                Instant.parse("2030-01-01T00:00:00Z"),
                CertificateFacts.of(AUTHORITY.certificate()).fingerprint(),
                TokenSecret.draw(RANDOM));
    }

    @Override
    public CompletionStage<Outcome> enrol(JoinToken token, Optional<InetSocketAddress> at) {
        asked.add("enrol " + token.node()
                + at.map(address -> " at " + address.getPort()).orElse(""));
        if (!token.node().equals("web-1")) {
            return CompletableFuture.completedFuture(new Outcome.Refused("the token is for " + token.node()));
        }
        var certificate = AUTHORITY
                .issue(
                        NodeNames.request("web-1", token.role(), "dc1", "consul", Duration.ofDays(1)),
                        RANDOM,
                        Instant.now())
                .certificate();
        return CompletableFuture.completedFuture(new Outcome.Enrolled(
                new EnrolledFiles(Path.of("/d/ca.pem"), Path.of("/d/cert.pem"), Path.of("/d/key.pem")),
                CertificateFacts.of(certificate),
                "so to say"));
    }
}
