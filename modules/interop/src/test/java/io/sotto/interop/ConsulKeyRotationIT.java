package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code consul keyring} changes the key of a datacenter that sotto agents are members of. */
@NeedsPeer("consul")
@Execution(ExecutionMode.CONCURRENT)
class ConsulKeyRotationIT {
    private static final Pattern MISSED = Pattern.compile("[1-4]/5 nodes reported success");
    private static final int RUNS_MAX = 3;

    @Test
    void consulsToolChangesTheKeyOfSottosAgentsToo() {
        String old = Keys.random(32);
        try (ConsulDatacenter datacenter = ConsulDatacenter.start("changes keys", Optional.of(old))) {
            List<AgentProcess> sottos = List.of(datacenter.sotto("sotto-1"), datacenter.sotto("sotto-2"));
            datacenter.pool().awaitAgreement("all members see each other", FormulaTime.joinBound());
            String next = Keys.random(16);
            ConsulProcess server = datacenter.server();
            // The servers elect a leader first: without one the tool has nobody to ask.
            Awaitility.await("a leader")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(server.keyring("-list").exit()).isZero());

            assertDone(byAll(server, "-install=" + next));
            NodeFiles.awaitRings(rings(datacenter, sottos), old, next);
            assertDone(byAll(server, "-use=" + next));
            NodeFiles.awaitRings(rings(datacenter, sottos), next, old);
            assertThat(byAll(server, "-list").out()).contains(next + " [5/5]", old + " [5/5]");
            assertDone(byAll(server, "-remove=" + old));
            NodeFiles.awaitRings(rings(datacenter, sottos), next);
            Command refused = byAll(server, "-remove=" + next);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("5/5 nodes reported failure", "* sotto-1: Removing the primary key");
            datacenter.pool().awaitAgreement("after a change of the key", FormulaTime.joinBound());
        }
    }

    /**
     * Asks until all five have answered. Of five members the gossip of a query misses one about once in 200 times, whoever
     * they are (four transmissions each, to members taken by chance), and a real server, which asks here, does not repeat it:
     * then its tool says how many it heard of, and is to be run again, as its operator would.
     */
    private static Command byAll(ConsulProcess server, String operation) {
        Command command = server.keyring(operation);
        for (int run = 1; run < RUNS_MAX && MISSED.matcher(command.err()).find(); run++) {
            command = server.keyring(operation);
        }
        return command;
    }

    private static void assertDone(Command command) {
        assertThat(command.exit()).as(command.out() + command.err()).isZero();
    }

    private static List<Path> rings(ConsulDatacenter datacenter, List<AgentProcess> sottos) {
        List<Path> rings = new ArrayList<>();
        datacenter.servers().forEach(server -> rings.add(server.ring()));
        sottos.forEach(sotto -> rings.add(sotto.ring()));
        return rings;
    }
}
