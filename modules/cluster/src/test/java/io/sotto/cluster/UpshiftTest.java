package io.sotto.cluster;

import static io.sotto.cluster.UpshiftWorld.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.upshift.UpshiftMetric;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftOutcome;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.pki.Dial;
import io.sotto.pki.authority.CertificateRequest;
import io.sotto.wire.metrics.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upshifts of pools on this machine, over real connections. */
@DisplayName("an upshift")
class UpshiftTest {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String SECRET_SHA256 = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @TempDir
    private Path directory;

    private UpshiftWorld world;

    @BeforeEach
    void setUp() {
        world = new UpshiftWorld(directory);
    }

    @AfterEach
    void tearDown() {
        world.close();
    }

    @Test
    void takesThreeMembersFromPlaintextToEnforcedEncryption() {
        NAMES.forEach(world::start);
        world.together();

        List<UpshiftProgress> told = world.run("a", UpshiftKind.GOSSIP);

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        for (String name : NAMES) {
            assertThat(world.sotto(name).lan().stats().encrypted()).isTrue();
            assertThat(world.file(name, "upshift/gossip.journal")).contains("outcome finished");
            assertThat(world.file(name, "upshift/applied.conf")).isEmpty();
            assertThat(world.file(name, "serf/local.keyring")).isEqualTo(world.file("a", "serf/local.keyring"));
        }
    }

    @Test
    void takesTheCallsOfThreeMembersFromNoTlsToVerifiedTls() {
        NAMES.forEach(world::start);
        world.together();

        List<UpshiftProgress> told = world.run("b", UpshiftKind.TLS);

        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        for (String name : NAMES) {
            assertThat(world.sotto(name).rpc().tls().inbound().plaintext()).isFalse();
            assertThat(world.sotto(name).rpc().tls().howToDial(false)).isEqualTo(Dial.TLS);
            assertThat(world.file(name, "upshift/applied.conf"))
                    .contains("tls.verify-incoming-rpc = true\ntls.verify-outgoing = true\n");
        }
    }

    @Test
    void isUndoneByNeitherAReloadNorARestart() {
        List.of("a", "b").forEach(world::start);
        world.together();
        await(world.sotto("a").upshift().next(UpshiftRequest.of(UpshiftKind.GOSSIP)));
        world.until(() -> stage("a").equals("READY") && stage("b").equals("READY"));
        String laid = world.file("b", "upshift/applied.conf");
        assertThat(laid).contains("encrypt-verify-incoming = false\nencrypt-verify-outgoing = false\n");

        assertThat(await(world.sotto("b").reload(world.said("b")))).isInstanceOf(Reloaded.Applied.class);
        assertThat(stage("b")).isEqualTo("READY");

        world.stop("b");
        world.start("b");
        assertThat(stage("b")).isEqualTo("READY");
        assertThat(world.sotto("b").keyring()).isNotNull();
        assertThat(world.file("b", "upshift/applied.conf")).isEqualTo(laid);

        Config same = ConfigFactory.parseString("encrypt-verify-incoming = off, encrypt-verify-outgoing = off")
                .withFallback(world.said("b"));
        assertThat(await(world.sotto("b").reload(same))).isInstanceOf(Reloaded.Applied.class);
        assertThat(stage("b")).isEqualTo("READY");
        assertThat(world.file("b", "upshift/applied.conf")).isEmpty();
    }

    @Test
    void ordersOfAStolenClientCertificateMoveNobody() {
        world.start("a", "upshift.token-hashes = [\"" + SECRET_SHA256 + "\"]");
        world.start("t", "", CertificateRequest.client("dc1", "consul"));
        world.together();

        world.sotto("t")
                .upshift()
                .run(UpshiftRequest.of(UpshiftKind.TLS))
                .runWith(Sink.ignore(), world.kit("t").system());
        world.until(() -> refused("a") >= 2);

        assertThat(world.sotto("a").rpc().tls().howToDial(false)).isEqualTo(Dial.PLAIN);
        assertThat(world.file("a", "upshift/tls.journal")).isEmpty();
        assertThat(world.file("a", "upshift/applied.conf")).isEmpty();
        assertThat(await(world.sotto("t").upshift().status(UpshiftKind.TLS)).waitingFor())
                .containsKey("a");

        List<UpshiftProgress> told = await(world.sotto("t")
                .upshift()
                .run(UpshiftRequest.of(UpshiftKind.TLS).by("ann", "secret"))
                .runWith(Sink.seq(), world.kit("t").system()));
        assertThat(outcome(told)).isEqualTo(UpshiftOutcome.FINISHED);
        assertThat(world.sotto("a").rpc().tls().inbound().plaintext()).isFalse();
    }

    @Test
    void waitsForAMemberThatCouldNotKeepWhatItTakes() {
        world.start("a");
        world.start("n", "data-dir = \"\"");
        world.together();

        UpshiftPlan plan = await(world.sotto("a").upshift().plan(UpshiftKind.TLS));

        assertThat(plan.obstacles()).containsKey("n");
        assertThat(plan.obstacles().get("n")).contains("has no data-dir");
    }

    @Test
    void whatIsLaidOverSettingsByOthersIsNotTaken() throws Exception {
        world.start("a");
        world.stop("a");
        Path laid = Files.createDirectories(directory.resolve("a/upshift")).resolve("applied.conf");
        Files.writeString(laid, "encrypt-verify-incoming = false");
        Files.setPosixFilePermissions(laid, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> world.start("a"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600");
    }

    private double refused(String name) {
        return world.sotto(name).upshift().metrics().stream()
                .filter(metric -> metric.name().equals(UpshiftMetric.REFUSED.metric()))
                .filter(metric -> metric.labels().contains("unauthorised"))
                .mapToDouble(Metric::value)
                .sum();
    }

    private String stage(String name) {
        double rung = world.sotto(name).upshift().metrics().stream()
                .filter(metric -> metric.name().equals(UpshiftMetric.STAGE.metric()))
                .filter(metric -> metric.labels().contains("gossip"))
                .mapToDouble(Metric::value)
                .sum();
        return List.of("NONE", "READY", "SENDING", "ENFORCED").get((int) rung);
    }

    private static UpshiftOutcome outcome(List<UpshiftProgress> told) {
        return told.get(told.size() - 1)
                .record()
                .flatMap(UpshiftRecord::outcome)
                .orElseThrow();
    }
}
