package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GossipVerbTest {
    private static final String STATUS = "GET /v1/agent/gossip/status";
    private static final String ANSWER = """
            {"At":"2026-11-22T06:31:30Z",
             "Plaintext":{"Since":"2026-11-22T06:00:00Z","Until":"2026-11-22T06:31:00Z","OverdueSeconds":30},
             "Members":[
              {"Name":"a","Presence":"self","Sotto":true,"LastSealed":"","SealedWith":"","LastPlain":"","Rejected":{},
               "Report":{"Primary":"01abcdef","Keys":["01abcdef","fedcba98"],"VerifyIncoming":false,
                "VerifyOutgoing":true,"Label":"blue","LabelEnforced":false,"LastPlaintext":"","Version":"0.1.0"}},
              {"Name":"real","Presence":"alive","Sotto":false,"Report":null,"LastSealed":"2026-11-22T06:31:20Z",
               "SealedWith":"01abcdef","LastPlain":"2026-11-22T06:31:00Z","Rejected":{"replay":2,"no-key":1}},
              {"Name":"silent","Presence":"failed","Sotto":true,"Report":null,"LastSealed":"","SealedWith":"",
               "LastPlain":"","Rejected":{}}],
             "Steps":[
              {"Step":"keyed","Key":"","Answer":"done","Obstacles":[],"OnHints":[]},
              {"Step":"outgoing","Key":"","Answer":"likely","Obstacles":[],"OnHints":["real"]},
              {"Step":"incoming","Key":"","Answer":"unsafe","OnHints":[],"Obstacles":[
               {"Member":"silent","Ground":"unknown","Why":"has failed, and may come back as it went"}]},
              {"Step":"remove","Key":"fedcba98","Answer":"safe","Obstacles":[],"OnHints":[]}]}""";

    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent().on(STATUS, 200, ANSWER);
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void showsEachMemberAndEachStepAndBecauseOfWhomNot() {
        Shell.Ran ran = run("gossip", "status");

        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out()).isEqualTo("""
                Node    Status  Traffic         Key              Ring        Outgoing  Incoming  Label             Rejected
                a       self    -               01abcdef         2 keys      on        off       blue, others too  -
                real    alive   sealed 10s ago  01abcdef (seen)  gives none  -         -         -                 no-key 1, replay 2
                silent  failed  never heard     -                no report   -         -         -                 -

                keyed             done
                outgoing          likely; only traffic speaks for real
                incoming          unsafe
                    silent: has failed, and may come back as it went (unknown)
                remove fedcba98   safe

                This agent accepts plaintext since 2026-11-22T06:00:00Z: 30 s past its deadline 2026-11-22T06:31:00Z.
                """);
    }

    @Test
    void theJsonIsTheAgents() {
        assertThat(run("gossip", "status", "-format", "json").out())
                .contains("\"SealedWith\": \"01abcdef\"")
                .contains("\"OverdueSeconds\": 30");
    }

    @Test
    void anotherWordIsRefused() {
        assertThat(run("gossip").code()).isEqualTo(Exit.USAGE);
        assertThat(run("gossip", "state").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void anAgentThatDoesNotKnowItIsAFailure() {
        agent.on(STATUS, 404, "");

        Shell.Ran ran = run("gossip", "status");

        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.err()).startsWith("Error retrieving the gossip status: Unexpected response code: 404");
    }

    private Shell.Ran run(String... words) {
        return Shell.run(Map.of("SOTTO_HTTP_ADDR", agent.address()), words);
    }
}
