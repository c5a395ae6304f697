package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MetricsVerbTest {
    private static final String METRICS = "GET /v1/agent/metrics";
    private static final String ANSWER = """
            {"Timestamp":"2026-11-22 06:31:20 +0000 UTC",
             "Gauges":[{"Name":"sotto.gossip.members","Value":3,"Labels":{"pool":"lan","status":"alive"}},
                       {"Name":"sotto.gossip.members","Value":0,"Labels":{"pool":"lan","status":"failed"}}],
             "Points":[],
             "Counters":[{"Name":"sotto.gossip.conflicts","Count":12,"Rate":0.2,"Sum":12,"Min":1,"Max":1,"Mean":1,
                          "Stddev":0,"Labels":{"pool":"lan"}}],
             "Samples":[{"Name":"consul.fsm.session","Count":2,"Rate":0.1,"Sum":1.5,"Min":0.5,"Max":1,"Mean":0.75,
                         "Stddev":0.25,"Labels":{}}]}""";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent().on(METRICS, 200, ANSWER);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void printsWhatIsNotZeroInColumnsInTheOrderOfNames() {
        Shell.Ran ran = run("metrics");

        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out()).isEqualTo("""
                Name                    Kind     Value  Labels
                consul.fsm.session      sample   0.75
                sotto.gossip.conflicts  counter  12     pool=lan
                sotto.gossip.members    gauge    3      pool=lan status=alive
                """);
    }

    @Test
    void printsZerosWhenAskedForAllOrForSome() {
        assertThat(run("metrics", "-all").out().lines()).hasSize(5);
        assertThat(run("metrics", "status=failed").out()).isEqualTo("""
                Name                  Kind   Value  Labels
                sotto.gossip.members  gauge  0      pool=lan status=failed
                """);
    }

    @Test
    void everyFilterMustBeContained() {
        assertThat(run("metrics", "gossip", "pool=lan", "conflict").out().lines())
                .hasSize(2)
                .element(1)
                .asString()
                .startsWith("sotto.gossip.conflicts");
    }

    @Test
    void endsWithTwoAndPrintsNothingWhenThereIsNoneToShow() {
        Shell.Ran ran = run("metrics", "no.such.thing");

        assertThat(ran.code()).isEqualTo(Exit.PARTIAL);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void printsJsonForPrograms() {
        assertThat(run("metrics", "-format", "json", "status=alive").out()).isEqualTo("""
                {
                  "metrics": [
                    {
                      "name": "sotto.gossip.members",
                      "kind": "gauge",
                      "value": 3,
                      "labels": {
                        "pool": "lan",
                        "status": "alive"
                      }
                    }
                  ]
                }
                """);
    }

    @Test
    void saysWhatItDoesAndWhatItTakes() {
        Shell.Ran ran = run("metrics", "-h");

        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out())
                .startsWith("Usage: sotto metrics [options] [filter...]")
                .contains("-all", "-format", "-http-addr");
    }

    @Test
    void anAnswerThatIsNoJsonOrNotGoodIsAFailure() {
        agent.on(METRICS, 200, "metrics?");
        assertThat(run("metrics").code()).isEqualTo(Exit.FAILED);

        agent.on(METRICS, 403, "Permission denied");
        Shell.Ran ran = run("metrics");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.err()).startsWith("Error retrieving metrics: Unexpected response code: 403 (Permission denied)");
    }

    private Shell.Ran run(String... words) {
        return Shell.run(Map.of("SOTTO_HTTP_ADDR", agent.address()), words);
    }
}
