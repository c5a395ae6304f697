package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SuspicionsVerbTest {
    private static final String SUSPICIONS = "GET /v1/agent/suspicions";
    private static final String ANSWER = """
            [{"Member":"b","Accuser":"a","Confirmers":["c","d"],"OwnHealth":1,"Outcome":"open",
              "Start":"2026-11-22T06:31:20Z","End":""},
             {"Member":"long-name","Accuser":"b","Confirmers":[],"OwnHealth":0,"Outcome":"refuted",
              "Start":"2026-11-22T06:31:10Z","End":"2026-11-22T06:31:12.500Z"}]""";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent().on(SUSPICIONS, 200, ANSWER);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void printsThemInColumnsInTheOrderOfTheAgent() {
        Shell.Ran ran = run("suspicions");

        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out()).isEqualTo("""
                Start                 Member     Accuser  Confirmed  Health  Outcome  End
                2026-11-22T06:31:20Z  b          a        2          1       open
                2026-11-22T06:31:10Z  long-name  b        0          0       refuted  2026-11-22T06:31:12.500Z
                """);
    }

    @Test
    void printsJsonForPrograms() {
        assertThat(run("suspicions", "-format", "json").out()).startsWith("""
                        {
                          "suspicions": [
                            {
                              "member": "b",
                              "accuser": "a",
                              "confirmers": [
                                "c",
                                "d"
                              ],
                              "own_health": 1,
                              "outcome": "open",
                        """);
    }

    @Test
    void endsWithTwoAndPrintsNothingWhenNobodyWasSuspected() {
        agent.on(SUSPICIONS, 200, "[]");
        Shell.Ran ran = run("suspicions");

        assertThat(ran.code()).isEqualTo(Exit.PARTIAL);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void anAnswerThatIsNoJsonOrNotGoodIsAFailure() {
        agent.on(SUSPICIONS, 200, "nobody");
        assertThat(run("suspicions").code()).isEqualTo(Exit.FAILED);

        agent.on(SUSPICIONS, 404, "");
        Shell.Ran ran = run("suspicions");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.err()).startsWith("Error retrieving suspicions: Unexpected response code: 404");
    }

    private Shell.Ran run(String... words) {
        return Shell.run(Map.of("SOTTO_HTTP_ADDR", agent.address()), words);
    }
}
