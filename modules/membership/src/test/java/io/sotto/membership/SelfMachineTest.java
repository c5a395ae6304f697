package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.VSN;
import static io.sotto.membership.Members.only;
import static io.sotto.membership.Members.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelfMachineTest {
    private static final long MAX = 0xffff_ffffL;
    private static final NodeAddress ADDRESS = Members.address(10);
    private static final Octets META = Octets.hex("ff80");

    @Test
    void startsAliveWithIncarnationOne() {
        SelfMachine self = SelfMachine.create(rules(), ADDRESS, META, VSN);
        List<Effect> effects = self.start(NOW);

        assertThat(only(Effect.Gossip.class, effects))
                .isEqualTo(List.of(new Effect.Gossip("self", new SwimMessage.Alive(1, "self", ADDRESS, META, VSN))));
        assertThat(self.record().status()).isEqualTo(SerfStatus.ALIVE);
        Effect.Publish published = only(Effect.Publish.class, effects).get(0);
        assertThat(published.before()).isEmpty();
        assertThat(published.event()).contains(new MemberEvent(MemberEvent.Kind.JOINED, self.record()));
    }

    @Test
    void refutesASuspicionUnderTheTextOfItsAddressWithAHigherIncarnation() {
        SelfMachine self = started();
        var accusation = new SwimMessage.Suspect(7, "self", "a");

        List<Effect> effects = self.onClaim(accusation, NOW);

        assertThat(only(Effect.Gossip.class, effects))
                .isEqualTo(
                        List.of(new Effect.Gossip("127.0.0.10", new SwimMessage.Alive(8, "self", ADDRESS, META, VSN))));
        assertThat(effects).contains(new Effect.Health(1), new Effect.Refuted(accusation, 8));
        assertThat(self.record().incarnation()).isEqualTo(8);
    }

    @Test
    void writesAMappedAddressAsIpv4InTheQueueName() {
        var mapped = new NodeAddress(Octets.hex("00000000000000000000ffff7f00000a"), 7946);
        SelfMachine self = SelfMachine.create(rules(), mapped, META, VSN);
        self.start(NOW);
        List<Effect> effects = self.onClaim(new SwimMessage.Dead(1, "self", "a"), NOW);
        assertThat(only(Effect.Gossip.class, effects).get(0).queueName()).isEqualTo("127.0.0.10");
    }

    @Test
    void saturatesItsIncarnationAndNeverWraps() {
        SelfMachine self = started();
        self.onClaim(new SwimMessage.Suspect(MAX, "self", "a"), NOW);
        assertThat(self.record().incarnation()).isEqualTo(MAX);
        self.onClaim(new SwimMessage.Dead(MAX, "self", "a"), NOW);
        assertThat(self.record().incarnation()).isEqualTo(MAX);
        self.updateMeta(Octets.hex("ff81"));
        assertThat(self.record().incarnation()).isEqualTo(MAX);
    }

    @Test
    void ignoresItsOwnEchoAndOlderClaims() {
        SelfMachine self = started();
        self.onClaim(new SwimMessage.Suspect(7, "self", "a"), NOW);
        assertThat(self.onClaim(new SwimMessage.Alive(8, "self", ADDRESS, META, VSN), NOW))
                .isEmpty();
        assertThat(self.onClaim(new SwimMessage.Alive(7, "self", ADDRESS, Octets.empty(), VSN), NOW))
                .isEmpty();
        assertThat(self.onClaim(new SwimMessage.Suspect(7, "self", "a"), NOW)).isEmpty();
        assertThat(self.onClaim(new SwimMessage.Dead(7, "self", "a"), NOW)).isEmpty();
    }

    @Test
    void repeatsItsAnswerOnceAPeriodToWhoStillAccusesItOfThePast() {
        SelfMachine self = started();
        var accusation = new SwimMessage.Suspect(1, "self", "a");
        var answer = new Effect.Gossip("127.0.0.10", new SwimMessage.Alive(2, "self", ADDRESS, META, VSN));
        Duration period = rules().swim().probeInterval();
        self.onClaim(accusation, NOW);

        assertThat(self.onClaim(accusation, NOW.plus(period).minusMillis(1)))
                .as("the answer is still on its way")
                .isEmpty();
        assertThat(self.onClaim(accusation, NOW.plus(period))).isEqualTo(List.of(answer));
        assertThat(self.onClaim(new SwimMessage.Dead(1, "self", "b"), NOW.plus(period)))
                .as("once is enough for both")
                .isEmpty();
        assertThat(self.onClaim(new SwimMessage.Dead(1, "self", "b"), NOW.plus(period.multipliedBy(2))))
                .isEqualTo(List.of(answer));
        assertThat(self.record().incarnation()).isEqualTo(2);
        assertThat(self.healthScore()).as("nobody new accuses it").isEqualTo(1);
    }

    @Test
    void saysItsAnswerOnceWhereItShallBeLikeTheRealMembers() {
        PoolRules upstream = PoolRules.open("self", SwimSettings.lan().asUpstream(), SerfSettings.serf());
        SelfMachine self = SelfMachine.create(upstream, ADDRESS, META, VSN);
        self.start(NOW);
        var accusation = new SwimMessage.Suspect(1, "self", "a");
        self.onClaim(accusation, NOW);

        assertThat(self.onClaim(accusation, NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void answersEachAccuserInPersonWhereClaimsAreGuarded() {
        PoolRules guarded = rules().withClaims(Claims.GUARDED.policy(GuardSettings.defaults(), Duration.ofSeconds(1)));
        SelfMachine self = SelfMachine.create(guarded, ADDRESS, META, VSN);
        self.start(NOW);
        var answer = new Effect.Answer(new SwimMessage.Alive(2, "self", ADDRESS, META, VSN));

        assertThat(self.onClaim(new SwimMessage.Suspect(1, "self", "a"), NOW)).contains(answer);
        assertThat(self.onClaim(new SwimMessage.Suspect(1, "self", "b"), NOW))
                .as("the answer is on its way, but b need not have heard it")
                .isEqualTo(List.of(answer));
        assertThat(self.onClaim(new SwimMessage.Dead(1, "self", "c"), NOW)).isEqualTo(List.of(answer));
        assertThat(only(Effect.Answer.class, self.onClaim(new SwimMessage.Suspect(MAX, "self", "d"), NOW)))
                .as("what is implausible is no accusation")
                .isEmpty();

        self.leave(NOW);
        assertThat(self.onClaim(new SwimMessage.Suspect(1, "self", "e"), NOW)).isEmpty();
    }

    @Test
    void answersNobodyInPersonWhereItShallBeLikeTheRealMembers() {
        List<Effect> effects = started().onClaim(new SwimMessage.Suspect(1, "self", "a"), NOW);
        assertThat(only(Effect.Answer.class, effects)).isEmpty();
    }

    @Test
    void refutesAnAliveOfAnEarlierLifeThatIsAheadOfItsOwn() {
        SelfMachine self = started();
        self.onClaim(new SwimMessage.Alive(40, "self", ADDRESS, META, VSN), NOW);
        assertThat(self.record().incarnation()).isEqualTo(41);
    }

    @Test
    void reportsAConflictWhenAnotherAddressClaimsItsName() {
        SelfMachine self = started();
        var other = new SwimMessage.Alive(40, "self", Members.address(99), META, VSN);
        assertThat(self.onClaim(other, NOW)).isEqualTo(List.of(new Effect.Conflict(self.record(), other)));
        assertThat(self.record().incarnation()).isEqualTo(1);
    }

    @Test
    void refusesAClaimToItsNameFromAnAddressThatIsNotAllowed() {
        PoolRules open = rules();
        var fenced = new PoolRules(
                "self",
                open.swim(),
                open.serf(),
                open.admission(),
                AllowedNetworks.parse(List.of("10.0.0.0/8")),
                open.claims());
        SelfMachine self = SelfMachine.create(fenced, ADDRESS, META, VSN);
        self.start(NOW);
        var other = new SwimMessage.Alive(40, "self", Members.address(99), META, VSN);
        assertThat(only(Effect.Refused.class, self.onClaim(other, NOW))).hasSize(1);
    }

    @Test
    void announcesNewTagsWithTheNextIncarnation() {
        SelfMachine self = started();
        Octets tags = Octets.hex("ff81a161a162");
        List<Effect> effects = self.updateMeta(tags);
        assertThat(only(Effect.Gossip.class, effects))
                .isEqualTo(List.of(new Effect.Gossip("self", new SwimMessage.Alive(2, "self", ADDRESS, tags, VSN))));
        assertThat(only(Effect.Publish.class, effects).get(0).event())
                .contains(new MemberEvent(MemberEvent.Kind.UPDATED, self.record()));
    }

    @Test
    void rejectsTagsThatAreTooLong() {
        SelfMachine self = started();
        assertThatThrownBy(() -> self.updateMeta(Octets.wrap(new byte[513])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("513");
        assertThatThrownBy(() -> SelfMachine.create(rules(), ADDRESS, Octets.wrap(new byte[513]), VSN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesInOrderFirstTheIntentThenTheDeath() {
        SelfMachine self = started();
        var book = new IntentBook(SerfSettings.serf().recentIntentTimeout());
        SerfMessage.Leave intent = book.stampLeave("self", false);

        List<Effect> first = self.beginLeave(intent);
        assertThat(first).last().isEqualTo(new Effect.GossipIntent(intent));
        assertThat(self.record().status()).isEqualTo(SerfStatus.LEAVING);
        assertThat(self.record().state()).isEqualTo(NodeState.ALIVE);
        assertThat(self.hasLeft()).isFalse();

        List<Effect> second = self.leave(NOW);
        assertThat(second).first().isEqualTo(new Effect.Gossip("self", new SwimMessage.Dead(1, "self", "self")));
        assertThat(self.record().status()).isEqualTo(SerfStatus.LEFT);
        assertThat(self.record().state()).isEqualTo(NodeState.LEFT);
        assertThat(self.hasLeft()).isTrue();
    }

    @Test
    void stillRefutesBetweenTheTwoHalvesOfALeaveAndNotAfterIt() {
        SelfMachine self = started();
        self.beginLeave(new SerfMessage.Leave(5, "self", false));
        assertThat(self.onClaim(new SwimMessage.Suspect(1, "self", "a"), NOW)).isNotEmpty();

        self.leave(NOW);
        assertThat(self.onClaim(new SwimMessage.Suspect(99, "self", "a"), NOW)).isEmpty();
        assertThat(self.onClaim(new SwimMessage.Dead(99, "self", "a"), NOW)).isEmpty();
        assertThat(self.onClaim(new SwimMessage.Alive(99, "self", ADDRESS, META, VSN), NOW))
                .isEmpty();
        assertThat(self.leave(NOW)).isEmpty();
        assertThat(self.updateMeta(Octets.empty())).isEmpty();
    }

    @Test
    void answersALeaveIntentAboutItselfWithAFreshJoinUnlessItIsLeaving() {
        SelfMachine self = started();
        assertThat(self.onIntent(new SerfMessage.Leave(9, "self", true)))
                .isEqualTo(List.of(new Effect.AnnounceJoin("self")));
        assertThat(self.record().status()).isEqualTo(SerfStatus.ALIVE);

        self.onIntent(new SerfMessage.Join(10, "self"));
        assertThat(self.record().statusLTime()).isEqualTo(10);
        assertThat(self.onIntent(new SerfMessage.Leave(10, "self", false))).isEmpty();

        self.beginLeave(new SerfMessage.Leave(11, "self", false));
        var echo = new SerfMessage.Leave(12, "self", false);
        assertThat(self.onIntent(echo)).contains(new Effect.PassOn(echo));
        assertThat(self.record().status()).isEqualTo(SerfStatus.LEAVING);
    }

    @Test
    void changesItsHealthWithinItsRangeAndSaysSoOnlyWhenItChanged() {
        SelfMachine self = started();
        assertThat(self.onHealth(-1)).isEmpty();
        assertThat(self.onHealth(3)).isEqualTo(List.of(new Effect.Health(3)));
        assertThat(self.onHealth(100)).isEqualTo(List.of(new Effect.Health(7)));
        assertThat(self.onHealth(1)).isEmpty();
        assertThat(self.healthScore()).isEqualTo(7);
    }

    @Test
    void goesOnFromItsLastRecord() {
        SelfMachine self = started();
        self.onClaim(new SwimMessage.Suspect(7, "self", "a"), NOW);
        SelfMachine resumed = SelfMachine.resume(self.record(), rules());
        resumed.onClaim(new SwimMessage.Suspect(8, "self", "a"), NOW);
        assertThat(resumed.record().incarnation()).isEqualTo(9);

        resumed.beginLeave(new SerfMessage.Leave(5, "self", false));
        resumed.leave(NOW);
        SelfMachine gone = SelfMachine.resume(resumed.record(), rules());
        assertThat(gone.hasLeft()).isTrue();
        assertThatThrownBy(() -> SelfMachine.resume(Members.alive("n"), rules()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatTheAdmissionRuleRefuses() {
        PoolRules open = rules();
        var strict = new PoolRules(
                "self", open.swim(), open.serf(), candidates -> Optional.of("nobody"), open.networks(), open.claims());
        SelfMachine self = SelfMachine.create(strict, ADDRESS, META, VSN);
        self.start(NOW);
        var alive = new SwimMessage.Alive(9, "self", ADDRESS, META, VSN);
        assertThat(self.onClaim(alive, NOW)).isEqualTo(List.of(new Effect.Refused(alive, "nobody")));
    }

    private static SelfMachine started() {
        SelfMachine self = SelfMachine.create(rules(), ADDRESS, META, VSN);
        self.start(NOW);
        return self;
    }
}
