package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReapQueueTest {
    private static final long SEED = 20_261_122;
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final SerfSettings SERF = SerfSettings.consul();

    private final ReapQueue queue = new ReapQueue(SERF);

    @Test
    void namesThoseThatFailedOrLeftLongAgoAndNobodyElse() {
        queue.changed(record("failed", SerfStatus.FAILED, START));
        queue.changed(record("left", SerfStatus.LEFT, START));
        queue.changed(record("alive", SerfStatus.ALIVE, START));
        Instant dayLater = START.plus(SERF.tombstoneTimeout());

        assertThat(queue.due(dayLater)).isEmpty();
        assertThat(queue.due(dayLater.plusNanos(1))).containsExactly("left");
        assertThat(queue.due(START.plus(SERF.reconnectTimeout()).plusNanos(1))).containsExactly("left", "failed");
    }

    @Test
    void namesAMemberUntilItChangesOrIsForgotten() {
        Instant late = START.plus(Duration.ofDays(10));
        queue.changed(record("a", SerfStatus.FAILED, START));
        queue.changed(record("b", SerfStatus.FAILED, START));
        assertThat(queue.due(late)).containsExactly("a", "b");
        assertThat(queue.due(late)).containsExactly("a", "b");

        queue.changed(record("a", SerfStatus.ALIVE, START));
        queue.forgotten("b");

        assertThat(queue.due(late)).isEmpty();
    }

    @Test
    void namesTheSameMembersAsALookAtAllOfThem() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, MemberRecord> all = new LinkedHashMap<>();
        Instant now = START;
        for (int i = 0; i < 5_000; i++) {
            now = now.plus(Duration.ofMinutes(random.nextInt(10)));
            String name = "n" + random.nextInt(300);
            if (random.nextInt(10) == 0) {
                all.remove(name);
                queue.forgotten(name);
            } else {
                SerfStatus[] statuses = SerfStatus.values();
                MemberRecord record = record(name, statuses[random.nextInt(statuses.length)], now);
                all.put(name, record);
                queue.changed(record);
            }
            List<String> expected = new ArrayList<>();
            for (MemberRecord record : all.values()) {
                if (Roster.isDueToBeForgotten(record, SERF, now)) {
                    expected.add(record.name());
                }
            }
            assertThat(queue.due(now)).as("step %s, seed %s", i, SEED).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static MemberRecord record(String name, SerfStatus status, Instant changedAt) {
        MemberRecord alive = Samples.member(name, 1);
        return new MemberRecord(
                name, alive.address(), alive.meta(), alive.vsn(), 1, NodeState.DEAD, changedAt, status, 0, true);
    }
}
