package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.member;
import static io.sotto.membership.Members.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LateSuspicionsTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final MemberRecord DEAD = member("n", NodeState.ALIVE).withState(NodeState.DEAD, NOW);
    private static final SwimMessage.Suspect TOLD = new SwimMessage.Suspect(DEAD.incarnation(), "n", "late");
    private static final SwimMessage.Suspect CONFIRMATION =
            new SwimMessage.Suspect(DEAD.incarnation(), "n", rules().self());
    private static final Instant LATER = NOW.plus(PERIOD);

    private final LateSuspicions late =
            new LateSuspicions(rules().withClaims(Claims.GUARDED.policy(GuardSettings.defaults(), PERIOD)));

    @Test
    void whoSuspectsTheDeadIsConfirmedOnceAPeriod() {
        assertThat(late.confirm(TOLD, DEAD, LATER)).contains(CONFIRMATION);
        assertThat(late.confirm(TOLD, DEAD, LATER.plusMillis(999))).isEmpty();
        assertThat(late.confirm(TOLD, DEAD, LATER.plus(PERIOD))).contains(CONFIRMATION);
    }

    @Test
    void notWhileTheNewsOfTheDeathIsOnItsWay() {
        assertThat(late.confirm(TOLD, DEAD, LATER.minusMillis(1))).isEmpty();
    }

    @Test
    void nobodyIsConfirmedWhoSuspectsMoreThanWeKnow() {
        var newer = new SwimMessage.Suspect(DEAD.incarnation() + 1, "n", "late");
        assertThat(late.confirm(newer, DEAD, LATER)).isEmpty();
        assertThat(late.confirm(TOLD, DEAD.withState(NodeState.LEFT, NOW), LATER))
                .isEmpty();
        assertThat(late.confirm(TOLD, DEAD.withState(NodeState.ALIVE, NOW), LATER))
                .isEmpty();
        assertThat(late.confirm(TOLD, DEAD.outOfPool(), LATER)).isEmpty();
    }

    @Test
    void theRealMembersDoNotConfirm() {
        assertThat(new LateSuspicions(rules()).confirm(TOLD, DEAD, LATER)).isEmpty();
    }
}
