package io.sotto.membership.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.LamportFloors;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** User events in exchanges of views, and what strangers may make a member remember. */
class EventBookTest {
    private static final Octets NOTHING = Octets.empty();

    private final EventBook book = book(1 << 20);

    @Test
    void aFreshBookTellsOfFiveHundredAndTwelveEmptySlots() {
        assertThat(book.slots()).hasSize(512).containsOnly(Optional.empty());
    }

    @Test
    void whatOneTellsTheOtherDeliversInOrderWithoutCoalescingAndOnce() {
        book.hear(new SerfMessage.UserEvent(3, "b", Octets.utf8("2"), true));
        book.hear(new SerfMessage.UserEvent(3, "a", Octets.utf8("1"), true));
        book.hear(new SerfMessage.UserEvent(2, "c", NOTHING, true));
        EventBook other = book(1 << 20);

        List<UserEvent> fresh = other.merge(book.time(), book.slots(), false);

        assertThat(fresh)
                .containsExactly(
                        new UserEvent(2, "c", NOTHING, false),
                        new UserEvent(3, "b", Octets.utf8("2"), false),
                        new UserEvent(3, "a", Octets.utf8("1"), false));
        assertThat(other.time()).isEqualTo(4);
        assertThat(other.slots()).isEqualTo(book.slots());
        assertThat(other.merge(book.time(), book.slots(), false)).isEmpty();
    }

    @Test
    void aJoinThatIgnoresWhatIsOldTakesOnlyWhatComesAfterIt() {
        book.hear(new SerfMessage.UserEvent(3, "a", NOTHING, false));
        EventBook joiner = book(1 << 20);

        assertThat(joiner.merge(book.time(), book.slots(), true)).isEmpty();
        assertThat(joiner.merge(book.time(), book.slots(), false)).isEmpty();
        assertThat(joiner.hear(new SerfMessage.UserEvent(4, "b", NOTHING, false)))
                .isEqualTo(Sighting.NEW);
    }

    @Test
    void aViewThatLiesAboutTheTimeSilencesNobody() {
        assertThat(book.merge(-1, List.of(slot(-2, "lie")), true)).isEmpty();

        assertThat(book.time()).isEqualTo(1);
        assertThat(book.hear(new SerfMessage.UserEvent(1, "a", NOTHING, false))).isEqualTo(Sighting.NEW);
    }

    @Test
    void whatAnEarlierLifeHasSeenIsOld() {
        book.resume(new LamportFloors(0, 41, 0));

        assertThat(book.time()).isEqualTo(42);
        assertThat(book.hear(new SerfMessage.UserEvent(41, "a", NOTHING, false)))
                .isEqualTo(Sighting.OLD);
        assertThat(book.hear(new SerfMessage.UserEvent(42, "a", NOTHING, false)))
                .isEqualTo(Sighting.NEW);
    }

    @Test
    void whatNoRealMemberSendsIsTooLongForUs() {
        Octets longest = Octets.wrap(new byte[EventSettings.USER_EVENT_HARD_MAX_BYTES - 1]);
        Octets longer = Octets.wrap(new byte[EventSettings.USER_EVENT_HARD_MAX_BYTES]);

        assertThat(book.hear(new SerfMessage.UserEvent(1, "n", longest, false))).isEqualTo(Sighting.NEW);
        assertThat(book.hear(new SerfMessage.UserEvent(1, "n", longer, false))).isEqualTo(Sighting.OVERSIZE);
        assertThat(book.hear(new SerfMessage.UserEvent(1, "\u00e9", longest, false)))
                .as("a name of one character and two bytes")
                .isEqualTo(Sighting.OVERSIZE);
    }

    @Test
    void aFloodOfEventsFillsNoMoreThanItsRoomAndOursStillGoOut() {
        EventBook small = book(64 << 10);
        Octets payload = Octets.wrap(new byte[400]);
        int news = 0;
        for (int i = 0; i < 100_000; i++) {
            if (small.hear(new SerfMessage.UserEvent(1 + i / 50, "flood-" + i, payload, false)) == Sighting.NEW) {
                news++;
            }
        }

        int remembered = small.slots().stream()
                .flatMap(Optional::stream)
                .mapToInt(slot -> slot.events().size())
                .sum();
        assertThat(news).isGreaterThan(remembered);
        assertThat(remembered * 400).isBetween(32 << 10, 64 << 10);
        assertThat(small.send("deploy", NOTHING, false))
                .isInstanceOfSatisfying(EventBook.Sending.Stamped.class, sent -> {
                    assertThat(sent.isNew()).isTrue();
                });
    }

    @Test
    void payloadsChosenToHaveOneHashCodeAreToldApart() {
        List<Octets> colliding = new ArrayList<>();
        colliding.add(NOTHING);
        for (int i = 0; i < 10; i++) {
            List<Octets> longer = new ArrayList<>();
            for (Octets one : colliding) {
                // 31 * 1 + 0 = 31 * 0 + 31
                longer.add(plus(one, 1, 0));
                longer.add(plus(one, 0, 31));
            }
            colliding = longer;
        }
        assertThat(colliding)
                .extracting(Octets::hashCode)
                .containsOnly(colliding.get(0).hashCode());

        for (Octets payload : colliding) {
            assertThat(book.hear(new SerfMessage.UserEvent(5, "n", payload, false)))
                    .isEqualTo(Sighting.NEW);
        }
        for (Octets payload : colliding) {
            assertThat(book.hear(new SerfMessage.UserEvent(5, "n", payload, false)))
                    .isEqualTo(Sighting.DUPLICATE);
        }
    }

    private static Octets plus(Octets start, int a, int b) {
        byte[] bytes = new byte[start.length() + 2];
        start.copyTo(bytes, 0);
        bytes[start.length()] = (byte) a;
        bytes[start.length() + 1] = (byte) b;
        return Octets.wrap(bytes);
    }

    private static Optional<SerfMessage.EventSlot> slot(long ltime, String name) {
        return Optional.of(new SerfMessage.EventSlot(ltime, List.of(new SerfMessage.Event(name, NOTHING))));
    }

    private static EventBook book(int memory) {
        return new EventBook(EventSettings.serf(), memory, Claims.GUARDED);
    }
}
