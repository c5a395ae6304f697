package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Sotto;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the plan of an upshift of TLS says of real servers, which give no reports: by what their ports take. */
@NeedsPeer("consul")
class OutsideTlsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path DIRECTORY = NodeFiles.directory("outside tls");

    private final CertificateAuthority authority = TlsFiles.authority();
    private final TlsFiles files = new TlsFiles(DIRECTORY);
    private final List<ConsulProcess> started = new ArrayList<>();
    private Optional<ActorSystem<Void>> system = Optional.empty();

    @Test
    void realServersAreToldApartByWhatTheirPortsTake() throws Exception {
        Map<String, Object> certificates = settings(CertificateRequest.server("dc1", "consul"));
        consul("none", ConsulProcess.Role.SERVER, Map.of());
        consul("ready", ConsulProcess.Role.SERVER, certificates);
        consul("enforced", ConsulProcess.Role.SERVER, TlsFiles.demanding(certificates, true, true, true));
        consul("mistaken", ConsulProcess.Role.SERVER, settings(CertificateRequest.client("dc1", "consul")));
        consul("client", ConsulProcess.Role.CLIENT, certificates);
        Sotto sotto = sotto();

        UpshiftPlan plan = await(sotto.upshift().plan(UpshiftKind.TLS));

        assertStand(plan, "none", UpshiftStage.NONE, Stand.Ground.TRAFFIC);
        assertStand(plan, "ready", UpshiftStage.READY, Stand.Ground.TRAFFIC);
        assertStand(plan, "enforced", UpshiftStage.ENFORCED, Stand.Ground.TRAFFIC);
        assertStand(plan, "mistaken", UpshiftStage.NONE, Stand.Ground.TRAFFIC);
        assertStand(plan, "client", UpshiftStage.NONE, Stand.Ground.UNKNOWN);
        assertThat(stand(plan, "none").mend().orElseThrow()).contains("sotto tls cert create -server -dc dc1");
        assertThat(stand(plan, "client").mend().orElseThrow()).contains("vouch");
        assertThat(plan.steps())
                .extracting(UpshiftPlan.Step::stage)
                .containsExactly(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED);
        assertThat(plan.steps().get(0).byHand()).containsOnlyKeys("none", "mistaken", "client");
        assertThat(plan.steps().get(1).byHand()).containsOnlyKeys("none", "ready", "mistaken", "client");
        assertThat(plan.steps().get(2).byHand().get("none"))
                .contains("\"verify_incoming\": true", "systemctl restart consul");
    }

    @AfterEach
    void end() throws Exception {
        started.forEach(ConsulProcess::close);
        if (system.isPresent()) {
            system.get().terminate();
            system.get().getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void assertStand(UpshiftPlan plan, String member, UpshiftStage stage, Stand.Ground ground) {
        Stand stand = stand(plan, member);
        assertThat(stand.stage()).as("%s: %s", member, stand).isEqualTo(stage);
        assertThat(stand.ground()).as("%s: %s", member, stand).isEqualTo(ground);
    }

    private static Stand stand(UpshiftPlan plan, String member) {
        assertThat(plan.members()).containsKey(member);
        return Objects.requireNonNull(plan.members().get(member));
    }

    private Map<String, Object> settings(CertificateRequest request) {
        return files.settings(TlsFiles.issue(authority, request), List.of(authority));
    }

    private void consul(String name, ConsulProcess.Role role, Map<String, Object> settings) {
        ConsulProcess process = new ConsulProcess(name, Site.ipv4(Site.CONSUL_PORT), DIRECTORY, role, Optional.empty());
        settings.forEach((key, value) -> process.with(key.replace('-', '_'), value));
        started.add(process);
        process.launch(List.of());
    }

    /** A member in this process, with a client's certificate, that has joined all of them. */
    private Sotto sotto() throws Exception {
        Site site = Site.ipv4(Site.CONSUL_PORT);
        Map<String, Object> settings = new HashMap<>();
        settings(CertificateRequest.client("dc1", "consul")).forEach((key, value) -> settings.put("tls." + key, value));
        settings.put("node-name", "sotto");
        settings.put("profile", "consul-client");
        settings.put("bind-addr", site.ip());
        settings.put("ports.serf-lan", site.port());
        settings.put("leave-on-shutdown", false);
        ActorSystem<Void> made = ActorSystem.create(
                Behaviors.empty(),
                "outside-tls",
                ConfigFactory.parseMap(settings).atPath("sotto").withFallback(ConfigFactory.load()));
        system = Optional.of(made);
        Sotto node = Sotto.get(made);
        await(node.started());
        for (ConsulProcess peer : started) {
            peer.process()
                    .orElseThrow()
                    .awaitReady(PATIENCE, () -> assertThat(peer.members()).isNotEmpty());
            assertThat(await(node.join(List.of(peer.site().address()))).failures())
                    .isEmpty();
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> started.stream()
                        .allMatch(peer -> node.member(peer.name()).isPresent()));
        return node;
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
