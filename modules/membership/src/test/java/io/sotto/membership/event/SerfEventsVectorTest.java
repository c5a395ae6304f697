package io.sotto.membership.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.Vectors;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which user events are delivered, and how long one may be. The queries of the file are {@code SerfQueriesVectorTest}. */
class SerfEventsVectorTest {
    private static final int MEMORY = 1 << 20;

    @TestFactory
    Stream<DynamicTest> eventsAreDeliveredAsByRealMembers() {
        return both(Claims.UPSTREAM);
    }

    @TestFactory
    Stream<DynamicTest> soTheyAreWhereStrangersAreBelievedLess() {
        return both(Claims.GUARDED);
    }

    private static Stream<DynamicTest> both(Claims claims) {
        // Cumulative, in the order of the file.
        EventBook book = new EventBook(eightSlots(), MEMORY, claims);
        return Vectors.each("serf-events.json", vector -> {
            if (vector.name().startsWith("user-event-size-")) {
                checkSize(vector.input(), vector.expected(), claims);
            } else if (vector.name().startsWith("user-event-")) {
                checkHeard(book, vector.input(), vector.expected());
            } else {
                assertThat(vector.name()).startsWith("query-");
            }
        });
    }

    private static void checkHeard(EventBook book, JsonNode input, JsonNode expected) {
        Sighting sighting = book.hear(new SerfMessage.UserEvent(
                input.get("ltime").asLong(),
                input.get("event").asText(),
                Octets.utf8(input.get("payload").asText()),
                false));

        Vectors.assertFlag(expected, "delivered", sighting == Sighting.NEW);
        Vectors.assertNumber(expected, "event_clock_after", book.time());
    }

    private static void checkSize(JsonNode input, JsonNode expected, Claims claims) {
        int all = input.get("name_plus_payload").asInt();
        for (int nameBytes = 1; nameBytes <= input.get("name_bytes_at_most").asInt(); nameBytes += 15) {
            EventBook book = new EventBook(EventSettings.serf(), MEMORY, claims);
            String error = expected.get("error").asText();

            EventBook.Sending sending = book.send("n".repeat(nameBytes), Octets.wrap(new byte[all - nameBytes]), false);

            if (error.isEmpty()) {
                assertThat(sending).isInstanceOf(EventBook.Sending.Stamped.class);
                assertThat(book.time()).isEqualTo(2);
            } else {
                assertThat(sending).isEqualTo(new EventBook.Sending.Refused(error));
                assertThat(book.time()).as("clock after a refusal").isEqualTo(1);
            }
        }
    }

    private static EventSettings eightSlots() {
        return new EventSettings(8, 8, 512, 1_024, 1_024, 16, true);
    }
}
