package io.sotto.membership.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.LamportFloors;
import io.sotto.membership.snapshot.SnapshotJournal.Way;
import io.sotto.membership.snapshot.SnapshotJournal.Write;
import io.sotto.wire.Octets;
import org.junit.jupiter.api.Test;

class SnapshotJournalTest {
    private static final int MEMBERS_MAX = 10_000;
    private static final String CLOCKS = "clock: 0\nevent-clock: 0\nquery-clock: 0\n";

    private final SnapshotJournal journal = new SnapshotJournal(new SnapshotBook(false, MEMBERS_MAX), 100, true);

    @Test
    void changesAreGatheredAndAppendedTogether() {
        assertThat(journal.due()).isEmpty();
        journal.joined("a", "10.0.0.1:1");
        journal.gone("a");
        journal.seen(new LamportFloors(4, 0, 0));

        assertThat(journal.due()).contains(append("alive: a 10.0.0.1:1\nnot-alive: a\nclock: 4\n"));
        journal.written();
        assertThat(journal.fileBytes()).isEqualTo(142);
        assertThat(journal.due()).isEmpty();
    }

    @Test
    void whatHappensDuringAWriteWaitsForTheNextOne() {
        journal.joined("a", "10.0.0.1:1");
        assertThat(journal.due()).isPresent();
        journal.joined("b", "10.0.0.2:1");
        assertThat(journal.due()).isEmpty();
        journal.written();
        assertThat(journal.due()).contains(append("alive: b 10.0.0.2:1\n"));
    }

    @Test
    void aFileThatIsNotThereOrNotSoundIsReplacedFirst() {
        SnapshotJournal fresh = new SnapshotJournal(new SnapshotBook(false, MEMBERS_MAX), 0, false);
        assertThat(fresh.due()).contains(replace(CLOCKS));
        fresh.joined("a", "10.0.0.1:1");
        fresh.written();
        assertThat(fresh.due()).contains(append("alive: a 10.0.0.1:1\n"));
    }

    @Test
    void afterAFaultTheNextWriteTellsAllAnew() {
        journal.joined("a", "10.0.0.1:1");
        assertThat(journal.due()).isPresent();
        journal.joined("b", "10.0.0.2:1");
        journal.failed();

        assertThat(journal.due()).contains(replace("alive: a 10.0.0.1:1\nalive: b 10.0.0.2:1\n" + CLOCKS));
        journal.failed();
        assertThat(journal.due()).contains(replace("alive: a 10.0.0.1:1\nalive: b 10.0.0.2:1\n" + CLOCKS));
        journal.written();
        assertThat(journal.due()).isEmpty();
    }

    @Test
    void aFileThatHasGrownTooFarIsReplaced() {
        SnapshotJournal grown = new SnapshotJournal(new SnapshotBook(false, MEMBERS_MAX), 128 * 1_024, true);
        grown.joined("a", "10.0.0.1:1");
        assertThat(grown.due()).contains(replace("alive: a 10.0.0.1:1\n" + CLOCKS));
        grown.written();
        assertThat(grown.fileBytes()).isEqualTo(("alive: a 10.0.0.1:1\n" + CLOCKS).length());
    }

    @Test
    void longNamesDoNotHaveTheFileReplacedAtEveryChange() {
        SnapshotJournal journal = new SnapshotJournal(new SnapshotBook(false, MEMBERS_MAX), 0, false);
        String longName = "x".repeat(1_000);
        int replaced = 0;
        for (int i = 0; i < 2_000; i++) {
            journal.joined(longName + i, "10.0.0.1:1");
            replaced += journal.due().orElseThrow().way() == Way.REPLACE ? 1 : 0;
            journal.written();
        }
        assertThat(replaced).isBetween(2, 12);
    }

    @Test
    void whatWaitsIsBoundedAndNothingOfItIsLost() {
        journal.joined("first", "10.0.0.1:1");
        assertThat(journal.due()).isPresent();
        for (int i = 0; i < 100_000; i++) {
            journal.joined("flapping", "10.0.0.1:" + i);
        }
        journal.written();

        assertThat(journal.due())
                .contains(replace("alive: first 10.0.0.1:1\nalive: flapping 10.0.0.1:99999\n" + CLOCKS));
    }

    private static Write append(String lines) {
        return new Write(Way.APPEND, Octets.utf8(lines));
    }

    private static Write replace(String content) {
        return new Write(Way.REPLACE, Octets.utf8(content));
    }
}
