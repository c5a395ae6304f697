package io.sotto.testkit.invariant;

import static io.sotto.testkit.invariant.History.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked of a pool after it has healed. */
class AgreementTest {
    private final History history = History.of(new TrueLeaves(), "a", "b", "c");

    @Test
    void aHealthyPoolAgrees() {
        assertThat(Agreement.objections(history.moment(), Set.of())).isEmpty();
    }

    @Test
    void nobodyMayTakeTheLivingForDeadOrForWhatTheyWere() {
        history.put("a", record("b", NodeState.DEAD, 1)).put("c", record("c", NodeState.ALIVE, 2));
        assertThat(Agreement.objections(history.moment(), Set.of()))
                .hasSize(3)
                .anySatisfy(line ->
                        assertThat(line).startsWith("a#1 knows b#2").endsWith("as DEAD(1) FAILED at 10.0.0.98:7946"))
                .anySatisfy(line -> assertThat(line).startsWith("b#2 knows c#3").contains("alive(2)"));
    }

    @Test
    void nobodyMayTakeTheDeadForLiving() {
        history.stop("c").put("a", record("c", NodeState.DEAD, 1)).put("b", record("c", NodeState.SUSPECT, 1));
        assertThat(Agreement.objections(history.moment(), Set.of()))
                .singleElement()
                .asString()
                .startsWith("b#2 knows c, which is gone, as SUSPECT(1)");
    }

    @Test
    void allMustSayAlikeWhetherAMemberLeftOrFailed() {
        history.stop("c").put("a", record("c", NodeState.DEAD, 1)).put("b", record("c", NodeState.LEFT, 1));
        assertThat(Agreement.objections(history.moment(), Set.of()))
                .singleElement()
                .asString()
                .contains("c has LEFT, and others that it has FAILED");
    }

    @Test
    void whoLeftInPeaceMustNotBeListedAsFailed() {
        history.stop("c").put("a", record("c", NodeState.DEAD, 1)).put("b", record("c", NodeState.DEAD, 1));
        assertThat(Agreement.objections(history.moment(), Set.of())).isEmpty();
        assertThat(Agreement.objections(history.moment(), Set.of("c"))).hasSize(2);
    }

    @Test
    void healthMustRecoverAndQueuesEmpty() {
        history.health("a", 2).queued("b", 1, 0);
        assertThat(Agreement.objections(history.moment(), Set.of()))
                .containsExactly("a#1 has the health score 2", "b#2 has 1 claims and 0 intents to tell");
    }

    @Test
    void whoLivesMustNotBeListedAsLeaving() {
        history.put("a", record("b", NodeState.ALIVE, 1, SerfStatus.LEAVING, 3));
        assertThat(Agreement.objections(history.moment(), Set.of())).hasSize(1);
    }
}
