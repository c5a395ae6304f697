package io.sotto.membership.probe;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Seeds;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A {@link ProbeMachine} of a node that asks something of itself first, under the LAN profile. */
class CautiousProbeTest {
    private static final long SEQ_NO = 17;
    private static final MemberRecord SELF = alive("self");
    private static final MemberRecord TARGET = alive("n");
    private static final SwimMessage.Ack ACK = new SwimMessage.Ack(SEQ_NO, Octets.empty());
    private static final SwimMessage.Nack NACK = new SwimMessage.Nack(SEQ_NO);
    private static final List<MemberRecord> POOL = List.of(SELF, TARGET, alive("a"), alive("b"), alive("c"));
    private static final int DIRECT = 1;
    private static final int PERIOD = 2;
    private static final int NACKS = 3;
    private static final int REPEAT = 4;

    private final Random random = Seeds.random();
    private final ProbeMachine probe = new ProbeMachine(SELF, TARGET, SEQ_NO, 0, SwimSettings.lan());

    @Test
    void repeatsItsPingThreeTimesHalfATimeoutApart() {
        probe.start(NOW);
        List<ProbeEffect> all = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            List<ProbeEffect> effects = timer(REPEAT, 250 * i);
            all.addAll(effects);
            assertThat(schedules(effects)).isEqualTo(i < 3 ? List.of(Duration.ofMillis(250)) : List.of());
            if (effects.isEmpty()) {
                break;
            }
            if (i == 2) {
                timer(DIRECT, 500);
            }
        }
        assertThat(all.stream().filter(ProbeEffect.Ping.class::isInstance)).hasSize(4);
    }

    @Test
    void measuresNoRoundTripOnceItHasRepeatedThePing() {
        probe.start(NOW);
        timer(REPEAT, 250);
        assertThat(verdict(probe.onAck(ACK, NOW.plusMillis(260)))).isEqualTo(new Verdict.Indirect(TARGET));
    }

    @Test
    void waitsForTheNacksThatAreDueAMomentAfterThePeriodAndNoLonger() {
        toIndirect();
        assertThat(schedules(timer(PERIOD, 1_000))).isEqualTo(List.of(Duration.ofMillis(125)));
        assertThat(probe.onNack(NACK, helper(1))).isEmpty();
        assertThat(probe.onNack(NACK, helper(2))).isEmpty();
        assertThat(verdict(probe.onNack(NACK, helper(3)))).isEqualTo(failed(0, 3));
    }

    @Test
    void aHelperWhoseNackComesTwiceIsOneWitness() {
        toIndirect();
        timer(PERIOD, 1_000);
        probe.onNack(NACK, helper(1));
        probe.onNack(NACK, helper(1));
        assertThat(probe.onNack(NACK, helper(1))).isEmpty();
        assertThat(verdict(timer(NACKS, 1_125))).isEqualTo(failed(2, 1));
    }

    @Test
    void tellsHowManyHelpersTestified() {
        toIndirect();
        timer(PERIOD, 1_000);
        probe.onNack(NACK, helper(1));
        assertThat(verdict(timer(NACKS, 1_125))).isEqualTo(failed(2, 1));
    }

    @Test
    void anAckThatComesWithTheNacksSavesTheTarget() {
        toIndirect();
        timer(PERIOD, 1_000);
        probe.onNack(NACK, helper(1));
        assertThat(verdict(probe.onAck(ACK, NOW.plusMillis(1_010)))).isEqualTo(new Verdict.Indirect(TARGET));
    }

    @Test
    void aTimerThatComesLateEndsItWithoutAVerdict() {
        Verdict paused = new Verdict.Excused(TARGET, Verdict.Excuse.PAUSED, 1);
        probe.start(NOW);
        assertThat(verdict(timer(DIRECT, 751))).isEqualTo(paused);

        ProbeMachine inPeriod = new ProbeMachine(SELF, TARGET, SEQ_NO, 0, SwimSettings.lan());
        inPeriod.start(NOW);
        inPeriod.onTimer(DIRECT, POOL, random, NOW.plusMillis(500));
        assertThat(verdict(inPeriod.onTimer(PERIOD, POOL, random, NOW.plusMillis(16_000))))
                .isEqualTo(paused);

        ProbeMachine inNacks = new ProbeMachine(SELF, TARGET, SEQ_NO, 0, SwimSettings.lan());
        inNacks.start(NOW);
        inNacks.onTimer(DIRECT, POOL, random, NOW.plusMillis(500));
        inNacks.onTimer(PERIOD, POOL, random, NOW.plusMillis(1_000));
        assertThat(verdict(inNacks.onTimer(NACKS, POOL, random, NOW.plusMillis(1_376))))
                .isEqualTo(paused);
    }

    @Test
    void aTimerThatComesALittleLateChangesNothing() {
        probe.start(NOW);
        assertThat(timer(DIRECT, 750).stream().filter(ProbeEffect.Ask.class::isInstance))
                .hasSize(3);
    }

    @Test
    void aPauseOfTheProcessEndsItWithoutAVerdict() {
        toIndirect();
        assertThat(verdict(probe.onPause())).isEqualTo(new Verdict.Excused(TARGET, Verdict.Excuse.PAUSED, 1));
        assertThat(probe.onPause()).isEmpty();
    }

    private static Verdict.Failed failed(int health, int witnesses) {
        // Health counts nacks that are missing, as upstream has it.
        return new Verdict.Failed(TARGET, new SwimMessage.Suspect(5, "n", "self"), health, 3, witnesses);
    }

    private static InetSocketAddress helper(int number) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000 + number);
    }

    private void toIndirect() {
        probe.start(NOW);
        timer(DIRECT, 500);
    }

    private List<ProbeEffect> timer(long generation, int millis) {
        Instant now = NOW.plusMillis(millis);
        return probe.onTimer(generation, POOL, random, now);
    }

    private static Verdict verdict(List<ProbeEffect> effects) {
        assertThat(effects).singleElement().isInstanceOf(ProbeEffect.Done.class);
        return ((ProbeEffect.Done) effects.get(0)).verdict();
    }

    private static List<Duration> schedules(List<ProbeEffect> effects) {
        return effects.stream()
                .filter(ProbeEffect.Schedule.class::isInstance)
                .map(effect -> ((ProbeEffect.Schedule) effect).after())
                .toList();
    }
}
