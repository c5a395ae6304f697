package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.enrolment.EnrolledFiles;
import io.sotto.cluster.enrolment.EnrolmentMetric;
import io.sotto.cluster.enrolment.EnrolmentOffice.TokenOutcome;
import io.sotto.pki.PeerRole;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import io.sotto.pki.pem.Passphrase;
import io.sotto.pki.pem.PemContents;
import io.sotto.pki.pem.PemSource;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.pool.Callee;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members on loopback without TLS, of which one has an authority: what a token does, and what it does not. */
class EnrolmentTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UnaryOperator<byte[]> AS_IT_IS = UnaryOperator.identity();
    private static final RpcMethod<String, String> WHO = RpcMethod.of("Shop.Who", RpcCodecs.text(), RpcCodecs.text());

    @TempDir
    private Path directory;

    private final ActorTestKit kit = ActorTestKit.create("enrolment-test", ConfigFactory.load());
    private String authority = "";
    private Sotto ca;
    private Sotto member;

    @BeforeEach
    void setUp() throws Exception {
        CertificateAuthority made = CertificateAuthority.create(new SecureRandom(), Instant.now());
        authority = "enrolment { ca-file = \"" + write("ca.pem", made.certificatePem()) + "\", ca-key-file = \""
                + write("ca-key.pem", made.keyPem()) + "\", rate-per-address = 100, rate = 100 }";
        ca = started("ca", authority);
        member = started("member", "");
        await(member.join(List.of(ca.self().address().toString())));
        until(() -> member.member("ca").isPresent() && ca.member("member").isPresent());
    }

    @AfterEach
    void tearDown() {
        kit.shutdownTestKit();
    }

    @Test
    void twoMembersWithoutTlsAreEnrolledAndCallEachOtherByTls() throws Exception {
        for (Sotto node : List.of(ca, member)) {
            node.rpc()
                    .serve(
                            WHO,
                            PeerRole.MEMBER,
                            (request, context) -> CompletableFuture.completedFuture(
                                    context.role().name()));
        }
        JoinToken own = token("ca", EnrolRole.SERVER);
        JoinToken others = token("member", EnrolRole.CLIENT);

        Enrolment.Outcome.Enrolled server = enrolled(await(ca.enrolment().enrol(own, Optional.empty())));
        // By its address, for it takes a moment until all know where all take calls.
        Enrolment.Outcome.Enrolled client = enrolled(await(member.enrolment().enrol(others, at(ca))));

        assertThat(server.certificate().dnsNames()).contains("ca.node.dc1.consul", "server.dc1.consul");
        assertThat(client.certificate().dnsNames())
                .contains("member.node.dc1.consul")
                .doesNotContain("server.dc1.consul");
        assertThat(client.remark()).isEmpty();
        assertThat(mode(client.files().key())).isEqualTo("rw-------");
        demand("ca", authority, ca);
        demand("member", "", member);
        until(() -> call(member, "ca").equals("MEMBER"));
        until(() -> call(ca, "member").equals("SERVER"));
    }

    @Test
    void theFilesOfAnEnrolmentOutliveTheProcessAndGiveWayToSettings() throws Exception {
        Enrolment.Outcome.Enrolled written =
                enrolled(await(member.enrolment().enrol(token("member", EnrolRole.CLIENT), at(ca))));
        Config bare = section("member", "");

        assertThat(EnrolledFiles.under(bare).getString("tls.cert-file"))
                .isEqualTo(written.files().certificate().toString());
        Sotto next = Sotto.create(kit.system(), bare);
        assertThat(next.rpc().tls().own().orElseThrow().fingerprint())
                .isEqualTo(written.certificate().fingerprint());
        Config named = section("member", "tls.ca-file = \"/elsewhere.pem\"");
        assertThat(EnrolledFiles.under(named)).isEqualTo(named);

        Enrolment.Outcome.Enrolled renewed =
                enrolled(await(member.enrolment().enrol(token("member", EnrolRole.CLIENT), at(ca))));
        assertThat(renewed.files()).isNotEqualTo(written.files());
        assertThat(member.rpc().tls().own().orElseThrow().fingerprint())
                .as("a second one takes the place of the first")
                .isEqualTo(renewed.certificate().fingerprint());
    }

    @Test
    void whatOthersCouldHaveWrittenIsNotTakenForAnEnrolment() throws Exception {
        enrolled(await(member.enrolment().enrol(token("member", EnrolRole.CLIENT), at(ca))));
        Path names = directory.resolve("member/tls/enrolled.conf");
        Files.setPosixFilePermissions(names, PosixFilePermissions.fromString("rw-rw-rw-"));
        Config bare = section("member", "");

        assertThatThrownBy(() -> EnrolledFiles.under(bare))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void aTokenIsUsedOnceAlsoAcrossARestartOfTheAuthority() throws Exception {
        JoinToken token = token("member", EnrolRole.CLIENT);
        enrolled(await(member.enrolment().enrol(token, at(ca))));

        assertThat(refused(await(member.enrolment().enrol(token, at(ca))))).contains("has been used");
        Sotto again = started("ca", authority);
        assertThat(refused(await(member.enrolment().enrol(token, at(again))))).contains("has been used");
        assertThat(Files.readString(directory.resolve("ca/tls/tokens")))
                .doesNotContain(token.text())
                .contains(token.secret().id());
        assertThat(mode(directory.resolve("ca/tls/tokens"))).isEqualTo("rw-------");
        assertThat(count(again, EnrolmentMetric.REFUSED, "used")).isEqualTo(1);
        assertThat(count(ca, EnrolmentMetric.GRANTED)).isEqualTo(1);
        assertThat(count(ca, EnrolmentMetric.TOKENS)).isEqualTo(1);
    }

    @Test
    void aTokenOfAnotherNodeOrOfNobodyIsOfNoUse() throws Exception {
        JoinToken ofAnother = token("other", EnrolRole.CLIENT);
        JoinToken made = new JoinToken(
                "member",
                EnrolRole.SERVER,
                "ca",
                Instant.now().plus(HOUR),
                ofAnother.fingerprint(),
                ofAnother.secret());

        assertThat(refused(await(member.enrolment().enrol(ofAnother, at(ca)))))
                .contains("the token is for other, and this node is member");
        assertThat(refused(await(member.enrolment().enrol(made, at(ca)))))
                .as("what the token says to the member binds the authority to nothing")
                .contains("exactly the names");
    }

    @Test
    void whatIsChangedOnTheWayIsNoticedAndTheTokenStaysGoodWhereTheAuthorityNoticesIt() throws Exception {
        JoinToken token = token("member", EnrolRole.CLIENT);
        InetSocketAddress target = at(ca).orElseThrow();

        try (var exchanged = ManInTheMiddle.before(target, ManInTheMiddle.flipping("Request", 60), AS_IT_IS)) {
            assertThat(refused(await(member.enrolment().enrol(token, Optional.of(exchanged.address())))))
                    .contains("was changed on its way");
        }
        assertThat(count(ca, EnrolmentMetric.REFUSED, "unknown-token")).isEqualTo(1);
        try (var forging = ManInTheMiddle.before(target, AS_IT_IS, ManInTheMiddle.flipping("Certificate", 80))) {
            assertThat(refused(await(member.enrolment().enrol(token, Optional.of(forging.address())))))
                    .contains("not made by who knows the token");
        }
        assertThat(member.rpc().tls().own()).isEmpty();
        assertThat(directory.resolve("member/tls")).doesNotExist();
    }

    @Test
    void neitherTheKeyNorTheSecretIsInWhatTravels() throws Exception {
        JoinToken token = token("member", EnrolRole.CLIENT);
        byte[] heard;
        Enrolment.Outcome.Enrolled outcome;
        try (var ear = ManInTheMiddle.before(at(ca).orElseThrow(), AS_IT_IS, AS_IT_IS)) {
            outcome = enrolled(await(member.enrolment().enrol(token, Optional.of(ear.address()))));
            heard = ear.heard();
        }
        Path keyFile = outcome.files().key();
        var key = (ECPrivateKey) PemContents.of(PemSource.of("key", Files.readAllBytes(keyFile)), Passphrase.none())
                .privateKey();
        byte[] scalar = key.getS().toByteArray();
        String inHex = HexFormat.of().formatHex(heard);

        assertThat(inHex)
                .contains(HexFormat.of().formatHex("Certificate".getBytes(StandardCharsets.US_ASCII)))
                .doesNotContain(
                        HexFormat.of().formatHex(Arrays.copyOfRange(scalar, scalar.length - 31, scalar.length)));
        for (String part : secrets(token)) {
            assertThat(inHex).doesNotContain(part);
        }
    }

    /** The secret as bytes and as its text, out of the token's own text. */
    private static List<String> secrets(JoinToken token) {
        String fields = new String(
                Base64.getUrlDecoder()
                        .decode(token.text().substring(token.text().indexOf('.') + 1)),
                StandardCharsets.UTF_8);
        String secret = fields.substring(fields.lastIndexOf('\n') + 1);
        assertThat(secret).hasSize(43);
        return List.of(
                HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII)),
                HexFormat.of().formatHex(Base64.getUrlDecoder().decode(secret)));
    }

    @Test
    void whoAsksTooOftenIsRefusedBeforeAnythingIsRead() throws Exception {
        Sotto slow = started(
                "slow", authority.replace("rate-per-address = 100, rate = 100", "rate-per-address = 1, rate = 100"));
        JoinToken token = token(slow, "member", EnrolRole.CLIENT);
        JoinToken unknown = token("member", EnrolRole.CLIENT);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(refused(await(member.enrolment().enrol(unknown, at(slow)))));
        }

        assertThat(answers).anyMatch(answer -> answer.contains("too many ask at once"));
        assertThat(count(slow, EnrolmentMetric.REFUSED, "overloaded")).isPositive();
        assertThat(token.node()).isEqualTo("member");
    }

    @Test
    void whoHasNoAuthorityMakesNoTokenAndBadWishesGetNone() throws Exception {
        assertThat(noToken(await(member.enrolment().token("x", EnrolRole.CLIENT, HOUR))))
                .contains("has no authority");
        assertThat(noToken(await(ca.enrolment().token("a.b", EnrolRole.CLIENT, HOUR))))
                .contains("cannot be part of a certificate's name");
        assertThat(noToken(await(ca.enrolment().token("x", EnrolRole.CLIENT, Duration.ofDays(2)))))
                .contains("enrolment.token-ttl-max");
        assertThat(noToken(await(ca.enrolment().token("x", EnrolRole.CLIENT, Duration.ZERO))))
                .contains("more than nothing");
        Files.setPosixFilePermissions(directory.resolve("ca-key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(noToken(await(ca.enrolment().token("x", EnrolRole.CLIENT, HOUR))))
                .contains("chmod 600");
    }

    @Test
    void noMoreTokensAreRememberedThanMayBe() throws Exception {
        Sotto small = started("small", authority + ", enrolment.tokens-max = 1");
        token(small, "a", EnrolRole.CLIENT);

        assertThat(noToken(await(small.enrolment().token("b", EnrolRole.CLIENT, HOUR))))
                .contains("enrolment.tokens-max = 1");
    }

    @Test
    void aBrokenLedgerIsNotTakenForAnEmptyOne() throws Exception {
        token("member", EnrolRole.CLIENT);
        Files.writeString(directory.resolve("ca/tls/tokens"), "nonsense");
        Sotto again = started("ca", authority);

        assertThat(noToken(await(again.enrolment().token("x", EnrolRole.CLIENT, HOUR))))
                .contains("is broken");
    }

    private JoinToken token(String node, EnrolRole role) throws Exception {
        return token(ca, node, role);
    }

    private static JoinToken token(Sotto at, String node, EnrolRole role) throws Exception {
        TokenOutcome outcome = await(at.enrolment().token(node, role, HOUR));
        assertThat(outcome).isInstanceOf(TokenOutcome.Made.class);
        return ((TokenOutcome.Made) outcome).token();
    }

    private static String noToken(TokenOutcome outcome) {
        assertThat(outcome).isInstanceOf(TokenOutcome.Refused.class);
        return ((TokenOutcome.Refused) outcome).why();
    }

    private static Enrolment.Outcome.Enrolled enrolled(Enrolment.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Enrolment.Outcome.Enrolled.class);
        return (Enrolment.Outcome.Enrolled) outcome;
    }

    private static String refused(Enrolment.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Enrolment.Outcome.Refused.class);
        return ((Enrolment.Outcome.Refused) outcome).why();
    }

    private static Optional<InetSocketAddress> at(Sotto node) throws Exception {
        return await(node.rpc().started());
    }

    private static double count(Sotto node, EnrolmentMetric metric, String... labels) {
        return node.metrics().read().stream()
                .filter(read ->
                        read.name().equals(metric.metric()) && read.labels().equals(List.of(labels)))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static String call(Sotto from, String to) {
        RpcOutcome<String> outcome = from.rpc()
                .call(Callee.member(to), WHO, "who", Duration.ofSeconds(5))
                .join();
        return outcome instanceof RpcOutcome.Answer<String> answer ? answer.value() : "";
    }

    /** All demands of TLS at once; what was there before is replaced. */
    private void demand(String name, String more, Sotto node) throws Exception {
        assertThat(
                        await(
                                node.reload(
                                        section(
                                                name,
                                                more
                                                        + "\ntls { verify-incoming = true, verify-outgoing = true, verify-server-hostname = true }"))))
                .isInstanceOf(Reloaded.Applied.class);
    }

    private void until(BooleanSupplier condition) {
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(condition.getAsBoolean()).isTrue();
            return null;
        });
    }

    private Sotto started(String name, String more) throws Exception {
        Sotto node = Sotto.create(kit.system(), section(name, more));
        await(node.started());
        assertThat(await(node.rpc().started())).isPresent();
        return node;
    }

    private Config section(String name, String more) {
        return ConfigFactory.parseString("node-name = " + name
                        + ", bind-addr = \"127.0.0.1\", ports.serf-lan = 0, profile = serf\n"
                        + "persist = false, leave-on-shutdown = false, data-dir = \"" + directory.resolve(name)
                        + "\"\n"
                        + "rpc { enabled = on, port = 0, drain-timeout = 1s }, tls.watch-interval = 0s\n" + more)
                .withFallback(ConfigFactory.load().getConfig("sotto"));
    }

    private Path write(String name, byte[] content) throws Exception {
        Path file = directory.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, content);
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
