package io.sotto.membership.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an application hears of several events that belong together. */
class CoalescingTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final Coalescing<MemberEvent> members = Coalescing.ofMembers(PERIOD, QUIET);
    private final Coalescing<UserEvent> events = Coalescing.ofUserEvents(PERIOD, QUIET);

    @Test
    void ofOneMemberOnlyTheLatestIsTold() {
        members.on(event("a", MemberEvent.Kind.JOINED), NOW);
        members.on(event("b", MemberEvent.Kind.JOINED), NOW);
        members.on(event("a", MemberEvent.Kind.FAILED), NOW);

        assertThat(members.onTimer(NOW.plusMillis(999))).isEmpty();
        assertThat(members.onTimer(NOW.plus(QUIET)))
                .containsExactly(event("a", MemberEvent.Kind.FAILED), event("b", MemberEvent.Kind.JOINED));
        assertThat(members.due()).isEmpty();
        assertThat(members.onTimer(NOW.plus(PERIOD))).isEmpty();
    }

    @Test
    void whatWasSaidOfAMemberLastIsNotSaidAgainButForUpdates() {
        assertThat(told(MemberEvent.Kind.JOINED)).hasSize(1);
        assertThat(told(MemberEvent.Kind.FAILED, MemberEvent.Kind.JOINED))
                .as("flapped")
                .isEmpty();
        assertThat(told(MemberEvent.Kind.UPDATED)).hasSize(1);
        assertThat(told(MemberEvent.Kind.UPDATED)).hasSize(1);
        assertThat(told(MemberEvent.Kind.REAPED)).hasSize(1);
        assertThat(told(MemberEvent.Kind.REAPED)).as("forgotten").hasSize(1);
    }

    @Test
    void nothingIsHeldBackLongerThanThePeriodHoweverMuchComes() {
        List<MemberEvent> told = new ArrayList<>();
        Instant now = NOW;
        while (told.isEmpty()) {
            told.addAll(members.on(event("a", MemberEvent.Kind.JOINED), now));
            told.addAll(members.onTimer(now));
            now = now.plusMillis(100);
        }
        assertThat(Duration.between(NOW, now)).isEqualTo(PERIOD.plusMillis(100));
    }

    @Test
    void userEventsThatAreNotToBeCoalescedAreToldAtOnce() {
        UserEvent alone = new UserEvent(5, "deploy", Octets.empty(), false);

        assertThat(events.on(alone, NOW)).containsExactly(alone);
        assertThat(events.due()).isEmpty();
    }

    @Test
    void ofOneNameThoseOfTheGreatestTimeAreTold() {
        UserEvent late = new UserEvent(7, "deploy", Octets.utf8("a"), true);
        UserEvent asLate = new UserEvent(7, "deploy", Octets.utf8("b"), true);
        UserEvent other = new UserEvent(2, "other", Octets.empty(), true);
        events.on(new UserEvent(6, "deploy", Octets.empty(), true), NOW);
        events.on(late, NOW);
        events.on(other, NOW);
        events.on(new UserEvent(5, "deploy", Octets.empty(), true), NOW);
        events.on(asLate, NOW);

        assertThat(events.onTimer(NOW.plus(QUIET))).containsExactly(late, asLate, other);
    }

    @Test
    void aFloodIsToldBeforeItFillsTheMemory() {
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += events.on(new UserEvent(i, "flood-" + i, Octets.empty(), true), NOW)
                    .size();
        }
        assertThat(told).isEqualTo(10_000 / 1_024 * 1_024);
    }

    private List<MemberEvent> told(MemberEvent.Kind... kinds) {
        for (MemberEvent.Kind kind : kinds) {
            members.on(event("a", kind), NOW);
        }
        return members.onTimer(NOW.plus(QUIET));
    }

    private static MemberEvent event(String name, MemberEvent.Kind kind) {
        return new MemberEvent(
                kind,
                new MemberRecord(
                        name,
                        new NodeAddress(Octets.wrap(new byte[] {10, 0, 0, 1}), 7_946),
                        Octets.empty(),
                        ProtocolVersions.SERF.toOctets(),
                        1,
                        NodeState.ALIVE,
                        Instant.EPOCH,
                        SerfStatus.ALIVE,
                        0,
                        true));
    }
}
