package io.sotto.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The formulas, as the real code computes them; records are told apart by their input keys. */
class FormulasVectorTest {
    private static final int AWARENESS_MAX = 8;

    @TestFactory
    Stream<DynamicTest> agreesWithTheRealFormulas() {
        return Vectors.each("formulas.json", vector -> {
            JsonNode input = vector.input();
            JsonNode expected = vector.expected();
            if (input.has("deltas")) {
                checkHealth(input, expected);
            } else if (input.has("elapsed_ms")) {
                Duration remaining = Formulas.suspicionRemaining(
                        input.get("n").asInt(),
                        input.get("k").asInt(),
                        millis(input, "elapsed_ms"),
                        millis(input, "min_ms"),
                        millis(input, "max_ms"));
                Vectors.assertNumber(expected, "remaining_ns", remaining.toNanos());
            } else if (input.has("retransmit_mult")) {
                int limit = Formulas.retransmitLimit(
                        input.get("retransmit_mult").asInt(), input.get("n").asInt());
                Vectors.assertNumber(expected, "limit", limit);
            } else if (input.has("suspicion_mult")) {
                Duration timeout = Formulas.suspicionMin(
                        input.get("suspicion_mult").asInt(), input.get("n").asInt(), millis(input, "interval_ms"));
                Vectors.assertNumber(expected, "timeout_ns", timeout.toNanos());
            } else {
                Duration scaled = Formulas.pushPullInterval(
                        millis(input, "interval_ms"), input.get("n").asInt());
                Vectors.assertNumber(expected, "scaled_ns", scaled.toNanos());
            }
        });
    }

    private static void checkHealth(JsonNode input, JsonNode expected) {
        var health = new HealthScore(AWARENESS_MAX);
        List<String> scores = new ArrayList<>();
        List<String> scaled = new ArrayList<>();
        for (JsonNode delta : input.get("deltas")) {
            health.apply(delta.asInt());
            scores.add(Integer.toString(health.score()));
            scaled.add(Long.toString(
                    HealthScore.scale(Duration.ofSeconds(1), health.score()).toNanos()));
        }
        Vectors.assertTexts(expected, "scores", scores);
        Vectors.assertTexts(expected, "scaled_1s_ns", scaled);
    }

    private static Duration millis(JsonNode input, String key) {
        return Duration.ofMillis(input.get(key).asLong());
    }
}
