package io.sotto.membership.probe;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static io.sotto.membership.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Members;
import io.sotto.membership.Seeds;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeMachineTest {
    private static final long SEQ_NO = 17;
    private static final MemberRecord SELF = alive("self");
    private static final MemberRecord TARGET = alive("n");
    private static final SwimMessage.Asker ASKER = new SwimMessage.Asker(SELF.address(), "self");
    private static final SwimMessage.Ping PING = new SwimMessage.Ping(SEQ_NO, "n", Optional.of(ASKER));
    private static final SwimMessage.Ack ACK = new SwimMessage.Ack(SEQ_NO, Octets.hex("01"));
    private static final List<MemberRecord> POOL =
            List.of(SELF, TARGET, alive("a"), alive("b"), alive("c"), member("d", NodeState.DEAD));

    private final Random random = Seeds.random();

    @Test
    void pingsTheTargetAndWaitsForTheProbeTimeout() {
        List<ProbeEffect> effects = probe(TARGET, 0).start(NOW);
        assertThat(effects.get(0)).isEqualTo(new ProbeEffect.Ping(TARGET, PING, Optional.empty()));
        assertThat(schedule(effects).after()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void tellsASuspectOfTheSuspicionTogetherWithThePing() {
        MemberRecord suspect = member("n", NodeState.SUSPECT);
        assertThat(probe(suspect, 0).start(NOW).get(0))
                .isEqualTo(new ProbeEffect.Ping(
                        suspect, PING, Optional.of(new SwimMessage.Suspect(suspect.incarnation(), "n", "self"))));
    }

    @Test
    void succeedsDirectlyWithTheRoundTripTimeAndThePayload() {
        ProbeMachine probe = probe(TARGET, 0);
        probe.start(NOW);
        assertThat(probe.onAck(ACK, NOW.plusMillis(12)))
                .isEqualTo(done(new Verdict.Direct(TARGET, Duration.ofMillis(12), Octets.hex("01"))));
        assertThat(new Verdict.Direct(TARGET, Duration.ZERO, Octets.empty()).healthDelta())
                .isEqualTo(-1);
    }

    @Test
    void ignoresAnAckOfAnotherProbe() {
        ProbeMachine probe = probe(TARGET, 0);
        probe.start(NOW);
        assertThat(probe.onAck(new SwimMessage.Ack(SEQ_NO + 1, Octets.empty()), NOW))
                .isEmpty();
    }

    @Test
    void asksThreeHelpersAndTheStreamAtTheSameTime() {
        ProbeMachine probe = probe(TARGET, 0);
        List<ProbeEffect> effects = toIndirect(probe, POOL);

        List<ProbeEffect.Ask> asked = only(ProbeEffect.Ask.class, effects);
        assertThat(asked.stream().map(ask -> ask.helper().name()).sorted().toList())
                .isEqualTo(List.of("a", "b", "c"));
        assertThat(asked)
                .allSatisfy(ask -> assertThat(ask.request())
                        .isEqualTo(
                                new SwimMessage.IndirectPing(SEQ_NO, TARGET.address(), "n", true, Optional.of(ASKER))));
        assertThat(only(ProbeEffect.StreamPing.class, effects))
                .isEqualTo(List.of(new ProbeEffect.StreamPing(TARGET, PING, Duration.ofMillis(500))));
        assertThat(schedule(effects).after()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void scalesThePeriodWithItsHealthButNotTheDirectWait() {
        ProbeMachine probe = probe(TARGET, 3);
        assertThat(schedule(probe.start(NOW)).after()).isEqualTo(Duration.ofMillis(500));
        List<ProbeEffect> effects = probe.onTimer(1, POOL, random, NOW.plusMillis(500));
        assertThat(schedule(effects).after()).isEqualTo(Duration.ofMillis(3_500));
    }

    @Test
    void spendsNoStreamOnATargetThatDoesNotKnowStreamPings() {
        MemberRecord old = versioned("n", "010202000000");
        assertThat(only(ProbeEffect.StreamPing.class, toIndirect(probe(old, 0), POOL)))
                .isEmpty();
    }

    @Test
    void succeedsWhenALateOrRelayedAckArrives() {
        ProbeMachine probe = probe(TARGET, 0);
        toIndirect(probe, POOL);
        assertThat(probe.onAck(ACK, NOW.plusMillis(900))).isEqualTo(done(new Verdict.Indirect(TARGET)));
    }

    @Test
    void countsAStreamAckOnlyWhenThePeriodIsOver() {
        ProbeMachine probe = probe(TARGET, 0);
        toIndirect(probe, POOL);
        assertThat(probe.onStreamAck()).isEmpty();
        assertThat(end(probe)).isEqualTo(new Verdict.StreamOnly(TARGET));
    }

    @Test
    void failsWithASuspicionOfTheKnownIncarnation() {
        ProbeMachine probe = probe(TARGET, 0);
        toIndirect(probe, List.of(SELF, TARGET));
        assertThat(end(probe)).isEqualTo(new Verdict.Failed(TARGET, new SwimMessage.Suspect(5, "n", "self"), 1, 0, 0));
    }

    @Test
    void lowersItsHealthByTheNacksThatAreMissing() {
        for (int nacks = 0; nacks <= 4; nacks++) {
            ProbeMachine probe = probe(TARGET, 0);
            toIndirect(probe, POOL);
            for (int i = 0; i < nacks; i++) {
                probe.onNack(new SwimMessage.Nack(SEQ_NO), helper(i));
                probe.onNack(new SwimMessage.Nack(SEQ_NO + 1), helper(10 + i));
            }
            assertThat(end(probe).healthDelta()).as(nacks + " nacks").isEqualTo(Math.max(0, 3 - nacks));
        }
    }

    private static InetSocketAddress helper(int number) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000 + number);
    }

    @Test
    void expectsNoNackFromHelpersThatDoNotKnowIt() {
        List<MemberRecord> pool = List.of(SELF, TARGET, versioned("a", "010302000000"), versioned("b", "010402000000"));
        ProbeMachine probe = probe(TARGET, 0);
        List<ProbeEffect> effects = toIndirect(probe, pool);
        assertThat(only(ProbeEffect.Ask.class, effects).stream()
                        .filter(ask -> ask.request().nack())
                        .map(ask -> ask.helper().name())
                        .toList())
                .isEqualTo(List.of("b"));
        assertThat(end(probe).healthDelta()).isEqualTo(1);

        ProbeMachine lonely = probe(TARGET, 0);
        toIndirect(lonely, List.of(SELF, TARGET, versioned("a", "010302000000")));
        assertThat(end(lonely).healthDelta()).isEqualTo(1);
    }

    @Test
    void answersNothingOnceItIsOver() {
        ProbeMachine probe = probe(TARGET, 0);
        probe.start(NOW);
        probe.onAck(ACK, NOW);
        assertThat(probe.onAck(ACK, NOW)).isEmpty();
        assertThat(probe.onTimer(1, POOL, random, NOW)).isEmpty();
        assertThat(probe.onTimer(2, POOL, random, NOW)).isEmpty();
    }

    private List<ProbeEffect> toIndirect(ProbeMachine probe, List<MemberRecord> pool) {
        long generation = schedule(probe.start(NOW)).generation();
        return probe.onTimer(generation, pool, random, NOW.plusMillis(500));
    }

    private Verdict end(ProbeMachine probe) {
        List<ProbeEffect> effects = probe.onTimer(2, POOL, random, NOW.plusSeconds(1));
        return only(ProbeEffect.Done.class, effects).get(0).verdict();
    }

    private static ProbeMachine probe(MemberRecord target, int healthScore) {
        return new ProbeMachine(
                SELF, target, SEQ_NO, healthScore, SwimSettings.lan().asUpstream());
    }

    private static MemberRecord versioned(String name, String vsn) {
        MemberRecord known = alive(name);
        return new MemberRecord(
                name,
                Members.address(41),
                known.meta(),
                Octets.hex(vsn),
                known.incarnation(),
                known.state(),
                known.changedAt(),
                known.status(),
                known.statusLTime(),
                known.pooled());
    }

    private static List<ProbeEffect> done(Verdict verdict) {
        return List.of(new ProbeEffect.Done(verdict));
    }

    private static ProbeEffect.Schedule schedule(List<ProbeEffect> effects) {
        return only(ProbeEffect.Schedule.class, effects).get(0);
    }

    private static <E extends ProbeEffect> List<E> only(Class<E> type, List<ProbeEffect> effects) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
