package io.sotto.agent.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.events.MemberHistory.Change;
import io.sotto.agent.events.MemberHistory.State;
import io.sotto.cluster.Member;
import io.sotto.cluster.Member.Status;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.MemberEvent.Kind;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written down of members' states. */
final class MemberHistoryTest {
    private static final Instant START = Instant.parse("2026-11-22T06:00:00Z");

    private Instant now = START;

    private void tell(MemberHistory history, int second, Kind kind, String name, Status status) {
        now = START.plusSeconds(second);
        history.seen(new MemberEvent(kind, member(name, status)));
    }

    private static Member member(String name, Status status) {
        NodeAddress address = NodeAddress.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8301));
        return new Member(name, address, Map.of(), status, ProtocolVersions.CONSUL, 1, START);
    }

    private static Change change(int second, String name, State state) {
        return new Change(START.plusSeconds(second), name, state);
    }

    @Test
    void changesOfStateAreKeptInOrderWithTheirTimes() {
        MemberHistory history = MemberHistory.create(() -> now, 16);
        tell(history, 1, Kind.JOINED, "a", Status.ALIVE);
        tell(history, 2, Kind.JOINED, "b", Status.ALIVE);
        tell(history, 5, Kind.FAILED, "b", Status.FAILED);
        tell(history, 9, Kind.JOINED, "b", Status.ALIVE);
        tell(history, 12, Kind.LEFT, "a", Status.LEFT);
        tell(history, 20, Kind.REAPED, "a", Status.LEFT);

        assertThat(history.known().since()).isEqualTo(START);
        assertThat(history.known().changes())
                .containsExactly(
                        change(1, "a", State.ALIVE),
                        change(2, "b", State.ALIVE),
                        change(5, "b", State.FAILED),
                        change(9, "b", State.ALIVE),
                        change(12, "a", State.LEFT),
                        change(20, "a", State.GONE));
    }

    @Test
    void whatLeavesTheStateAsItWasIsNotWrittenDown() {
        MemberHistory history = MemberHistory.create(() -> now, 16);
        tell(history, 1, Kind.JOINED, "a", Status.ALIVE);
        tell(history, 2, Kind.UPDATED, "a", Status.ALIVE);
        tell(history, 3, Kind.JOINED, "a", Status.ALIVE);
        tell(history, 4, Kind.REAPED, "stranger", Status.FAILED);

        assertThat(history.known().changes()).containsExactly(change(1, "a", State.ALIVE));
    }

    @Test
    void whoComesBackUnderAForgottenNameIsNew() {
        MemberHistory history = MemberHistory.create(() -> now, 16);
        tell(history, 1, Kind.JOINED, "a", Status.ALIVE);
        tell(history, 2, Kind.REAPED, "a", Status.ALIVE);
        tell(history, 3, Kind.JOINED, "a", Status.ALIVE);

        assertThat(history.known().changes())
                .extracting(Change::state)
                .containsExactly(State.ALIVE, State.GONE, State.ALIVE);
    }

    @Test
    void theOldestAreForgottenAndNothingIsSaidOfTheTimeBefore() {
        MemberHistory history = MemberHistory.create(() -> now, 4);
        for (int i = 0; i < 10; i++) {
            tell(history, i, i % 2 == 0 ? Kind.JOINED : Kind.FAILED, "a", i % 2 == 0 ? Status.ALIVE : Status.FAILED);
        }

        assertThat(history.known().changes()).hasSize(4).first().isEqualTo(change(6, "a", State.ALIVE));
        assertThat(history.known().since()).isEqualTo(START.plusSeconds(6));
    }
}
