package io.sotto.membership.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.Vectors;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Snapshot files as the real code reads them at start. */
class SerfSnapshotVectorTest {
    @TestFactory
    Stream<DynamicTest> remembersWhatTheRealOneDoes() {
        return Vectors.each("serf-snapshot.json", vector -> {
            SnapshotBook book =
                    new SnapshotBook(vector.input().get("rejoin_after_leave").asBoolean(), 1_000);
            String content = vector.input().get("content").asText();
            for (int from = 0, end; (end = content.indexOf('\n', from)) >= 0; from = end + 1) {
                book.replay(content.substring(from, end));
            }
            Map<String, String> alive = new HashMap<>();
            JsonNode expected = vector.expected();
            expected.get("alive_nodes")
                    .properties()
                    .forEach(node -> alive.put(node.getKey(), node.getValue().asText()));
            assertThat(book.alive()).isEqualTo(alive);
            Vectors.assertNumber(expected, "clock", book.floors().member());
            Vectors.assertNumber(expected, "event_clock", book.floors().event());
            Vectors.assertNumber(expected, "query_clock", book.floors().query());
        });
    }
}
