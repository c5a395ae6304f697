package io.sotto.membership.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.Vectors;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfMessage;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which queries are news, for whom they are, and how they and the answers about keys look. */
class SerfQueriesVectorTest {
    private static final Map<String, String> TAGS = Map.of("role", "webserver", "dc", "east-1", "empty", "");

    @TestFactory
    Stream<DynamicTest> queriesArePassedOnAsByRealMembers() {
        QueryBook book = new QueryBook(new EventSettings(8, 8, 512, 1_024, 1_024, 16, true), Claims.GUARDED);
        return Vectors.each("serf-events.json", vector -> {
            if (vector.name().startsWith("query-")) {
                checkHeard(book, vector.input(), vector.expected());
            } else {
                assertThat(vector.name()).startsWith("user-event-");
            }
        });
    }

    private static void checkHeard(QueryBook book, JsonNode input, JsonNode expected) {
        List<Octets> filters =
                input.has("filters") ? List.of(new QueryFilter.Nodes(List.of("somebody else")).encode()) : List.of();
        SerfMessage.Query query = Queries.query(
                input.get("ltime").asLong(),
                input.get("id").asLong(),
                filters,
                input.path("flags").asLong());

        QueryBook.Heard heard = book.hear(query);

        Vectors.assertFlag(expected, "rebroadcast", heard.passOn());
        Vectors.assertNumber(expected, "query_clock_after", book.time());
        assertThat(QueryBook.isMeantFor(query, "self", TAGS)).isEqualTo(filters.isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> filtersAreWrittenAsByRealMembersAndReadBack() {
        return Vectors.each("serf-filters.json", vector -> {
            QueryFilter filter = filter(vector.input());
            Octets encoded = Octets.hex(vector.expected().get("hex").asText());

            assertThat(filter.encode()).isEqualTo(encoded);
            assertThat(QueryFilter.decode(encoded)).contains(filter);
        });
    }

    private static QueryFilter filter(JsonNode input) {
        JsonNode value = input.get("value");
        if (input.get("kind").asInt() == QueryFilter.NODES) {
            return new QueryFilter.Nodes(Vectors.texts(value));
        }
        return new QueryFilter.Tag(value.get("Tag").asText(), value.get("Expr").asText());
    }

    @TestFactory
    Stream<DynamicTest> filtersMatchWhomTheyMatchInRealPools() {
        return Vectors.each("serf-filter-match.json", vector -> {
            List<Octets> filters = Vectors.texts(vector.input().get("filters")).stream()
                    .map(Octets::hex)
                    .toList();
            String node = vector.input().get("node").asText();

            Vectors.assertFlag(vector.expected(), "handled", QueryFilter.allMatch(filters, node, TAGS));
        });
    }

    @TestFactory
    Stream<DynamicTest> keysAreListedAsFarAsTheyFitIntoAnAnswer() {
        return Vectors.each("serf-list-keys.json", vector -> {
            int count = vector.input().get("keys_in_ring").asInt();
            List<String> keys =
                    Queries.base64Keys(count, vector.input().get("key_bytes").asInt());

            Octets answer = KeyAnswer.list(
                            Queries.query(1, 7, List.of(), 0), "self", keys, keys.get(0), EventSettings.serf())
                    .orElseThrow();

            SerfMessage.KeyResponse listed = Queries.keysOf(answer);
            Vectors.assertNumber(vector.expected(), "encoded_response_length", answer.length());
            Vectors.assertNumber(vector.expected(), "keys_sent", listed.keys().size());
            Vectors.assertText(vector.expected(), "message", listed.message());
            assertThat(listed.result()).isTrue();
            assertThat(listed.primaryKey()).isEqualTo(keys.get(0));
            assertThat(listed.keys()).isEqualTo(keys.subList(0, listed.keys().size()));
        });
    }
}
