package io.sotto.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole pools of this module's machines in virtual time, under the LAN profile. */
class PoolSimTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    /** Two rounds of the ring, one probe, and the longest suspicion of a pool of five. */
    private static final Duration DETECTION = Duration.ofSeconds(2 * 4 + 1 + 24);

    @Test
    void everyMemberLearnsOfEveryOtherWithinTwoSeconds() {
        SimPool pool = pool(10, 0);
        pool.run(TWO_SECONDS);
        for (SimNode node : pool.nodes()) {
            for (SimNode other : pool.nodes()) {
                assertThat(node.statusOf(other.name))
                        .as(node.name + " of " + other.name)
                        .isEqualTo(SerfStatus.ALIVE);
            }
        }
    }

    @Test
    void aKilledMemberIsFailedForAllAndNobodyElseIs() {
        SimPool pool = pool(5, 0);
        pool.run(TWO_SECONDS);
        pool.node("n2").kill();
        pool.run(DETECTION);
        assertStatus(pool, "n2", SerfStatus.FAILED);
        for (String other : List.of("n0", "n1", "n3", "n4")) {
            assertStatus(pool, other, SerfStatus.ALIVE);
        }
    }

    @Test
    void aMemberThatLeavesIsLeftForAllInTheEnd() {
        SimPool pool = pool(5, 0);
        pool.run(TWO_SECONDS);
        pool.node("n3").leave();
        pool.run(DETECTION);
        // Gossip keeps no order: whoever hears of the end before the intent lists the member as failed until it hears
        // both,
        // as a real Serf member does.
        assertStatus(pool, "n3", SerfStatus.LEFT);
        for (SimNode node : pool.nodes()) {
            List<MemberEvent.Kind> kinds = kinds(node);
            assertThat(kinds).as(node.name).contains(MemberEvent.Kind.LEFT);
            assertThat(kinds.lastIndexOf(MemberEvent.Kind.FAILED))
                    .as("%s lists it as failed only until it has heard both: %s", node.name, kinds)
                    .isLessThan(kinds.indexOf(MemberEvent.Kind.LEFT));
        }
    }

    @Test
    void aKilledMemberThatReturnsIsAliveAgain() {
        SimPool pool = pool(5, 0);
        pool.run(TWO_SECONDS);
        int host = pool.node("n2").host;
        pool.node("n2").kill();
        pool.run(DETECTION);
        pool.start("n2", host, "n0");
        pool.run(TWO_SECONDS);
        assertStatus(pool, "n2", SerfStatus.ALIVE);
    }

    @Test
    void aMemberThatLeftAndReturnsIsAliveAgainAndStaysSo() {
        SimPool pool = pool(5, 0);
        pool.run(TWO_SECONDS);
        int host = pool.node("n3").host;
        pool.node("n3").leave();
        pool.run(Duration.ofSeconds(10));
        pool.start("n3", host, "n1");
        pool.run(Duration.ofMinutes(2));
        assertStatus(pool, "n3", SerfStatus.ALIVE);
    }

    @Test
    void aFailedMemberIsStillListedAfterThePoolForgotIt() {
        SimPool pool = pool(5, 0);
        pool.run(TWO_SECONDS);
        pool.node("n4").kill();
        pool.run(DETECTION.plusSeconds(120));
        assertStatus(pool, "n4", SerfStatus.FAILED);
    }

    @Test
    void losingAFifthOfAllDatagramsFailsNobody() {
        SimPool pool = pool(5, 0.2);
        pool.run(Duration.ofMinutes(10));
        for (SimNode node : pool.nodes()) {
            assertThat(kinds(node)).as(node.name).doesNotContain(MemberEvent.Kind.FAILED);
            for (SimNode other : pool.nodes()) {
                assertThat(node.statusOf(other.name)).isEqualTo(SerfStatus.ALIVE);
            }
        }
    }

    private static SimPool pool(int size, double loss) {
        var pool = new SimPool(Seeds.random(), loss);
        for (int i = 0; i < size; i++) {
            pool.start("n" + i, 10 + i, "n0");
        }
        return pool;
    }

    private static void assertStatus(SimPool pool, String name, SerfStatus status) {
        for (SimNode node : pool.nodes()) {
            if (node.isUp()) {
                assertThat(node.statusOf(name)).as(node.name + " of " + name).isEqualTo(status);
            }
        }
    }

    private static List<MemberEvent.Kind> kinds(SimNode node) {
        return node.events.stream().map(MemberEvent::kind).toList();
    }
}
