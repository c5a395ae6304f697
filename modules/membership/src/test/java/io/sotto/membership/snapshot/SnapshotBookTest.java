package io.sotto.membership.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.sotto.membership.LamportFloors;
import io.sotto.membership.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotBookTest {
    private final SnapshotBook book = new SnapshotBook(false, 3);

    @Test
    void recordsChangesInSerfsWordsAndNothingTwice() {
        assertThat(book.joined("node b", "10.0.0.2:7946")).isEqualTo("alive: node b 10.0.0.2:7946\n");
        assertThat(book.joined("node b", "10.0.0.2:7946")).isEmpty();
        assertThat(book.joined("node b", "[fd00::2]:7946")).isEqualTo("alive: node b [fd00::2]:7946\n");
        assertThat(book.gone("node b")).isEqualTo("not-alive: node b\n");
        assertThat(book.gone("node b")).isEmpty();
        assertThat(book.seen(new LamportFloors(7, 0, 3))).isEqualTo("clock: 7\nquery-clock: 3\n");
        assertThat(book.seen(new LamportFloors(6, 1, 3))).isEqualTo("event-clock: 1\n");
        assertThat(book.floors()).isEqualTo(new LamportFloors(7, 1, 3));
    }

    @Test
    void timesAreUnsigned() {
        book.seen(new LamportFloors(5, 5, 5));
        assertThat(book.seen(new LamportFloors(-1, -2, 5)))
                .isEqualTo("clock: 18446744073709551615\nevent-clock: 18446744073709551614\n");
        assertThat(book.seen(new LamportFloors(6, 6, 5))).isEmpty();
        assertThat(book.floors().eventMinTime()).isEqualTo(-1);
        assertThat(new LamportFloors(0, -1, -1).queryMinTime()).as("saturates").isEqualTo(-1);

        SnapshotBook again = replayed(book.compacted(), false);
        assertThat(again.floors()).isEqualTo(book.floors());
    }

    @Test
    void timesThatAreNoneAreSkipped() {
        for (String time :
                new String[] {"", "+7", "-7", " 7", "7 ", "0x7", "18446744073709551616", "99999999999999999999999"}) {
            book.replay("clock: " + time);
        }
        assertThat(book.floors()).isEqualTo(LamportFloors.none());
        assertThat(book.skipped()).isEqualTo(8);
    }

    @Test
    void aNameCannotSmuggleALineIn() {
        assertThat(book.joined("x\nleave\nalive: evil 6.6.6.6:1\nalive: y", "10.0.0.2:7946"))
                .isEmpty();
        assertThat(book.gone("x\nleave")).isEmpty();
        assertThat(book.alive()).isEmpty();
    }

    @Test
    void nothingIsRecordedAfterALeave() {
        book.joined("b", "10.0.0.2:7946");
        assertThat(book.leave()).isEqualTo("leave\n");

        assertThat(book.gone("b")
                        + book.joined("c", "10.0.0.3:7946")
                        + book.seen(new LamportFloors(9, 9, 9))
                        + book.leave())
                .isEmpty();
        SnapshotBook again = replayed(book.compacted(), false);
        assertThat(again.alive()).isEmpty();
        assertThat(again.floors()).isEqualTo(LamportFloors.none());
    }

    @Test
    void aLeaveForgetsNothingWhereANodeRejoinsAfterIt() {
        SnapshotBook staying = new SnapshotBook(true, 3);
        staying.joined("b", "10.0.0.2:7946");
        staying.seen(new LamportFloors(4, 5, 6));
        staying.leave();

        SnapshotBook again = replayed(staying.compacted(), true);
        assertThat(again.alive()).containsExactly(entry("b", "10.0.0.2:7946"));
        assertThat(again.floors()).isEqualTo(new LamportFloors(4, 5, 6));
    }

    @Test
    void ofTooManyMembersTheSurplusIsSkippedAndThoseKnownMayStillMove() {
        for (int i = 1; i <= 5; i++) {
            book.replay("alive: m" + i + " 10.0.0.1:" + i);
        }
        assertThat(book.alive()).containsOnlyKeys("m1", "m2", "m3");
        assertThat(book.skipped()).isEqualTo(2);
        assertThat(book.joined("m4", "10.0.0.1:4")).isEmpty();
        assertThat(book.joined("m1", "10.0.0.9:1")).isEqualTo("alive: m1 10.0.0.9:1\n");
    }

    @Test
    void itIsCompactedFrom128KiBOnOrTwice128BytesForEachMember() {
        SnapshotBook large = new SnapshotBook(false, 2_000);
        assertThat(large.isDueForCompaction(128 * 1_024)).isFalse();
        assertThat(large.isDueForCompaction(128 * 1_024 + 1)).isTrue();
        for (int i = 0; i < 1_000; i++) {
            large.joined("m" + i, "10.0.0.1:1");
        }
        assertThat(large.isDueForCompaction(256_000)).isFalse();
        assertThat(large.isDueForCompaction(256_001)).isTrue();
    }

    @Test
    void whateverHappenedTheLinesAndTheCompactedFormSayTheSame() {
        Random random = Seeds.random();
        for (int run = 0; run < 200; run++) {
            SnapshotBook written = new SnapshotBook(run % 2 == 0, 50);
            StringBuilder lines = new StringBuilder();
            for (int step = 0; step < 100; step++) {
                String name = "n " + random.nextInt(10);
                lines.append(
                        switch (random.nextInt(8)) {
                            case 0, 1, 2 -> written.joined(name, "10.0.0.1:" + random.nextInt(3));
                            case 3, 4 -> written.gone(name);
                            case 5, 6 ->
                                written.seen(
                                        new LamportFloors(random.nextInt(99), random.nextLong(), random.nextInt(99)));
                            default -> step > 90 ? written.leave() : "";
                        });
            }
            SnapshotBook fromLines = replayed(lines.toString(), run % 2 == 0);
            SnapshotBook fromCompacted = replayed(written.compacted(), run % 2 == 0);
            assertThat(fromLines.alive()).isEqualTo(fromCompacted.alive());
            assertThat(fromLines.floors()).isEqualTo(fromCompacted.floors());
            assertThat(fromLines.skipped() + fromCompacted.skipped()).isZero();
        }
    }

    private static SnapshotBook replayed(String content, boolean rejoinAfterLeave) {
        SnapshotBook book = new SnapshotBook(rejoinAfterLeave, 1_000);
        content.lines().forEach(book::replay);
        return book;
    }
}
