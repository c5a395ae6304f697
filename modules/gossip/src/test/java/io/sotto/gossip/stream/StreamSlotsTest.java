package io.sotto.gossip.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.gossip.stream.StreamSlots.Place;
import io.sotto.gossip.stream.StreamSlots.Standing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamSlotsTest {
    private final List<String> displaced = new ArrayList<>();
    private final StreamCounters counters = new StreamCounters();

    @Test
    void whoHasBeenAnsweredGivesWayBeforeThoseThatAskTheEldestFirstAndWhoIsBeingAnsweredNever()
            throws UnknownHostException {
        StreamSlots slots = slots(64, 4);
        Place answering = enter(slots, 1, "answering");
        enter(slots, 2, "first");
        enter(slots, 3, "second");
        Place answered = enter(slots, 4, "answered");
        slots.stands(answering, Standing.ANSWERING);
        slots.stands(answered, Standing.ANSWERED);

        for (int i = 0; i < 3; i++) {
            slots.stands(enter(slots, 5, "newcomer"), Standing.ANSWERING);
        }

        assertThat(displaced).containsExactly("answered", "first", "second");
        assertThat(slots.enter(address(6), () -> {})).isEmpty();
        assertThat(slots.total()).isEqualTo(4);
    }

    @Test
    void anAddressThatIsFullDisplacesItsOwnAndNobodyElse() throws UnknownHostException {
        StreamSlots slots = slots(2, 100);
        enter(slots, 9, "of another address");
        enter(slots, 1, "first");
        enter(slots, 1, "second");

        enter(slots, 1, "third");

        assertThat(displaced).containsExactly("first");
        assertThat(counters.open()).isEqualTo(3);
    }

    @Test
    void amongTheEldestTheAddressWithMostPlacesGivesWay() throws UnknownHostException {
        StreamSlots slots = slots(64, 10);
        enter(slots, 1, "the eldest, alone");
        for (int i = 0; i < 9; i++) {
            enter(slots, 2, "one of many");
        }

        enter(slots, 3, "newcomer");

        assertThat(displaced).containsExactly("one of many");
    }

    @Test
    void whoseBytesWeHaveNotLookedAtGivesNoWay() throws UnknownHostException {
        StreamSlots slots = slots(2, 3);
        Place first = enter(slots, 1, "first");
        slots.hasUnread(first, true);
        enter(slots, 1, "second");
        enter(slots, 1, "third");
        assertThat(displaced).containsExactly("second");
        Place other = enter(slots, 2, "other");
        slots.hasUnread(other, true);
        enter(slots, 3, "newcomer");
        assertThat(displaced).containsExactly("second", "third");

        slots.hasUnread(first, false);
        enter(slots, 4, "another");

        assertThat(displaced).containsExactly("second", "third", "first");
    }

    @Test
    void aPlaceIsGivenBackOnce() throws UnknownHostException {
        StreamSlots slots = slots(1, 1);
        Place first = enter(slots, 1, "first");
        enter(slots, 1, "second");

        slots.leave(first);
        slots.leave(first);
        slots.stands(first, Standing.ANSWERED);

        assertThat(slots.total()).isEqualTo(1);
        assertThat(counters.open()).isEqualTo(1);
    }

    private Place enter(StreamSlots slots, int host, String name) throws UnknownHostException {
        Optional<Place> place = slots.enter(address(host), () -> displaced.add(name));
        return place.orElseThrow();
    }

    private StreamSlots slots(int perAddress, int total) {
        Duration second = Duration.ofSeconds(1);
        return new StreamSlots(new StreamSettings(second, second, second, perAddress, total, 1, 1), counters);
    }

    private static InetAddress address(int host) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host});
    }
}
