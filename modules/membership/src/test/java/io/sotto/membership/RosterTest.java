package io.sotto.membership;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static io.sotto.membership.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final SwimSettings LAN = SwimSettings.lan();

    @Test
    void countsTheDeadUntilTheyLeaveThePool() {
        MemberRecord dead = member("d", NodeState.DEAD);
        assertThat(Roster.poolSize(List.of(alive("self"), alive("a"), dead, dead.outOfPool())))
                .isEqualTo(3);
    }

    @Test
    void tellsTheRecentlyDeadButNeverThoseThatLeftOrItself() {
        List<MemberRecord> records = List.of(
                alive("self"),
                alive("a"),
                member("s", NodeState.SUSPECT),
                member("d", NodeState.DEAD),
                member("l", NodeState.LEFT),
                alive("reaped").outOfPool());
        SwimSettings wide = LAN.withGossip(LAN.gossipInterval(), 6);

        assertThat(names(Roster.gossipTargets(records, "self", wide, NOW.plusSeconds(30), Seeds.random())))
                .isEqualTo(List.of("a", "d", "s"));
        assertThat(names(Roster.gossipTargets(records, "self", wide, NOW.plusSeconds(31), Seeds.random())))
                .isEqualTo(List.of("a", "s"));
    }

    @Test
    void picksDifferentRecordsAndInTheLongRunEachAsOften() {
        Random random = Seeds.random();
        List<MemberRecord> records = many(30);
        Map<String, Integer> counts = new HashMap<>();
        for (int round = 0; round < 10_000; round++) {
            List<MemberRecord> picked = Roster.pick(3, records, record -> true, random);
            assertThat(new HashSet<>(picked)).hasSize(3);
            picked.forEach(record -> counts.merge(record.name(), 1, Integer::sum));
        }
        // 1000 expected each, with a standard deviation of 30.
        assertThat(counts.values())
                .hasSize(30)
                .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
    }

    @Test
    void findsTheOneThatIsEligibleAmongManyThatAreNot() {
        Random random = Seeds.random();
        List<MemberRecord> records = many(30);
        for (int round = 0; round < 1_000; round++) {
            assertThat(names(Roster.pick(1, records, record -> record.name().equals("n7"), random)))
                    .isEqualTo(List.of("n7"));
        }
    }

    @Test
    void picksAllThatAreEligibleFromAShortList() {
        assertThat(names(Roster.pick(5, many(4), record -> true, Seeds.random())))
                .isEqualTo(List.of("n0", "n1", "n2", "n3"));
        assertThat(Roster.pick(5, List.of(), record -> true, Seeds.random())).isEmpty();
    }

    @Test
    void findsTheSamePicksForTheSameSeed() {
        List<MemberRecord> records = many(50);
        assertThat(Roster.pick(4, records, record -> true, new Random(7)))
                .isEqualTo(Roster.pick(4, records, record -> true, new Random(7)));
    }

    @Test
    void exchangesOnlyWithMembersAlive() {
        List<MemberRecord> records = List.of(
                alive("self"),
                member("s", NodeState.SUSPECT),
                member("d", NodeState.DEAD),
                member("l", NodeState.LEFT));
        Random random = Seeds.random();
        for (int i = 0; i < 100; i++) {
            assertThat(Roster.pushPullPartner(records, "self", random)).isEmpty();
        }
        assertThat(Roster.pushPullPartner(List.of(alive("self"), alive("a")), "a", random))
                .contains(alive("self"));
    }

    @Test
    void ofAPoolWithFewFailuresTwoMembersTryToReachThemInEachLook() {
        assertThat(Roster.reconnectTarget(many(3), Seeds.random()))
                .as("nobody failed")
                .isEmpty();
        assertThat(triesOutOf10_000(pool(1, 2))).isEqualTo(10_000);
        assertThat(triesOutOf10_000(pool(2, 2))).isEqualTo(10_000);
        // 2000 expected, with a standard deviation of 40.
        assertThat(triesOutOf10_000(pool(10, 1))).isBetween(1_750, 2_250);
    }

    @Test
    void ofAPoolWithManyFailuresAsManyMembersTryAsInSerf() {
        // A tenth of 40 out of 100 in each of ten looks: 400 expected, with a standard deviation of 20.
        assertThat(triesOutOf10_000(pool(100, 40))).isBetween(280, 520);
        assertThat(triesOutOf10_000(pool(1, 40))).isEqualTo(10_000);
    }

    private static int triesOutOf10_000(List<MemberRecord> pool) {
        Random random = Seeds.random();
        int tries = 0;
        for (int i = 0; i < 10_000; i++) {
            if (Roster.reconnectTarget(pool, random).isPresent()) {
                tries++;
            }
        }
        return tries;
    }

    /** Failed members that memberlist has forgotten and Serf remembers. */
    private static List<MemberRecord> pool(int alive, int failed) {
        List<MemberRecord> records = new ArrayList<>(many(alive));
        for (int i = 0; i < failed; i++) {
            records.add(member("d" + i, NodeState.DEAD).outOfPool());
        }
        return records;
    }

    private static List<MemberRecord> many(int count) {
        List<MemberRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(alive("n" + i));
        }
        return records;
    }

    private static List<String> names(List<MemberRecord> records) {
        return records.stream().map(MemberRecord::name).sorted().toList();
    }
}
