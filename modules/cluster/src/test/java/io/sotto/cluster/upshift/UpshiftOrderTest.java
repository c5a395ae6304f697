package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.upshift.drive.OrderAnswer;
import io.sotto.membership.upshift.drive.UpshiftJournal;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.PeerIdentity;
import io.sotto.pki.PeerRole;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose orders a member obeys, and which. */
@DisplayName("an order")
class UpshiftOrderTest {
    private static final long SEED = 43;
    private static final PeerIdentity SERVER = identity(PeerRole.SERVER);
    private static final PeerIdentity MEMBER = identity(PeerRole.MEMBER);

    private final GossipKey key = GossipKey.parse("AAECAwQFBgcICQoLDA0ODw==");

    @TempDir
    private Path directory;

    private MemoryPool pool;
    private MemoryMember member;

    @BeforeEach
    void setUp() {
        pool = new MemoryPool(directory, SEED);
        member = pool.add("m");
    }

    @AfterEach
    void tearDown() {
        pool.close();
    }

    @Test
    void ofAServerIsObeyedAndWrittenDownBeforeItIsAnswered() throws Exception {
        CompletableFuture<OrderAnswer> answer = order(SERVER, UpshiftStage.READY, record(1), "");
        pool.time.run(Duration.ofMillis(50));
        assertThat(answer).isNotDone();
        assertThat(directory.resolve("m/gossip.journal")).doesNotExist();

        assertThat(await(answer)).isEqualTo(OrderAnswer.taken());
        assertThat(pool.stage("m", UpshiftKind.GOSSIP)).isEqualTo(UpshiftStage.READY);
        assertThat(Files.readString(directory.resolve("m/gossip.journal"))).contains("epoch 1\ndriver d\n");
        assertThat(Files.readString(directory.resolve("m/gossip.journal")))
                .contains(key.id())
                .doesNotContain("AAECAw");
    }

    @Test
    void ofAStolenClientCertificateChangesNothingAndIsCounted() {
        refused(order(MEMBER, UpshiftStage.READY, record(1), ""), OrderRefusal.UNAUTHORISED, "certificate of a server");
        member.authority = token -> token.equals("right");
        pool.time.run(Duration.ofMinutes(1));
        CompletableFuture<OrderAnswer> guessed = order(MEMBER, UpshiftStage.READY, record(1), "wrong");
        assertThat(await(guessed).kind()).isEqualTo(OrderAnswer.Kind.REFUSED);
        assertThat(member.counters.refusals(OrderRefusal.UNAUTHORISED)).isEqualTo(2);
        assertThat(pool.stage("m", UpshiftKind.GOSSIP)).isEqualTo(UpshiftStage.NONE);
    }

    @Test
    void ofAMemberWithATokenThatIsEnoughIsObeyed() {
        member.authority = token -> token.equals("right");
        assertThat(await(order(MEMBER, UpshiftStage.READY, record(1), "right"))).isEqualTo(OrderAnswer.taken());
    }

    @Test
    void withoutAProvenCertificateIsRefusedWhateverTokenComesWithIt() {
        member.authority = token -> true;
        refused(
                order(PeerIdentity.unproven(), UpshiftStage.READY, record(1), "right"),
                OrderRefusal.UNPROVEN,
                "over TLS");
    }

    @Test
    void inTheNameOfAnotherThanTheCertificatesNodeIsRefused() {
        PeerIdentity bound = new PeerIdentity(
                PeerRole.SERVER, Optional.empty(), Optional.empty(), Set.of("dc1"), Set.of("e.node.dc1"));
        refused(order(bound, UpshiftStage.READY, record(1), ""), OrderRefusal.OTHER_NODE, "not that of d");
    }

    @Test
    void thatSkipsAStageIsRefused() {
        refused(order(SERVER, UpshiftStage.SENDING, record(1), ""), OrderRefusal.SKIPS, "would skip a stage");
        refused(order(SERVER, UpshiftStage.ENFORCED, record(1), ""), OrderRefusal.SKIPS, "would skip a stage");
    }

