package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SerfMessage;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class MembersViewTest {
    private static final long SEED = 20_261_122;
    private static final int MANY = 10_000;

    private final ActorRef<RemoteMember.Command> actor =
            TestInbox.<RemoteMember.Command>create().getRef();

    @Test
    void showsAfterAnyChangesWhatASimpleMapShowsAndEarlierViewsStayAsTheyWere() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, MemberRecord> model = new LinkedHashMap<>();
        MembersView view = MembersView.alone(Samples.SELF);
        List<MembersView> earlier = new ArrayList<>();
        List<List<MemberRecord>> shown = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            String name = name(random.nextInt(900));
            if (random.nextInt(4) == 0) {
                model.remove(name);
                view = view.without(name);
            } else {
                MemberRecord record = record(name, random);
                model.put(name, record);
                view = view.with(record, actor);
            }
            if (i % 200 == 0) {
                earlier.add(view);
                shown.add(expected(model));
            }
        }

        for (int i = 0; i < earlier.size(); i++) {
            assertThat(earlier.get(i).records()).as("view %s, seed %s", i, SEED).isEqualTo(shown.get(i));
            assertThat(earlier.get(i).poolSize()).isEqualTo(Roster.poolSize(shown.get(i)));
            assertThat(earlier.get(i).size()).isEqualTo(shown.get(i).size());
            assertThat(earlier.get(i).inAnyOrder()).containsExactlyInAnyOrderElementsOf(shown.get(i));
            List<MemberRecord> others = shown.get(i).subList(1, shown.get(i).size());
            assertThat(earlier.get(i).hasCompany()).isEqualTo(others.stream().anyMatch(MemberRecord::isAlive));
            assertThat(earlier.get(i).hasFailed())
                    .isEqualTo(others.stream().anyMatch(one -> one.status() == SerfStatus.FAILED));
        }
        for (int i = 0; i < 900; i++) {
            String name = name(i);
            assertThat(view.find(name).map(MemberRecord::name).isPresent()).isEqualTo(model.containsKey(name));
            assertThat(view.actorOf(name).isPresent()).isEqualTo(model.containsKey(name));
        }
    }

    @Test
    void aChangeCopiesLittleHoweverManyMembersThereAre() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<MemberRecord> records = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            records.add(Samples.member("node-" + i, 1 + i % 200));
        }
        MembersView view = MembersView.alone(Samples.SELF);
        long before = threads.getCurrentThreadAllocatedBytes();

        for (MemberRecord record : records) {
            view = view.with(record, actor);
        }

        long perChange = (threads.getCurrentThreadAllocatedBytes() - before) / MANY;
        assertThat(view.size()).isEqualTo(MANY + 1);
        // A reference is 4 or 8 bytes: even a mere list of 10,000 would be 20,000 on average.
        assertThat(perChange).as("bytes copied for a member").isLessThan(12_000);
    }

    @Test
    void knowsWhetherAnybodyElseIsAliveOrHasFailed() {
        MembersView alone = MembersView.alone(Samples.SELF);
        MembersView two = alone.with(Samples.member("a", 1), actor);
        MemberRecord alive = Samples.member("a", 1);
        MembersView failed = two.with(
                new MemberRecord(
                        "a",
                        alive.address(),
                        alive.meta(),
                        alive.vsn(),
                        1,
                        NodeState.DEAD,
                        Instant.EPOCH,
                        SerfStatus.FAILED,
                        0,
                        true),
                actor);

        assertThat(List.of(alone.hasCompany(), two.hasCompany(), failed.hasCompany()))
                .containsExactly(false, true, false);
        assertThat(List.of(alone.hasFailed(), two.hasFailed(), failed.hasFailed()))
                .containsExactly(false, false, true);
        assertThat(failed.without("a").hasFailed()).isFalse();
    }

    @Test
    void holdsAnIntentThatIsNoNewsAndWhoseTimeIsWitnessed() {
        MemberRecord alive = Samples.member("a", 1);
        MemberRecord told = new MemberRecord(
                "a",
                alive.address(),
                alive.meta(),
                alive.vsn(),
                1,
                NodeState.ALIVE,
                Instant.EPOCH,
                SerfStatus.ALIVE,
                7,
                true);
        MembersView view = MembersView.alone(Samples.SELF).with(told, actor);
        MembersView witnessed = view.withClock(8);

        assertThat(view.holds(new SerfMessage.Join(7, "a"))).as("not witnessed").isFalse();
        assertThat(witnessed.holds(new SerfMessage.Join(7, "a"))).isTrue();
        assertThat(witnessed.holds(new SerfMessage.Leave(7, "a", false))).isTrue();
        assertThat(witnessed.holds(new SerfMessage.Leave(8, "a", false))).isFalse();
        assertThat(witnessed.holds(new SerfMessage.Join(1, "stranger"))).isFalse();
    }

    @Test
    void countsAsAnArrivalWhoComesIntoThePoolAndNotWhoOnlyChanges() {
        MemberRecord alive = Samples.member("a", 1);
        MemberRecord out = new MemberRecord(
                "a",
                alive.address(),
                alive.meta(),
                alive.vsn(),
                1,
                NodeState.DEAD,
                Instant.EPOCH,
                SerfStatus.FAILED,
                0,
                false);
        MembersView view = MembersView.alone(Samples.SELF).with(alive, actor).with(alive, actor);
        assertThat(view.candidates().arrivals().since(0)).contains(List.of("a"));
        view = view.with(out, actor);
        assertThat(view.candidates().arrivals().count()).isEqualTo(1);
        view = view.with(alive, actor);
        assertThat(view.candidates().arrivals().since(1)).contains(List.of("a"));
    }

    /** Every third name has the same hash as others. */
    private static String name(int number) {
        if (number % 3 != 0) {
            return "node-" + number;
        }
        StringBuilder name = new StringBuilder();
        for (int bit = 0; bit < 10; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    private static MemberRecord record(String name, SplittableRandom random) {
        MemberRecord alive = Samples.member(name, 1 + random.nextInt(200));
        return new MemberRecord(
                name,
                alive.address(),
                alive.meta(),
                alive.vsn(),
                random.nextInt(100),
                random.nextBoolean() ? NodeState.ALIVE : NodeState.DEAD,
                Instant.EPOCH,
                SerfStatus.ALIVE,
                0,
                random.nextBoolean());
    }

    private static List<MemberRecord> expected(Map<String, MemberRecord> model) {
        List<MemberRecord> all = new ArrayList<>(List.of(Samples.SELF));
        all.addAll(model.values());
        return all;
    }
}
