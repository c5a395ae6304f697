package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.pki.authority.IssuedCertificate;
import io.sotto.rpc.pool.Callee;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A running cluster goes from plaintext to mutual TLS with names checked, by reloads alone, and new certificates and a new
 * CA come to it, while every member calls every server all the time: not one call fails.
 *
 * <p>Source: the orders of steps are those of the public guide on agent encryption, and of the TLS specification, section 4.
 */
final class TlsMigrationIT {
    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WORDS = "said in a low voice";
    private static final String TLS_DIALLED = "031603";
    private static final int ROUNDS_BETWEEN_STEPS = 4;
    private static final long CALLS_OF_A_RENEWAL = 10_000;

    private final List<RpcMember> members = new ArrayList<>();
    private final Map<String, Map<String, Object>> settings = new HashMap<>();
    private final CertificateAuthority authority = TlsFiles.authority();

    @BeforeEach
    void startThreeServersAndThreeClients() {
        IntStream.rangeClosed(1, 3).forEach(i -> start("server-" + i));
        IntStream.rangeClosed(1, 3).forEach(i -> start("client-" + i));
        Awaitility.await("all see all")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(members)
                        .allSatisfy(member ->
                                assertThat(member.sotto().lan().members()).hasSize(members.size())));
    }

    private void start(String name) {
        RpcMember member = name.startsWith("server") ? RpcMember.server(name) : RpcMember.client(name);
        if (!members.isEmpty()) {
            member.join(members.get(0));
        }
        members.add(member);
    }

    @AfterEach
    void stop() {
        members.forEach(RpcMember::close);
    }

    @Test
    void theTwoStepsOfTheGuideLoseNoCall() {
        TlsFiles files = new TlsFiles(NodeFiles.directory("tls in two steps"));
        try (CallVigil vigil = vigil()) {
            hearWhatIsPlain();
            step(vigil, "certificates", member -> files.settings(issue(member), List.of(authority)));
            step(vigil, "all three at once", member -> demanding(member, true, true, true));
            hearNothingPlain(files, vigil);
            assertThat(vigil.failures()).isEmpty();
        }
    }

    @Test
    void threeStepsLoseNoCall() {
        TlsFiles files = new TlsFiles(NodeFiles.directory("tls in three steps"));
        try (CallVigil vigil = vigil()) {
            step(vigil, "certificates", member -> files.settings(issue(member), List.of(authority)));
            step(vigil, "outgoing", member -> demanding(member, false, true, true));
            step(vigil, "incoming", member -> demanding(member, true, true, true));
            hearNothingPlain(files, vigil);
            assertThat(vigil.failures()).isEmpty();
        }
    }

    @Test
    void newCertificatesAndANewCaLoseNoCall() {
        TlsFiles files = new TlsFiles(NodeFiles.directory("tls renewal"));
        CertificateAuthority next = TlsFiles.authority();
        members.forEach(member -> reload(member, verified(files.settings(issue(member), List.of(authority)))));
        try (CallVigil vigil = vigil()) {
            for (long calls = 0; calls < CALLS_OF_A_RENEWAL; calls = vigil.ended()) {
                step(vigil, "new certificates", member -> verified(files.settings(issue(member), List.of(authority))));
                step(vigil, "both CAs", member -> verified(files.settings(issue(member), List.of(authority, next))));
                step(
                        vigil,
                        "certificates of the new CA",
                        member -> verified(files.settings(issue(next, member), List.of(authority, next))));
                step(vigil, "the new CA alone", member -> verified(files.settings(issue(next, member), List.of(next))));
                step(
                        vigil,
                        "back: both",
                        member -> verified(files.settings(issue(next, member), List.of(next, authority))));
                step(
                        vigil,
                        "back: the old",
                        member -> verified(files.settings(issue(member), List.of(next, authority))));
            }
            assertThat(vigil.failures()).isEmpty();
        }
    }

    private CallVigil vigil() {
        List<Callee> servers = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Callee.member("server-" + i))
                .toList();
        return CallVigil.over(members, servers, WORDS, INTERVAL);
    }

    private IssuedCertificate issue(RpcMember member) {
        return issue(authority, member);
    }

    private static IssuedCertificate issue(CertificateAuthority authority, RpcMember member) {
        return TlsFiles.issue(
                authority,
                member.name().startsWith("server")
                        ? CertificateRequest.server("dc1", "consul")
                        : CertificateRequest.client("dc1", "consul"));
    }

    /** One member after the other, servers first, each followed by some rounds of calls. */
    private void step(CallVigil vigil, String name, Change change) {
        for (RpcMember member : members) {
            vigil.phase(name + " on " + member.name());
            reload(member, change.of(member));
            awaitRounds(vigil);
        }
    }

    private static void awaitRounds(CallVigil vigil) {
        long enough = vigil.ended() + (long) ROUNDS_BETWEEN_STEPS * vigil.pairs();
        Awaitility.await("calls go on").atMost(PATIENCE).until(() -> vigil.ended() >= enough);
    }

    private void reload(RpcMember member, Map<String, Object> tls) {
        member.reload(tls);
        settings.put(member.name(), tls);
    }

    private Map<String, Object> demanding(RpcMember member, boolean incoming, boolean outgoing, boolean hostname) {
        return TlsFiles.demanding(settings.getOrDefault(member.name(), Map.of()), incoming, outgoing, hostname);
    }

    private static Map<String, Object> verified(Map<String, Object> settings) {
        return TlsFiles.demanding(settings, true, true, true);
    }

    /** That the test would notice what it says is not there. */
    private void hearWhatIsPlain() {
        try (Wiretap wire = tap("plain rpc")) {
            // What was caught is a second late, as the kernel hands it over.
            Awaitility.await("plain calls on the wire")
                    .atMost(PATIENCE)
                    .until(() -> wire.streams().stream()
                            .anyMatch(stream -> text(stream.bytes()).contains(WORDS)));
        }
    }

    /** After all was done, every link is dialled anew before the tap's ears, by new certificates. */
    private void hearNothingPlain(TlsFiles files, CallVigil vigil) {
        try (Wiretap wire = tap("sealed rpc")) {
            step(vigil, "renewal", member -> verified(files.settings(issue(member), List.of(authority))));
            Awaitility.await("links dialled anew")
                    .atMost(PATIENCE)
                    .until(() -> dialled(wire.streams()).size() >= vigil.pairs());
            List<CaughtStream> caught = wire.streams();
            assertThat(caught)
                    .allSatisfy(stream -> assertThat(text(stream.bytes())).doesNotContain(WORDS));
            assertThat(dialled(caught))
                    .allSatisfy(stream -> assertThat(stream.bytes().slice(0, 3).toHex())
                            .as(stream.toString())
                            .isEqualTo(TLS_DIALLED));
        }
    }

    /** What dialling members said, where it was caught from the first byte on. */
    private static List<CaughtStream> dialled(List<CaughtStream> streams) {
        return streams.stream()
                .filter(stream -> stream.isWhole() && stream.to().endsWith(":" + RpcMember.RPC_PORT))
                .filter(stream -> stream.bytes().length() >= TLS_DIALLED.length() / 2)
                .toList();
    }

    private Wiretap tap(String name) {
        Optional<String> whyNot = Wiretap.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> "the wire was not listened to: " + whyNot.orElseThrow());
        return Wiretap.onStreams(
                NodeFiles.directory("tls migration, " + name),
                members.stream().map(RpcMember::ip).toList(),
                RpcMember.RPC_PORT);
    }

    private static String text(Octets bytes) {
        return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    }

    /** What a member's settings for TLS become. */
    @FunctionalInterface
    private interface Change {
        Map<String, Object> of(RpcMember member);
    }
}
