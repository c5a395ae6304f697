package io.sotto.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Accusation;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuspicionLedgerTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final SuspicionLedger ledger = new SuspicionLedger(2);

    @Test
    void keepsWhoAccusedWhoConfirmedAndWhatCameOfIt() {
        ledger.note("b", true, accusation("c"), suspect("b"), 3, START);
        ledger.note("b", false, accusation("c", "d"), suspect("b"), 4, START.plusSeconds(1));
        assertThat(ledger.entries())
                .containsExactly(new SuspicionEntry(
                        "b", "c", START, List.of("d"), 3, SuspicionEntry.Outcome.OPEN, Optional.empty()));

        ledger.note("b", false, Optional.empty(), Optional.of(Samples.member("b", 2)), 0, START.plusSeconds(2));
        assertThat(ledger.entries())
                .containsExactly(new SuspicionEntry(
                        "b",
                        "c",
                        START,
                        List.of("d"),
                        3,
                        SuspicionEntry.Outcome.REFUTED,
                        Optional.of(START.plusSeconds(2))));
        assertThat(ledger.count(SuspicionEntry.Outcome.REFUTED)).isEqualTo(1);
        assertThat(ledger.count(SuspicionEntry.Outcome.OPEN)).isZero();
    }

    @Test
    void tellsADeathFromALeaveAndFromAMemberThatIsForgotten() {
        end("dead", Optional.of(Samples.member("dead", 2, NodeState.DEAD, SerfStatus.FAILED)));
        assertThat(ledger.entries().get(0).outcome()).isEqualTo(SuspicionEntry.Outcome.FAILED);
        end("left", Optional.of(Samples.member("left", 2, NodeState.LEFT, SerfStatus.LEFT)));
        assertThat(ledger.entries()).extracting(SuspicionEntry::outcome).contains(SuspicionEntry.Outcome.WITHDRAWN);
        end("gone", Optional.empty());
        assertThat(ledger.count(SuspicionEntry.Outcome.WITHDRAWN)).isEqualTo(2);
    }

    @Test
    void listsTheNewestFirst() {
        ledger.note("b", true, accusation("c"), suspect("b"), 0, START);
        ledger.note("d", true, accusation("c"), suspect("d"), 0, START.plusSeconds(1));
        assertThat(ledger.entries()).extracting(SuspicionEntry::member).containsExactly("d", "b");
    }

    @Test
    void keepsNoMoreThanItMayAndCountsTheRest() {
        for (int i = 0; i < 5; i++) {
            ledger.note("b" + i, true, accusation("c"), suspect("b" + i), 0, START.plusSeconds(i));
        }
        assertThat(ledger.entries()).extracting(SuspicionEntry::member).containsExactly("b1", "b0");
        assertThat(ledger.unlisted()).isEqualTo(3);
        ledger.note("b4", false, accusation("c", "d"), suspect("b4"), 0, START.plusSeconds(9));
        assertThat(ledger.unlisted())
                .as("a confirmation of one that is not listed")
                .isEqualTo(3);

        for (int i = 0; i < 5; i++) {
            end("e" + i, Optional.empty());
        }
        assertThat(ledger.entries()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            ledger.note("b" + i, false, Optional.empty(), Optional.empty(), 0, START.plusSeconds(20 + i));
        }
        assertThat(ledger.entries()).extracting(SuspicionEntry::member).containsExactly("b1", "b0");
        assertThat(ledger.count(SuspicionEntry.Outcome.WITHDRAWN)).isEqualTo(2);
    }

    private void end(String member, Optional<MemberRecord> record) {
        ledger.note(member, true, accusation("c"), suspect(member), 0, START);
        ledger.note(member, false, Optional.empty(), record, 0, START.plusSeconds(1));
    }

    private static Optional<Accusation> accusation(String accuser, String... confirmers) {
        return Optional.of(new Accusation(accuser, START, List.of(confirmers)));
    }

    private static Optional<MemberRecord> suspect(String name) {
        return Optional.of(Samples.member(name, 2, NodeState.SUSPECT, SerfStatus.ALIVE));
    }
}
