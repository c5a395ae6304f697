package io.sotto.cluster.upshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators are told to do on agents that take no orders. */
class MendTest {
    private static final Map<String, String> SERVER = Map.of("role", "consul", "build", "1.8.7:", "dc", "dc2");
    private static final Map<String, String> CLIENT = Map.of("role", "node", "build", "1.8.7:");
    private static final Map<String, String> SERF = Map.of("role", "web");
    private static final Map<String, String> NOMAD = Map.of("role", "nomad", "region", "global");
    private static final Map<String, String> OURS = Map.of("sotto", "1", "role", "node", "build", "1.0.0:");

    @Test
    void eachStageOfConsulsGossipIsALineOfItsFileAndARestart() {
        assertThat(gossip(SERVER, UpshiftStage.READY))
                .contains("\"encrypt_verify_incoming\": false, \"encrypt_verify_outgoing\": false")
                .contains("systemctl restart consul");
        assertThat(gossip(CLIENT, UpshiftStage.SENDING))
                .contains("\"encrypt_verify_incoming\": false, \"encrypt_verify_outgoing\": true");
        assertThat(gossip(CLIENT, UpshiftStage.ENFORCED))
                .contains("\"encrypt_verify_incoming\": true, \"encrypt_verify_outgoing\": true");
    }

    @Test
    void whoHasNoStageBetweenIsToldSo() {
        assertThat(gossip(SERF, UpshiftStage.READY))
                .contains("Serf has no stage between")
                .contains("without it by name")
                .contains("\"encrypt_key\"");
        assertThat(gossip(NOMAD, UpshiftStage.READY))
                .contains("Nomad has no stage between")
                .contains("server { encrypt = ");
    }

    @Test
    void membersOfOursThatTakeNoCallsReloadInsteadOfRestarting() {
        assertThat(gossip(OURS, UpshiftStage.SENDING))
                .contains("encrypt-verify-outgoing = true")
                .contains("sotto reload")
                .doesNotContain("systemctl");
        assertThat(tls(OURS, UpshiftStage.READY)).contains("rpc.enabled = true");
    }

    @Test
    void consulsServersAreToldOfTheirOwnDatacenterAndClientsDemandNothingOfCallers() {
        assertThat(tls(SERVER, UpshiftStage.READY))
                .contains("sotto tls cert create -server -dc dc2")
                .contains("\"verify_incoming\": false, \"verify_outgoing\": false, \"verify_server_hostname\": false")
                .doesNotContain("vouch");
        assertThat(tls(SERVER, UpshiftStage.SENDING))
                .contains("\"verify_outgoing\": true, \"verify_server_hostname\": true")
                .contains("vouch");
        assertThat(tls(SERVER, UpshiftStage.ENFORCED)).contains("\"verify_incoming\": true");
        assertThat(tls(CLIENT, UpshiftStage.READY)).contains("-client -dc dc1").contains("vouch");
        assertThat(tls(CLIENT, UpshiftStage.ENFORCED))
                .as("clients do not listen")
                .contains("\"verify_incoming\": false");
    }

    @Test
    void nothingIsToBeDoneForTheLowestStage() {
        assertThat(Mend.of(UpshiftKind.GOSSIP, SERVER, "dc1", UpshiftStage.NONE))
                .isEmpty();
    }

    private static String gossip(Map<String, String> tags, UpshiftStage target) {
        return Mend.of(UpshiftKind.GOSSIP, tags, "dc1", target).orElseThrow();
    }

    private static String tls(Map<String, String> tags, UpshiftStage target) {
        return Mend.of(UpshiftKind.TLS, tags, "dc1", target).orElseThrow();
    }
}
