package io.sotto.membership.probe;

import static io.sotto.membership.Members.NOW;
import static io.sotto.membership.Members.alive;
import static io.sotto.membership.Members.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Seeds;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.NodeState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProbeRingTest {
    private final Random random = Seeds.random();
    private final ProbeRing ring = new ProbeRing("self", SwimSettings.lan());
    private final Map<String, MemberRecord> records = new HashMap<>();

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
        records.remove("b");
        assertThat(take(4)).isEqualTo(List.of("a", "a", "a", "a"));
    }

    @Test
    void takesTheSameOrderForTheSameSeedWhateverTheOrderOfTheMap() {
        List<String> first = order(new HashMap<>());
        List<String> second = order(new TreeMap<>(Comparator.reverseOrder()));
        assertThat(first).isEqualTo(second);
    }

    private static List<String> order(Map<String, MemberRecord> map) {
        for (int i = 0; i < 10; i++) {
            map.put("n" + i, alive("n" + i));
        }
        var seeded = new Random(5);
        var ring = new ProbeRing("self", SwimSettings.lan());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            names.add(ring.next(map, NOW, seeded).target().orElseThrow().name());
        }
        return names;
    }

    private void put(MemberRecord record) {
        records.put(record.name(), record);
    }

    private List<String> take(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(next(NOW).target().orElseThrow().name());
        }
        return names;
    }

    private ProbeRing.Turn next(Instant now) {
        return ring.next(records, now, random);
    }
}
