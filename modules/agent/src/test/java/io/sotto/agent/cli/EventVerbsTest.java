package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verbs that speak to the whole pool. */
class EventVerbsTest {
    private static final String FIRED = "{\"ID\":\"7a07b729-7392-caf2-0b1d-a128d4648277\",\"Name\":\"deploy\"}";
    private static final String PLAIN = "{\"ID\":\"\",\"Name\":\"deploy\",\"Coalesce\":true}";
    private static final String PROGRESS = """
            {"Type":"started","LTime":5,"TimeoutMs":3200}
            {"Type":"ack","From":"srv"}

            {"Type":"response","From":"srv","Payload":"MC43"}
            {"Type":"finished","Acks":1,"Responses":1}
            """;
    private static final String MEMBERS =
            "[{\"Name\":\"cli\",\"Status\":1},{\"Name\":\"srv\",\"Status\":1},{\"Name\":\"old\",\"Status\":3}]";
    private static final String COORDINATES = """
            [{"Node":"a","Segment":"","Coord":{"Vec":[0.003,0,0,0,0,0,0,0],"Error":1.5,"Adjustment":0,"Height":0.00001}},
             {"Node":"b","Segment":"","Coord":{"Vec":[0,0.004,0,0,0,0,0,0],"Error":1.5,"Adjustment":0,"Height":0.00001}}]""";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent();
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private Shell.Ran run(String... words) {
        return Shell.run(Stream.concat(
                        Stream.of(words[0], "-http-addr=" + agent.address()),
                        Arrays.stream(words).skip(1))
                .toArray(String[]::new));
    }

    @Test
    void eventSaysTheIdOfConsulsEvent() {
        agent.on("PUT /v1/event/fire/deploy?service=web", 200, FIRED);

        Shell.Ran ran = run("event", "-name", "deploy", "-service", "web", "payload");

        assertThat(ran.out()).isEqualTo("Event ID: 7a07b729-7392-caf2-0b1d-a128d4648277\n");
        assertThat(ran.code()).isZero();
        assertThat(agent.bodies()).containsExactly("payload");
    }

    @Test
    void eventTakesSerfsOrderOfWordsToo() {
        agent.on("PUT /v1/event/fire/deploy", 200, PLAIN);

        assertThat(run("event", "deploy", "payload").out())
                .isEqualTo("Event 'deploy' dispatched! Coalescing enabled: true\n");
        assertThat(agent.bodies()).containsExactly("payload");
    }

    @Test
    void eventWithoutANameIsRefusedAsByTheRealTool() {
        Shell.Ran ran = run("event");

        assertThat(ran.err()).startsWith("Event name must be specified\n\nUsage: sotto event");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(run("event", "-name", "x", "-tag", "y").err()).startsWith("Cannot provide tag filter");
    }

    @Test
    void queryPrintsAcksAndAnswersAsTheyCome() {
        agent.chunked().on("PUT /v1/agent/query/load?node=srv&tag=role%3D%5Eweb&timeout=2s&no-ack=1", 200, PROGRESS);

        Shell.Ran ran = run("query", "-node", "srv", "-tag", "role=^web", "-timeout", "2s", "-no-ack", "load", "now");

        assertThat(ran.out()).isEqualTo("""
                Query 'load' dispatched
                Ack from 'srv'
                Response from 'srv': 0.7
                Total Acks: 1
                Total Responses: 1
                """);
        assertThat(ran.code()).isZero();
        assertThat(agent.bodies()).containsExactly("now");
    }

    @Test
    void queryGivesOneObjectForEachLineOfJson() {
        agent.on("PUT /v1/agent/query/load", 200, PROGRESS);

        assertThat(run("query", "-format", "json", "load").out().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("{\"Type\""));
    }

    @Test
    void queryThatNobodyHeardEndsWith2() {
        agent.on("PUT /v1/agent/query/load", 200, "{\"Type\":\"finished\",\"Acks\":0,\"Responses\":0}\n");

        assertThat(run("query", "load").code()).isEqualTo(2);
    }

    @Test
    void whatAMemberAnswersCannotSteerTheTerminal() {
        agent.on(
                "PUT /v1/agent/query/load",
                200,
                "{\"Type\":\"response\",\"From\":\"\\u001b[2J\",\"Payload\":\"G1szMW0=\"}\n");

        assertThat(run("query", "load").out()).isEqualTo("Response from '\\u001b[2J': \\u001b[31m\n");
    }

    @Test
    void reachabilityNamesLiveMembersThatDidNotAck() {
        agent.on("GET /v1/agent/members?segment=_all", 200, MEMBERS)
                .on("PUT /v1/agent/query/_serf_ping", 200, PROGRESS);

        Shell.Ran ran = run("reachability", "-verbose");

        assertThat(ran.out())
                .startsWith("Total members: 3, live members: 2\nStarting reachability test...\n\tAck from 'srv'\n")
                .endsWith("No ack from 'cli'\nFailed to contact 1 of 2 live nodes\n");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void rttIsEstimatedFromCoordinates() {
        agent.on("GET /v1/coordinate/nodes", 200, COORDINATES)
                .on("GET /v1/agent/self", 200, "{\"Config\":{\"NodeName\":\"b\"}}");

        String estimate = "Estimated a <-> b rtt: 5.020 ms (using LAN coordinates)\n";
        assertThat(run("rtt", "a", "b").out()).isEqualTo(estimate);
        assertThat(run("rtt", "a").out()).isEqualTo(estimate);
        Shell.Ran unknown = run("rtt", "a", "x");
        assertThat(unknown.err()).isEqualTo("Could not find a coordinate for node \"x\"\n");
        assertThat(unknown.code()).isEqualTo(1);
    }

    @Test
    void monitorPrintsLinesAndNoHeartbeats() {
        agent.chunked().on("GET /v1/agent/monitor?loglevel=debug", 200, "one\n\ntwo\n");

        assertThat(run("monitor", "-log-level", "debug").out().lines().toList())
                .isEqualTo(List.of(
                        "one",
                        "two",
                        "Remote side ended the monitor! This usually means that the remote side has exited."));
    }

    @Test
    void monitorRefusesALevelThatTheAgentDoesNotKnow() {
        agent.on("GET /v1/agent/monitor?loglevel=bogus", 400, "Bad request: Unknown log level: bogus");

        Shell.Ran ran = run("monitor", "-log-level", "bogus");
        assertThat(ran.err()).contains("Unknown log level: bogus");
        assertThat(ran.code()).isEqualTo(1);
    }
}
