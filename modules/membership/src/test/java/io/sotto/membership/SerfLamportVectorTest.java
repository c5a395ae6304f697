package io.sotto.membership;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The Lamport clock, step by step from 0. */
class SerfLamportVectorTest {
    @TestFactory
    Stream<DynamicTest> showsTheSameTimeAfterEachStep() {
        return Vectors.each("serf-lamport.json", vector -> {
            var clock = new LamportClock(0);
            List<String> times = new ArrayList<>();
            for (JsonNode step : vector.input().get("steps")) {
                switch (step.get("op").asText()) {
                    case "time" -> {}
                    case "increment" -> clock.increment();
                    case "witness" -> clock.witness(step.get("value").asLong());
                    default -> throw new AssertionError("no step " + step);
                }
                times.add(Long.toUnsignedString(clock.time()));
            }
            Vectors.assertTexts(vector.expected(), "times", times);
        });
    }
}
