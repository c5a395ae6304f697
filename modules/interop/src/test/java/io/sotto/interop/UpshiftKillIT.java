package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The agent that drives an upshift is killed in each of its stages, and while it waits for somebody's certificate before the first:
 * another tells the truth of it and goes on with it, and the killed one, started again, finds itself where the others are.
 */
class UpshiftKillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> STAGES = List.of("none", "ready", "sending", "enforced");
    /** Certificates are put in place by hand, and nobody is ordered to be ready. */
    private static final Map<String, List<String>> TAKEN =
            Map.of("tls", List.of("none", "sending", "enforced"), "gossip", STAGES.subList(1, 4));

    @Test
    void anotherAgentGoesOnWhereTheKilledOneStopped() {
        try (UpshiftDatacenter<AgentProcess> datacenter =
                new UpshiftDatacenter<>("upshift of the killed", UpshiftKillIT::agent).start(2, 2)) {
            List<AgentProcess> agents = datacenter.agents;
            datacenter.certify(agents.subList(0, 3), UpshiftKillIT::reload);
            for (String kind : List.of("tls", "gossip")) {
                int driving = 0;
                UpshiftRun run = UpshiftRun.start(datacenter.agent(driving), datacenter.directory, kind);
                for (String stage : TAKEN.getOrDefault(kind, List.of())) {
                    AgentProcess killed = datacenter.agent(driving);
                    AgentProcess other = datacenter.agent(1 - driving);
                    run.awaitStep(
                            kind + " is taken to " + stage,
                            step -> step.path("Goal").asText().equals(stage));
                    if (stage.equals("none")) {
                        awaitKnown(kind, killed, other);
                    }
                    datacenter.pool.kill(killed);
                    run.stop();
                    truth(kind, stage, killed, other);

                    run = UpshiftRun.start(other, datacenter.directory, kind);
                    run.awaitStep(
                            other.name() + " drives " + kind,
                            step -> step.path("Driver").asText().equals(other.name()));
                    datacenter.pool.start(killed, List.of(other.site().address()));
                    if (stage.equals("none")) {
                        datacenter.certify(agents.subList(3, 4), UpshiftKillIT::reload);
                    }
                    driving = 1 - driving;
                }
                assertThat(run.awaitEnd()).as(run.log()).isZero();
                everybodyIsThere(datacenter, kind);
            }
        }
    }

    private static AgentProcess agent(String name, Site site, Path directory, Path settings) {
        return new AgentProcess(name, site, directory, "consul-client", Optional.empty()).reading(settings);
    }

    private static void reload(AgentProcess agent) {
        HttpResponse<String> answer = agent.api().put("/v1/agent/reload");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The driver tells that it waits before the record of that has reached the others. */
    private static void awaitKnown(String kind, AgentProcess driver, AgentProcess other) {
        Awaitility.await(other.name() + " knows that " + driver.name() + " drives " + kind)
                .atMost(PATIENCE)
                .until(() ->
                        UpshiftRun.status(other, kind).path("Driver").asText().equals(driver.name()));
    }

    /** What an agent that did not drive it says while nobody does. */
    private static void truth(String kind, String stage, AgentProcess killed, AgentProcess other) {
        JsonNode status = UpshiftRun.status(other, kind);
        assertThat(status.path("Driver").asText()).as(status.toString()).isEqualTo(killed.name());
        assertThat(status.path("Outcome").asText()).as(status.toString()).isEmpty();
        assertThat(status.path("UnderWay").asBoolean()).as(status.toString()).isFalse();
        // The last order of a stage may not have gone out yet.
        int goal = STAGES.indexOf(status.path("Goal").asText());
        assertThat(goal)
                .as("goal while %s was taken: %s", stage, status)
                .isBetween(Math.max(0, STAGES.indexOf(stage) - 1), STAGES.indexOf(stage));
    }

    private static void everybodyIsThere(UpshiftDatacenter<AgentProcess> datacenter, String kind) {
        datacenter.pool.awaitAgreement("all see each other after " + kind, PATIENCE);
        Awaitility.await("each knows how it ended").atMost(PATIENCE).untilAsserted(() -> {
            for (AgentProcess agent : datacenter.agents) {
                JsonNode status = UpshiftRun.status(agent, kind);
                assertThat(status.path("Outcome").asText()).as(agent.name()).isEqualTo("finished");
                status.path("Members")
                        .properties()
                        .forEach(member -> assertThat(
                                        member.getValue().path("Stage").asText())
                                .as("%s as %s knows it", member.getKey(), agent.name())
                                .isEqualTo("enforced"));
            }
        });
    }
}
