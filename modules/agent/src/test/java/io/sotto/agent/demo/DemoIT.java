package io.sotto.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import io.sotto.agent.json.JsonException;
import io.sotto.agent.runtime.Build;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole demo with real agents on loopback, as a newcomer runs it. */
class DemoIT {
    private static final Duration TARGET = Duration.ofMinutes(1);

    @Test
    @Timeout(120)
    void observesEveryStepInWellUnderAMinute() throws JsonException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);

        boolean all = Demo.create(true, Demo.Ending.ONCE, new Build("0.1.0", "", ""), out)
                .run();

        List<String> steps = new ArrayList<>();
        double seconds = 0;
        for (String line : told.toString(StandardCharsets.UTF_8).lines().toList()) {
            Json step = Json.parse(line);
            assertThat(step.get("ok")).as(line).isEqualTo(Json.of(true));
            steps.add(step.get("step").asText());
            seconds += step.get("seconds").asText().isEmpty()
                    ? 0
                    : Double.parseDouble(step.get("seconds").asText());
        }
        List<String> expected =
                new ArrayList<>(Arrays.stream(Step.values()).map(Step::word).toList());
        expected.add("end");
        assertThat(steps).isEqualTo(expected);
        assertThat(all).isTrue();
        assertThat(seconds).isLessThan((double) TARGET.toSeconds());
    }
}
