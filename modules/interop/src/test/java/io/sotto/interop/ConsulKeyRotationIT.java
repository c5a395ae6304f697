package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code consul keyring} changes the key of a datacenter that sotto agents are members of. */
@NeedsPeer("consul")
@Execution(ExecutionMode.CONCURRENT)
class ConsulKeyRotationIT {
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

            assertDone(server.keyring("-install=" + next));
            NodeFiles.awaitRings(rings(datacenter, sottos), old, next);
            assertDone(server.keyring("-use=" + next));
            NodeFiles.awaitRings(rings(datacenter, sottos), next, old);
            assertThat(server.keyring("-list").out()).contains(next + " [5/5]", old + " [5/5]");
            assertDone(server.keyring("-remove=" + old));
            NodeFiles.awaitRings(rings(datacenter, sottos), next);
            Command refused = server.keyring("-remove=" + next);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("5/5 nodes reported failure", "* sotto-1: Removing the primary key");
            datacenter.pool().awaitAgreement("after a change of the key", FormulaTime.joinBound());
        }
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
