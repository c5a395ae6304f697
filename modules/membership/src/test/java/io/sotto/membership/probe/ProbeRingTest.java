package io.sotto.membership.probe;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static io.sotto.membership.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Seeds;
import io.sotto.membership.SerfStatus;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProbeRingTest {
    private final Random random = Seeds.random();
    private final ProbeRing ring = new ProbeRing("self", SwimSettings.lan());
    private final Pool pool = new Pool(new HashMap<>());

    /** Records by name, and a count of how many of them were looked at. */
    private static final class Pool implements ProbeRing.Candidates {
        private final Map<String, MemberRecord> records;
        private Arrivals arrivals = Arrivals.none();
        private int looks;

        Pool(Map<String, MemberRecord> records) {
            this.records = records;
        }

        void put(MemberRecord record) {
            MemberRecord before = records.put(record.name(), record);
            if (record.pooled() && (before == null || !before.pooled())) {
                arrivals = arrivals.plus(record.name());
            }
        }

        @Override
        public Optional<MemberRecord> find(String name) {
            looks++;
            return Optional.ofNullable(records.get(name));
        }

        @Override
        public List<MemberRecord> records() {
            looks += records.size();
            return List.copyOf(records.values());
        }

        @Override
        public Arrivals arrivals() {
            return arrivals;
        }
    }

    @Test
    void probesEveryMemberOnceBetweenTwoWrapsInAnotherOrder() {
        put(alive("self"));
        for (int i = 0; i < 20; i++) {
            put(alive("n" + i));
        }
        List<List<String>> rounds = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            List<String> names = take(20);
            assertThat(new HashSet<>(names)).hasSize(20).doesNotContain("self");
            rounds.add(names);
        }
        assertThat(new HashSet<>(rounds)).hasSizeGreaterThan(1);
    }

    @Test
    void probesSuspectsAndSkipsTheDeadAndThoseThatLeft() {
        put(alive("a"));
        put(member("s", NodeState.SUSPECT));
        put(member("d", NodeState.DEAD));
        put(member("l", NodeState.LEFT));
        assertThat(new HashSet<>(take(2))).isEqualTo(Set.of("a", "s"));
        assertThat(new HashSet<>(take(2))).isEqualTo(Set.of("a", "s"));
    }

    @Test
    void hasNobodyToProbeInAPoolOfItsOwn() {
        put(alive("self"));
        assertThat(next(NOW).target()).isEmpty();
        put(member("d", NodeState.DEAD));
        assertThat(next(NOW).target()).isEmpty();
        assertThat(next(NOW).target()).isEmpty();
    }

    @Test
    void probesTheOnlyOtherMemberEveryTime() {
        put(alive("self"));
        put(alive("a"));
        assertThat(take(5)).isEqualTo(List.of("a", "a", "a", "a", "a"));
    }

    @Test
    void reportsThoseGoneForLongEnoughWhenItWraps() {
        put(alive("a"));
        put(alive("b"));
        put(member("d", NodeState.DEAD));
        put(member("l", NodeState.LEFT));
        take(2);

        assertThat(next(NOW.plusSeconds(30)).reaped()).isEmpty();
        assertThat(next(NOW.plusSeconds(31)).reaped()).isEmpty();
        assertThat(next(NOW.plusSeconds(31)).reaped()).isEqualTo(List.of("d", "l"));
    }

    @Test
    void takesUpANewMemberWithinTheRoundOrAtTheNextWrapAndOnlyOncePerRound() {
        for (int i = 0; i < 10; i++) {
            put(alive("n" + i));
        }
        take(5);
        put(alive("new"));

        List<String> rest = take(6);
        List<String> round = take(11);

        assertThat(rest.stream().filter("new"::equals).count()).isLessThanOrEqualTo(1);
        assertThat(round).contains("new");
    }

    @Test
    void takesUpAMemberThatCameBackToLife() {
        put(alive("a"));
        put(member("d", NodeState.DEAD));
        take(1);
        put(alive("d"));
        assertThat(new HashSet<>(take(3))).isEqualTo(Set.of("a", "d"));
    }

    @Test
    void dropsMembersThatAreForgotten() {
        put(alive("a"));
        put(alive("b"));
        take(2);
        pool.records.remove("b");
        assertThat(take(4)).isEqualTo(List.of("a", "a", "a", "a"));
    }

    @Test
    void takesTheSameOrderForTheSameSeedWhateverTheOrderOfTheMap() {
        List<String> first = order(new HashMap<>());
        List<String> second = order(new TreeMap<>(Comparator.reverseOrder()));
        assertThat(first).isEqualTo(second);
    }

    @Test
    void takesUpAMemberThatWasForgottenByThePoolAndCameBack() {
        put(alive("a"));
        put(member("d", NodeState.DEAD));
        take(1);
        assertThat(next(NOW.plusSeconds(31)).reaped()).isEqualTo(List.of("d"));
        pool.records.put(
                "d",
                new MemberRecord(
                        "d",
                        alive("d").address(),
                        alive("d").meta(),
                        alive("d").vsn(),
                        5,
                        NodeState.DEAD,
                        NOW,
                        SerfStatus.FAILED,
                        10,
                        false));
        take(4);

        put(alive("d"));

        assertThat(new HashSet<>(take(3))).isEqualTo(Set.of("a", "d"));
    }

    @Test
    void takesUpEveryoneOfACrowdThatCameAtOnce() {
        put(alive("a"));
        take(1);
        for (int i = 0; i < 200; i++) {
            put(alive("n" + i));
        }
        next(NOW);
        Set<String> probed = new HashSet<>(take(400));
        assertThat(probed).hasSize(201);
    }

    @Test
    void aTurnLooksAtAFewMembersHoweverManyThereAre() {
        for (int i = 0; i < 5_000; i++) {
            put(alive("n" + i));
        }
        next(NOW);
        pool.looks = 0;
        for (int i = 0; i < 1_000; i++) {
            put(alive("late" + i));
            next(NOW);
        }
        assertThat(pool.looks)
                .as("looks at members in 1000 turns, a newcomer in each")
                .isLessThanOrEqualTo(2_000);

        pool.looks = 0;
        for (int i = 0; i < 6_000; i++) {
            next(NOW);
        }
        assertThat(pool.looks).as("looks at 6000 members in a whole round").isLessThanOrEqualTo(3 * 6_000);
    }

    private static List<String> order(Map<String, MemberRecord> map) {
        var pool = new Pool(map);
        for (int i = 0; i < 10; i++) {
            pool.put(alive("n" + i));
        }
        var seeded = new Random(5);
        var ring = new ProbeRing("self", SwimSettings.lan());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            names.add(ring.next(pool, NOW, seeded).target().orElseThrow().name());
        }
        return names;
    }

    private void put(MemberRecord record) {
        pool.put(record);
    }

    private List<String> take(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(next(NOW).target().orElseThrow().name());
        }
        return names;
    }

    private ProbeRing.Turn next(Instant now) {
        return ring.next(pool, now, random);
    }
}
