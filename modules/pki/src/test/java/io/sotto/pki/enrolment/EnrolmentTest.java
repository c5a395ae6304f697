package io.sotto.pki.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A member's way to its first certificate, and every way in which it must not get one. */
class EnrolmentTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create(RANDOM, NOW.minusSeconds(60));
    private static final EnrolmentDesk DESK = desk(AUTHORITY);

    private final JoinToken token = token("web-1", EnrolRole.CLIENT);
    private final TokenLedger ledger = TokenLedger.empty().with(token, NOW);
    private final SigningRequest made = SigningRequest.make("web-1", RANDOM);
    private final EnrolRequest request = request(token, made.encoded());

    @ParameterizedTest
    @EnumSource
    void aMemberWithATokenGetsACertificateBoundToItsName(EnrolRole role) {
        JoinToken mine = token("web-1", role);
        EnrolRequest asked = request(mine, made.encoded());

        EnrolmentCheck.Result result = check(
                mine, asked, answer(asked, granted(asked, TokenLedger.empty().with(mine, NOW))));

        assertThat(result).isInstanceOf(EnrolmentCheck.Result.Good.class);
        X509Certificate certificate =
                ((EnrolmentCheck.Result.Good) result).issued().certificate();
        assertThat(CertificateFacts.of(certificate).dnsNames())
                .containsExactly("web-1.node.dc1.consul", role.word() + ".dc1.consul", "localhost");
        assertThat(CertificateFacts.of(certificate).notBefore())
                .as("clocks may differ")
                .isBefore(NOW);
        assertThat(CertificateFacts.of(certificate).notAfter()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    void aTokenIsUsedOnceAlsoByTheSameRequestAndAfterARestart() {
        TokenLedger after = granted(request, ledger).after();
        TokenLedger restarted = TokenLedger.decode(after.encoded()).orElseThrow();

        assertThat(refusal(request, after)).isEqualTo(EnrolRefusal.USED);
        assertThat(refusal(request, restarted)).isEqualTo(EnrolRefusal.USED);
        assertThat(refusal(request(token, SigningRequest.make("web-1", RANDOM).encoded()), restarted))
                .isEqualTo(EnrolRefusal.USED);
        assertThat(restarted.open(NOW)).isZero();
    }

    @Test
    void anExpiredTokenIsRefusedAndForgottenLater() {
        assertThat(DESK.decide(request, ledger, token.expires())).isEqualTo(refused(EnrolRefusal.EXPIRED));
        assertThat(DESK.decide(request, ledger, token.expires().minusSeconds(1)))
                .isInstanceOf(EnrolmentDesk.Decision.Granted.class);

        Instant late = token.expires().plus(TokenLedger.KEPT).plusSeconds(1);
        TokenLedger tidied = ledger.with(token("web-2", EnrolRole.CLIENT), late);
        assertThat(tidied.size()).isEqualTo(1);
        assertThat(DESK.decide(request, tidied, late)).isEqualTo(refused(EnrolRefusal.UNKNOWN_TOKEN));
    }

    @Test
    void anotherTokenIsUnknownAndSoIsOneOfTheSameIdWithAnotherSecret() {
        JoinToken other = token("web-1", EnrolRole.CLIENT);

        assertThat(refusal(request(other, made.encoded()), ledger)).isEqualTo(EnrolRefusal.UNKNOWN_TOKEN);
        EnrolRequest guessed = EnrolRequest.of(other.secret(), nonce(), made.encoded());
        EnrolRequest claimed =
                EnrolRequest.received(token.secret().id(), guessed.nonce(), guessed.signingRequest(), guessed.hash());
        assertThat(refusal(claimed, ledger)).isEqualTo(EnrolRefusal.UNKNOWN_TOKEN);
    }

    @Test
    void aSigningRequestThatWasExchangedOnTheWayIsRefusedAndTheTokenStaysGood() {
        SigningRequest mallorys = SigningRequest.make("web-1", RANDOM);
        EnrolRequest exchanged =
                EnrolRequest.received(request.tokenId(), request.nonce(), mallorys.encoded(), request.hash());

        assertThat(refusal(exchanged, ledger)).isEqualTo(EnrolRefusal.UNKNOWN_TOKEN);
        assertThat(granted(request, ledger).node()).isEqualTo("web-1");
    }

    @Test
    void everyChangedBitOfARequestIsNoticed() {
        for (int part = 0; part < 3; part++) {
            byte[] nonce = request.nonce();
            byte[] signing = request.signingRequest();
            byte[] hash = request.hash();
            byte[] changed = List.of(nonce, signing, hash).get(part);
            for (int i = 0; i < changed.length; i++) {
                changed[i] ^= 1;
                assertThat(refusal(EnrolRequest.received(request.tokenId(), nonce, signing, hash), ledger))
                        .as("part %d, byte %d", part, i)
                        .isEqualTo(EnrolRefusal.UNKNOWN_TOKEN);
                changed[i] ^= 1;
            }
        }
    }

    @Test
    void aShorterNonceIsRefused() {
        EnrolRequest brief = EnrolRequest.of(token.secret(), new byte[EnrolRequest.NONCE_BYTES - 1], made.encoded());

        assertThat(refusal(brief, ledger)).isEqualTo(EnrolRefusal.UNKNOWN_TOKEN);
    }

    @Test
    void aSigningRequestThatIsNoneOrNotSignedByItsOwnKeyOrWithAWeakKeyIsRefused() throws Exception {
        assertThat(refusal(request(token, new byte[0]), ledger)).isEqualTo(EnrolRefusal.SIGNING_REQUEST);
        assertThat(refusal(request(token, new byte[SigningRequest.BYTES_MAX + 1]), ledger))
                .isEqualTo(EnrolRefusal.SIGNING_REQUEST);
        byte[] broken = made.encoded();
        broken[broken.length - 1] ^= 1;
        assertThat(refusal(request(token, broken), ledger)).isEqualTo(EnrolRefusal.SIGNING_REQUEST);

        KeyPair ours = pair("RSA", 2_048);
        KeyPair another = pair("RSA", 2_048);
        KeyPair weak = pair("RSA", 1_024);
        assertThat(refusal(request(token, signed(ours, another)), ledger)).isEqualTo(EnrolRefusal.SIGNING_REQUEST);
        assertThat(refusal(request(token, signed(weak, weak)), ledger)).isEqualTo(EnrolRefusal.SIGNING_REQUEST);
        assertThat(granted(request(token, signed(ours, ours)), ledger).role()).isEqualTo(EnrolRole.CLIENT);
    }

    @Test
    void whatTheSigningRequestCallsItselfIsOfNoConsequence() {
        EnrolRequest vain =
                request(token, SigningRequest.make("server.dc1.consul", RANDOM).encoded());
        EnrolAnswer answer = answer(vain, granted(vain, ledger));

        assertThat(CertificateFacts.of(parsed(answer)).dnsNames())
                .doesNotContain("server.dc1.consul")
                .contains("web-1.node.dc1.consul");
    }

    @Test
    void aCertificateThatWasExchangedOnTheWayIsNotUsed() {
        EnrolAnswer honest = answer(request, granted(request, ledger));
        CertificateAuthority mallory = CertificateAuthority.create(RANDOM, NOW);
        EnrolRequest asMallory = request(token, made.encoded());
        EnrolAnswer forged = desk(mallory).answer(asMallory, granted(asMallory, ledger), RANDOM, NOW);

        assertThat(check(token, request, forged))
                .as("another authority's")
                .isInstanceOf(EnrolmentCheck.Result.Bad.class);
        assertThat(check(token, request, EnrolAnswer.received(forged.certificate(), forged.authority(), honest.hash())))
                .isInstanceOf(EnrolmentCheck.Result.Bad.class);
        assertThat(check(token, request, EnrolAnswer.received(forged.certificate(), honest.authority(), honest.hash())))
                .isInstanceOf(EnrolmentCheck.Result.Bad.class);
        assertThat(check(token, request, honest)).isInstanceOf(EnrolmentCheck.Result.Good.class);
    }

    @Test
    void anAnswerToAnotherRequestIsNotUsed() {
        EnrolAnswer toAnother = answer(request, granted(request, ledger));
        EnrolRequest again = request(token, made.encoded());

        assertThat(check(token, again, toAnother)).isInstanceOf(EnrolmentCheck.Result.Bad.class);
    }

    @Test
    void whoeverKnowsTheTokenCannotPassAnotherAuthorityOffOrGiveANameTooMany() {
        CertificateAuthority other = CertificateAuthority.create(RANDOM, NOW.minusSeconds(60));
        EnrolAnswer foreign = sealed(other, made, request -> request);
        EnrolAnswer server = sealed(AUTHORITY, made, plain -> plain.with(List.of("server.dc1.consul"), List.of()));
        EnrolAnswer ofAnother =
                sealed(AUTHORITY, made, plain -> plain.withOnly(List.of("web-2.node.dc1.consul", "client.dc1.consul")));
        EnrolAnswer forAnotherKey = sealed(AUTHORITY, SigningRequest.make("web-1", RANDOM), plain -> plain);
        EnrolAnswer expired = sealed(AUTHORITY, made, plain -> plain.valid(Duration.ofDays(-2), Duration.ofDays(1)));

        assertThat(why(foreign)).contains("fingerprint");
        assertThat(why(server)).contains("exactly the names");
        assertThat(why(ofAnother)).contains("exactly the names");
        assertThat(why(forAnotherKey)).contains("another key");
        assertThat(why(expired)).contains("CertificateExpiredException");
        assertThat(why(EnrolAnswer.of(token.secret().verifier(), request, new byte[] {1}, new byte[] {2})))
                .contains("cannot be used");
    }

    @Test
    void anAnswerForAnotherDatacenterIsNotUsed() {
        EnrolAnswer answer = answer(request, granted(request, ledger));

        assertThat(EnrolmentCheck.of(token, request, made, answer, "dc2", "consul", NOW))
                .isInstanceOf(EnrolmentCheck.Result.Bad.class);
    }

    @Test
    void neitherThePrivateKeyNorTheSecretIsInAnythingThatTravelsOrIsKept() {
        EnrolAnswer answer = answer(request, granted(request, ledger));
        var good = (EnrolmentCheck.Result.Good) check(token, request, answer);
        byte[] scalar = ((ECPrivateKey) good.issued().privateKey()).getS().toByteArray();
        byte[] key = Arrays.copyOfRange(scalar, scalar.length - 31, scalar.length);
        String secret = token.secret().reveal();
        byte[] secretBytes = Base64.getUrlDecoder().decode(secret);

        List<byte[]> seen = List.of(
                request.tokenId().getBytes(StandardCharsets.UTF_8),
                request.nonce(),
                request.signingRequest(),
                request.hash(),
                answer.certificate(),
                answer.authority(),
                answer.hash(),
                granted(request, ledger).after().encoded(),
                (token + " " + made + " " + good.issued()).getBytes(StandardCharsets.UTF_8));
        for (byte[] bytes : seen) {
            String hex = HexFormat.of().formatHex(bytes);
            assertThat(hex)
                    .doesNotContain(HexFormat.of().formatHex(key))
                    .doesNotContain(HexFormat.of().formatHex(secretBytes));
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .doesNotContain(secret)
                    .doesNotContain(HexFormat.of().formatHex(secretBytes));
        }
    }

    @Test
    void aTokensTextComesBackAndNothingElseIsTakenForOne() {
        assertThat(JoinToken.parse(" " + token.text() + "\n")).contains(token);
        assertThat(token.text()).doesNotContain("\n");
        assertThat(JoinToken.parse("")).isEmpty();
        assertThat(JoinToken.parse("sotto-join-1.")).isEmpty();
        assertThat(JoinToken.parse("sotto-join-1.AAAA")).isEmpty();
        assertThat(JoinToken.parse(token.text() + "A")).isNotEqualTo(Optional.of(token));
        assertThat(JoinToken.parse("sotto-join-1." + "A".repeat(4_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "*", "web 1", "-a", "server.dc1", "ü"})
    void aNameThatCannotBeInACertificateGetsNoToken(String name) {
        assertThat(NodeNames.isPossible(name)).isFalse();
        assertThatThrownBy(() -> token(name, EnrolRole.CLIENT)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sotto-tokens-2\n",
                "sotto-tokens-1\nx\n",
                "sotto-tokens-1\na b client 1 - 00\n",
                "sotto-tokens-1\na b root 1 - 0000000000000000000000000000000000000000000000000000000000000000\n",
                "sotto-tokens-1\na b client x - 0000000000000000000000000000000000000000000000000000000000000000\n"
            })
    void aLedgerThatIsBrokenIsNotTakenForAnEmptyOne(String text) {
        assertThat(TokenLedger.decode(text.getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }

    private EnrolmentCheck.Result check(JoinToken with, EnrolRequest sent, EnrolAnswer answer) {
        return EnrolmentCheck.of(with, sent, made, answer, "dc1", "consul", NOW);
    }

    private String why(EnrolAnswer answer) {
        EnrolmentCheck.Result result = check(token, request, answer);
        assertThat(result).isInstanceOf(EnrolmentCheck.Result.Bad.class);
        return ((EnrolmentCheck.Result.Bad) result).why();
    }

    /** As somebody would who has read the authority's ledger. */
    private EnrolAnswer sealed(CertificateAuthority by, SigningRequest of, UnaryOperator<CertificateRequest> change) {
        try {
            X509Certificate certificate = by.certify(
                    change.apply(NodeNames.request("web-1", EnrolRole.CLIENT, "dc1", "consul", Duration.ofDays(30))),
                    of.publicKey(),
                    RANDOM,
                    NOW);
            return EnrolAnswer.of(
                    token.secret().verifier(),
                    request,
                    certificate.getEncoded(),
                    by.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate parsed(EnrolAnswer answer) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(answer.certificate()));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** A request for one key, signed by another. */
    private static byte[] signed(KeyPair asked, KeyPair by) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=web-1"), asked.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(by.getPrivate()))
                .getEncoded();
    }

    private static EnrolRequest request(JoinToken token, byte[] signing) {
        return EnrolRequest.of(token.secret(), nonce(), signing);
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[EnrolRequest.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private static EnrolmentDesk.Decision.Granted granted(EnrolRequest request, TokenLedger ledger) {
        EnrolmentDesk.Decision decision = DESK.decide(request, ledger, NOW);
        assertThat(decision).isInstanceOf(EnrolmentDesk.Decision.Granted.class);
        return (EnrolmentDesk.Decision.Granted) decision;
    }

    private static EnrolRefusal refusal(EnrolRequest request, TokenLedger ledger) {
        EnrolmentDesk.Decision decision = DESK.decide(request, ledger, NOW);
        assertThat(decision).isInstanceOf(EnrolmentDesk.Decision.Refused.class);
        return ((EnrolmentDesk.Decision.Refused) decision).why();
    }

    private static EnrolmentDesk.Decision refused(EnrolRefusal why) {
        return new EnrolmentDesk.Decision.Refused(why);
    }

    private static EnrolAnswer answer(EnrolRequest request, EnrolmentDesk.Decision.Granted granted) {
        return DESK.answer(request, granted, RANDOM, NOW);
    }

    private static EnrolmentDesk desk(CertificateAuthority authority) {
        return new EnrolmentDesk(authority, "dc1", "consul", Duration.ofDays(30));
    }

    private static JoinToken token(String node, EnrolRole role) {
        return new JoinToken(
                node,
                role,
                "ca-host",
                NOW.plus(Duration.ofHours(1)),
                CertificateFacts.of(AUTHORITY.certificate()).fingerprint(),
                TokenSecret.draw(RANDOM));
    }
}
