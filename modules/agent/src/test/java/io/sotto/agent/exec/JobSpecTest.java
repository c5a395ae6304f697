package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobSpecTest {
    private static final Duration WAIT = Duration.ofMillis(1500);

    static Stream<JobSpec> jobs() {
        return Stream.of(
                JobSpec.shell("echo \"hi\" | cat", WAIT),
                JobSpec.program(List.of("echo", "a b", ""), WAIT),
                JobSpec.script(Octets.utf8("#!/bin/sh\necho ü\n"), WAIT));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void aJobComesBackFromItsKey(JobSpec job) {
        assertThat(JobSpec.decode(job.encode())).contains(job);
    }

    @Test
    void theShapeIsThatOfRealAgents() {
        assertThat(JobSpec.shell("uptime", WAIT).encode())
                .isEqualTo(Octets.utf8("{\"Command\":\"uptime\",\"Wait\":1500000000}"));
        assertThat(JobSpec.program(List.of("a", "b"), WAIT).encode())
                .isEqualTo(Octets.utf8("{\"Args\":[\"a\",\"b\"],\"Wait\":1500000000}"));
        assertThat(JobSpec.script(Octets.utf8("x"), WAIT).encode())
                .isEqualTo(Octets.utf8("{\"Script\":\"eA==\",\"Wait\":1500000000}"));
    }

    @Test
    void whereThereAreWordsNoShellSeesThem() {
        Octets both = Octets.utf8("{\"Command\":\"rm x\",\"Args\":[\"echo\"],\"Wait\":1}");
        assertThat(JobSpec.decode(both).orElseThrow().form()).isEqualTo(JobSpec.Form.PROGRAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "{\"Wait\":1}", "{\"Script\":\"%%%\"}", "{\"Command\":\"\",\"Args\":[]}"})
    void whatNamesNothingToRunIsNoJob(String value) {
        assertThat(JobSpec.decode(Octets.utf8(value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-5", "0"})
    void anInitiatorCannotAskForAFloodOfHeartbeats(String wait) {
        JobSpec job = JobSpec.decode(Octets.utf8("{\"Command\":\"x\",\"Wait\":" + wait + "}"))
                .orElseThrow();
        assertThat(job.patience()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void itsTextTellsItFromOthersWithoutShowingIt(JobSpec job) {
        assertThat(job.toString()).doesNotContain("echo").contains(job.digest());
        assertThat(job.digest()).matches("[0-9a-f]{12}");
        assertThat(jobs().map(JobSpec::digest)).doesNotHaveDuplicates();
    }
}