    @Test
    void ofALowerEpochIsRefusedAndToldWhatIsKnown() {
        await(order(SERVER, UpshiftStage.READY, record(3), ""));
        CompletableFuture<OrderAnswer> late = order(SERVER, UpshiftStage.SENDING, record(2), "");

        assertThat(await(late).held()).contains(record(3));
        assertThat(member.counters.refusals(OrderRefusal.OVERTAKEN)).isEqualTo(1);
        assertThat(pool.stage("m", UpshiftKind.GOSSIP)).isEqualTo(UpshiftStage.READY);
        assertThat(await(order(SERVER, UpshiftStage.SENDING, record(3), ""))).isEqualTo(OrderAnswer.taken());
    }

    @Test
    void toHoldAKeyThatDidNotComeIsRefused() {
        CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
        tell(SERVER, new UpshiftOrder(record(1), UpshiftStage.READY, Optional.empty(), ""), answer);
        refused(answer, OrderRefusal.KEY, "lacks the key");
    }

    @Test
    void thatComesTwiceAtOnceIsCarriedOutOnce() {
        CompletableFuture<OrderAnswer> first = order(SERVER, UpshiftStage.READY, record(1), "");
        CompletableFuture<OrderAnswer> second = order(SERVER, UpshiftStage.READY, record(1), "");

        assertThat(await(first)).isEqualTo(OrderAnswer.taken());
        assertThat(await(second)).isEqualTo(OrderAnswer.taken());
        assertThat(member.taken).containsExactly("GOSSIP READY");
    }

    @Test
    void thatWaitsWithTooManyOthersIsRefused() {
        CompletableFuture<OrderAnswer> last = new CompletableFuture<>();
        for (int i = 0; i < 70; i++) {
            last = order(SERVER, UpshiftStage.READY, record(1), "");
        }
        assertThat(await(last).why()).contains("too many orders wait");
        assertThat(member.counters.refusals(OrderRefusal.BUSY)).isPositive();
    }

    @Test
    void showsNeitherKeyNorTokenInItsText() {
        UpshiftOrder order = new UpshiftOrder(record(1), UpshiftStage.READY, Optional.of(key), "secret");
        assertThat(order.toString()).doesNotContain("secret", "AAEC", key.id());
    }

    private void refused(CompletableFuture<OrderAnswer> answer, OrderRefusal cause, String why) {
        long before = member.counters.refusals(cause);
        OrderAnswer said = await(answer);
        assertThat(said.kind()).isEqualTo(OrderAnswer.Kind.REFUSED);
        assertThat(said.why()).contains(why);
        assertThat(member.counters.refusals(cause)).isEqualTo(before + 1);
        assertThat(pool.stage("m", UpshiftKind.GOSSIP)).isEqualTo(UpshiftStage.NONE);
        assertThat(member.taken).isEmpty();
        assertThat(directory.resolve("m/gossip.journal")).doesNotExist();
    }

    private CompletableFuture<OrderAnswer> order(
            PeerIdentity caller, UpshiftStage stage, UpshiftRecord record, String token) {
        CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
        tell(caller, new UpshiftOrder(record, stage, Optional.of(key.copy()), token), answer);
        return answer;
    }

    private void tell(PeerIdentity caller, UpshiftOrder order, CompletableFuture<OrderAnswer> answer) {
        member.obeying()
                .tell(new UpshiftMember.Ordered(
                        new UpshiftMember.Caller(caller, Optional.empty(), false), order, answer));
    }

    private OrderAnswer await(CompletableFuture<OrderAnswer> answer) {
        return pool.time.await(answer, Duration.ofSeconds(10));
    }

    /** Of one upshift, in its n-th epoch. */
    private UpshiftRecord record(int epoch) {
        UpshiftRecord fresh = UpshiftRecord.fresh(
                "5f0c7d21", UpshiftKind.GOSSIP, "d", key.id(), false, Instant.parse("2030-01-01T00:00:00Z"));
        String text = UpshiftJournal.text(fresh).replace("\nepoch 1\n", "\nepoch " + epoch + "\n");
        return UpshiftJournal.parse(text).orElseThrow();
    }

    private static PeerIdentity identity(PeerRole role) {
        return new PeerIdentity(role, Optional.empty(), Optional.empty(), Set.of());
    }
}
