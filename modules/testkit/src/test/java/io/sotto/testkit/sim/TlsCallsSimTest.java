package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.pool.Callee;
import io.sotto.testkit.fixture.CertificateFault;
import io.sotto.testkit.fixture.TestCertificates;
import io.sotto.testkit.junit.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by TLS between simulated members, both sides proving themselves. */
final class TlsCallsSimTest {
    private static final RpcMethod<String, String> ROLE = RpcMethod.of("Who.Calls", RpcCodecs.text(), RpcCodecs.text());
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Simulation(members = 2, encrypted = true, tls = true)
    void callersAreWhoTheirCertificatesSay(SimCluster cluster) {
        serving(cluster);

        assertThat(ask(cluster, "n1", "n2").answer()).contains("MEMBER");
        assertThat(cluster.member("n1").rpc().tls().servesTls()).isTrue();
    }

    @Test
    void aCertificateThatIsExpiredGetsNoCallThrough(@TempDir Path folder) {
        TestCertificates certificates = TestCertificates.of(1);
        try (SimCluster cluster = SimCluster.builder()
                .members(3)
                .calls(name -> certificates.write(
                        folder,
                        name,
                        name.equals("n3") ? certificates.broken(CertificateFault.EXPIRED) : certificates.member(name)))
                .build()) {
            serving(cluster);

            assertThat(ask(cluster, "n1", "n2").answer()).contains("MEMBER");
            assertThat(ask(cluster, "n1", "n3"))
                    .isInstanceOfSatisfying(
                            RpcOutcome.NoAnswer.class,
                            none -> assertThat(none.result().toString()).contains("expired"));
            assertThat(ask(cluster, "n3", "n1").answer()).isEmpty();
        }
    }

    @Test
    void plaintextIsTakenByNobodyWhoDemandsTls(@TempDir Path folder) {
        TestCertificates certificates = TestCertificates.of(1);
        try (SimCluster cluster = SimCluster.builder()
                .members(2)
                .calls(name -> name.equals("n2")
                        ? certificates.write(folder, name, certificates.member(name))
                        : ConfigFactory.empty())
                .build()) {
            serving(cluster);

            assertThat(ask(cluster, "n1", "n2").answer()).isEmpty();
        }
    }

    @Test
    void theSameSeedMakesTheSameLogThoughTlsHasChanceOfItsOwn(@TempDir Path folder) {
        TestCertificates certificates = TestCertificates.of(1);
        assertThat(logOfARun(certificates, folder)).isEqualTo(logOfARun(certificates, folder));
    }

    private static List<String> logOfARun(TestCertificates certificates, Path folder) {
        try (SimCluster cluster = SimCluster.builder()
                .members(3)
                .calls(name -> certificates.write(folder, name, certificates.member(name)))
                .build()) {
            cluster.network().everyLink(link -> link.loss(0.02));
            serving(cluster);
            for (int i = 0; i < 10; i++) {
                cluster.note(String.valueOf(ask(cluster, "n" + (1 + i % 3), "n" + (1 + (i + 1) % 3))));
                cluster.run(Duration.ofSeconds(1));
            }
            return List.copyOf(cluster.log());
        }
    }

    private static void serving(SimCluster cluster) {
        cluster.formed();
        cluster.members()
                .forEach(member -> member.rpc()
                        .serve(
                                ROLE,
                                PeerRole.MEMBER,
                                (request, context) -> CompletableFuture.completedFuture(
                                        context.role().name())));
        // Until all know where the others take calls.
        cluster.run(Duration.ofSeconds(3));
    }

    private static RpcOutcome<String> ask(SimCluster cluster, String from, String to) {
        return cluster.virtual()
                .await(cluster.member(from).rpc().call(Callee.member(to), ROLE, "", TIMEOUT), TIMEOUT.multipliedBy(2));
    }
}
