package io.sotto.membership.proof;

import static io.sotto.membership.Members.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.GuardSettings;
import io.sotto.membership.Members;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProofsTest {
    private static final GuardSettings SETTINGS = new GuardSettings(100, 5, 2, 10, 3, 2, 2);
    private static final InetSocketAddress AT = Members.address(41).socket().orElseThrow();

    private final AtomicLong numbers = new AtomicLong(1_000);
    private SwimSettings swim = SwimSettings.lan();
    private final Proofs proofs = new Proofs(SETTINGS, () -> swim, NOW);

    @Test
    void aNewcomerThatAnswersIsProven() {
        Subject newcomer = newcomer("n", 1, AT);
        List<ProofStep> asked = ask(newcomer, 0).steps();
        assertThat(asked).containsExactly(new ProofStep.Ping(newcomer, 1_000));

        assertThat(proofs.onAck(999)).isEmpty();
        assertThat(proofs.onAck(1_000)).containsExactly(new ProofStep.Answered(newcomer));
        assertThat(proofs.onAck(1_000)).isEmpty();
        assertThat(proofs.size()).isZero();
    }

    @Test
    void whoIsSilentIsPingedAgainThenByOthersThenForgotten() {
        Subject newcomer = newcomer("n", 1, AT);
        ask(newcomer, 0);

        assertThat(ticks(0, 499)).isEmpty();
        assertThat(ticks(500, 500))
                .containsExactly(new ProofStep.Ping(newcomer, 1_000), new ProofStep.AskOthers(newcomer, 1_000));
        assertThat(ticks(501, 1_000)).containsExactly(new ProofStep.Ping(newcomer, 1_000));
        assertThat(ticks(1_001, 1_500)).containsExactly(new ProofStep.Silent(newcomer, 1_000));
        assertThat(proofs.size()).isZero();
    }

    @Test
    void whoIsAskedFromNowOnIsAskedByTheTimingInForce() {
        swim = SwimSettings.lan().withProbe(Duration.ofSeconds(4), Duration.ofSeconds(2));
        Subject newcomer = newcomer("n", 1, AT);
        ask(newcomer, 0);

        assertThat(ticks(0, 1_999)).isEmpty();
        assertThat(ticks(2_000, 2_000))
                .containsExactly(new ProofStep.Ping(newcomer, 1_000), new ProofStep.AskOthers(newcomer, 1_000));
        assertThat(ticks(2_001, 4_000)).containsExactly(new ProofStep.Ping(newcomer, 1_000));
    }

    @Test
    void aMemberInDoubtHasAPeriodAndAPingMore() {
        Subject member = new Subject.Doubted(Members.member("n", NodeState.ALIVE), AT);
        ask(member, 0);

        assertThat(ticks(0, 250)).containsExactly(new ProofStep.Ping(member, 1_000));
        assertThat(ticks(251, 500))
                .containsExactly(new ProofStep.Ping(member, 1_000), new ProofStep.AskOthers(member, 1_000));
        assertThat(ticks(501, 1_000)).containsExactly(new ProofStep.Silent(member, 1_000));
    }

    @Test
    void aSenderIsPingedWithoutANameAndWithoutOthers() {
        Subject sender = new Subject.Sender(AT);
        assertThat(sender.node()).isEmpty();
        ask(sender, 0);

        assertThat(ticks(0, 500)).containsExactly(new ProofStep.Ping(sender, 1_000));
        assertThat(ticks(501, 1_000)).containsExactly(new ProofStep.Silent(sender, 1_000));
    }

    @Test
    void theLatestClaimIsTheOneThatCounts() {
        ask(newcomer("n", 3, AT), 0);
        ask(newcomer("n", 7, AT), 10);
        ask(newcomer("n", 5, AT), 20);

        assertThat(proofs.onAck(1_000)).containsExactly(new ProofStep.Answered(newcomer("n", 7, AT)));
    }

    @Test
    void newcomersWaitForTheirTurnAndTheRoomIsBounded() {
        for (int i = 0; i < 3; i++) {
            assertThat(ask(newcomer("n" + i, 1, at(i)), 0).steps()).hasSize(1);
        }
        for (int i = 3; i < 5; i++) {
            Proofs.Asked waits = ask(newcomer("n" + i, 1, at(i)), 0);
            assertThat(waits.hasRoom()).isTrue();
            assertThat(waits.steps()).isEmpty();
        }
        assertThat(ask(newcomer("n5", 1, at(5)), 0).hasRoom()).isFalse();
        assertThat(proofs.size()).isEqualTo(5);

        // Ten a second.
        assertThat(ticks(1, 99)).isEmpty();
        assertThat(ticks(100, 110)).containsExactly(new ProofStep.Ping(newcomer("n3", 1, at(3)), 1_003));
        // Whoever waits was not pinged: nothing answers for it.
        assertThat(proofs.onAck(1_004)).isEmpty();
    }

    @Test
    void oneAddressHasFewNames() {
        assertThat(ask(newcomer("a", 1, AT), 0).hasRoom()).isTrue();
        assertThat(ask(newcomer("b", 1, AT), 0).hasRoom()).isTrue();
        assertThat(ask(newcomer("c", 1, AT), 0).hasRoom()).isFalse();
        proofs.onAck(1_000);
        assertThat(ask(newcomer("c", 1, AT), 0).hasRoom()).isTrue();
    }

    @Test
    void membersInDoubtNeverWait() {
        for (int i = 0; i < 100; i++) {
            Subject member = new Subject.Doubted(Members.member("n" + i, NodeState.ALIVE), at(i));
            assertThat(ask(member, 0).steps()).hasSize(1);
        }
    }

    @Test
    void whatWentByWhileTheProcessStoodStillIsNotHeldAgainstAnybody() {
        Subject member = new Subject.Doubted(Members.member("n", NodeState.ALIVE), AT);
        ask(member, 0);

        // The timer that was due after 250 ms comes after four seconds: the member has all its time again.
        assertThat(proofs.onTick(NOW.plusSeconds(4))).containsExactly(new ProofStep.Ping(member, 1_000));
        assertThat(proofs.onAck(1_000)).containsExactly(new ProofStep.Answered(member));
    }

    @Test
    void butAProcessThatIsAlwaysLateComesToAnEnd() {
        Subject member = new Subject.Doubted(Members.member("n", NodeState.ALIVE), AT);
        ask(member, 0);
        List<ProofStep> steps = new ArrayList<>();
        for (int second = 4; second < 80; second += 4) {
            steps.addAll(proofs.onTick(NOW.plusSeconds(second)));
        }

        assertThat(steps).contains(new ProofStep.Silent(member, 1_000));
    }

    private Proofs.Asked ask(Subject subject, long atMillis) {
        return proofs.ask(subject, numbers::getAndIncrement, NOW.plusMillis(atMillis));
    }

    private List<ProofStep> ticks(long fromMillis, long toMillis) {
        List<ProofStep> steps = new ArrayList<>();
        for (long millis = fromMillis; millis <= toMillis; millis++) {
            steps.addAll(proofs.onTick(NOW.plus(Duration.ofMillis(millis))));
        }
        return steps;
    }

    private static Subject.Newcomer newcomer(String name, long incarnation, InetSocketAddress at) {
        return new Subject.Newcomer(Members.aliveClaim(name, incarnation), false, at);
    }

    private static InetSocketAddress at(int i) {
        return new InetSocketAddress(AT.getAddress(), 8_000 + i);
    }
}
