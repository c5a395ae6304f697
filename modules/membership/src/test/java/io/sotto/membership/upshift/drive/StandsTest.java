package io.sotto.membership.upshift.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.rotation.Attendance;
import io.sotto.membership.upshift.SelfReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final String KEY = "1c0216e1";

    @ParameterizedTest
    @CsvSource({
        "'', false, false, NONE",
        "7d3a0b52, false, false, NONE",
        "1c0216e1, false, false, READY",
        "1c0216e1, true, false, SENDING",
        "1c0216e1, true, true, ENFORCED",
        "7d3a0b52 1c0216e1, false, false, READY",
        "7d3a0b52 1c0216e1, true, true, READY",
        "7d3a0b52, true, true, NONE",
        "1c0216e1, false, true, READY"
    })
    void gossipStandsByItsKeysAndFlags(String keys, boolean out, boolean in, UpshiftStage stage) {
        Stand stand = gossip(report(keys, out, in, Optional.empty(), tls(true, false, false)));

        assertThat(stand.stage()).isEqualTo(stage);
        assertThat(stand.ground()).isEqualTo(Stand.Ground.REPORT);
        assertThat(stand.needs()).isEmpty();
    }

    @Test
    void withoutAKeyToLookForWhatItSealsWithCounts() {
        UpshiftReport report = report(KEY, true, true, Optional.empty(), tls(true, true, true));

        assertThat(Stands.of("n", true, report, UpshiftKind.GOSSIP, "", NOW).stage())
                .isEqualTo(UpshiftStage.ENFORCED);
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, false, NONE",
        "false, true, true, NONE",
        "true, false, false, READY",
        "true, false, true, READY",
        "true, true, false, SENDING",
        "true, true, true, ENFORCED"
    })
    void callsStandByTheirCertificateAndFlags(boolean certificate, boolean out, boolean in, UpshiftStage stage) {
        UpshiftReport report = report("", false, false, Optional.empty(), tls(certificate, out, in));

        assertThat(Stands.of("n", true, report, UpshiftKind.TLS, "", NOW).stage())
                .isEqualTo(stage);
        assertThat(Stands.stage(report, UpshiftKind.TLS, "", NOW)).isEqualTo(stage);
    }

    @Test
    void aConnectionThatProvedNothingShowsNothing() {
        UpshiftReport report = report(KEY, true, true, Optional.empty(), tls(true, true, true));
        Stand stand = Stands.of("n", false, report, UpshiftKind.GOSSIP, KEY, NOW);

        assertThat(stand.ground()).isEqualTo(Stand.Ground.UNKNOWN);
        assertThat(stand.stage()).isEqualTo(UpshiftStage.NONE);
        assertThat(stand.hindrance()).contains("has answered, but its connection did not prove that it is n");
    }

    @Test
    void aReportInTheNameOfAnotherShowsNothing() {
        UpshiftReport report = report(KEY, true, true, Optional.empty(), tls(true, true, true));

        assertThat(Stands.of("m", true, report, UpshiftKind.GOSSIP, KEY, NOW).ground())
                .isEqualTo(Stand.Ground.UNKNOWN);
    }

    @Test
    void howLongNothingInsecureCameInIsByTheMembersOwnClock() {
        Instant theirs = NOW.minusSeconds(3_600);
        SelfReport own =
                new SelfReport(List.of(KEY), false, true, "", false, Optional.of(theirs.minusSeconds(7)), theirs, "1");
        UpshiftReport report = new UpshiftReport("n", Optional.of(own), tls(true, true, true), List.of(), theirs);
        Stand stand = gossip(report);

        assertThat(stand.quiet()).contains(Duration.ofSeconds(7));
        assertThat(stand.hindrance()).contains("took plaintext in 7 s ago, from somebody");
    }

    @Test
    void withoutACertificateNoKeyCanBeSentToIt() {
        Stand stand = gossip(report("", false, false, Optional.empty(), tls(false, false, false)));

        assertThat(stand.needs()).contains(UpshiftKind.TLS);
        assertThat(stand.hindrance().orElse("")).contains("cert_file").contains("upshift tls comes first");
    }

    @Test
    void whatRefusesPlaintextAlreadyNeedsNoOtherUpshift() {
        assertThat(gossip(report(KEY, true, true, Optional.empty(), tls(false, false, false)))
                        .needs())
                .isEmpty();
    }

    @Test
    void aCertificateThatWillNotDoIsNone() {
        TlsReport ended =
                new TlsReport(true, true, false, false, Optional.empty(), Optional.of(NOW), "ab", Optional.empty());
        TlsReport faulty = new TlsReport(
                true, true, false, false, Optional.empty(), Optional.empty(), "ab", Optional.of("is of another key"));
        TlsReport alone =
                new TlsReport(true, false, false, false, Optional.empty(), Optional.empty(), "ab", Optional.empty());

        assertThat(hindrance(ended)).contains("ended at 2030-01-01T00:00:00Z: renew it");
        assertThat(hindrance(faulty)).contains("is of another key");
        assertThat(hindrance(alone)).contains("set ca_file");
    }

    @Test
    void aPlanTellsWhatChangesOnWhomAndWhatAnOperatorHasToDo() {
        Stand consul = new Stand(
                UpshiftStage.NONE,
                Stand.Ground.TRAFFIC,
                Optional.empty(),
                Optional.of("does not answer what is sealed"),
                Optional.of("consul keyring -install"));
        Map<String, Stand> stands = new TreeMap<>(Map.of(
                "a", gossip(report(KEY, false, false, Optional.empty(), tls(true, false, false))),
                "b", gossip(report("", false, false, Optional.empty(), tls(true, false, false))),
                "consul", consul));
        Attendance attendance = Attendance.of(List.of("a", "b", "consul"), List.of("gone"), List.of());
        UpshiftPlan plan = UpshiftPlanner.plan(UpshiftKind.GOSSIP, stands, attendance);

        assertThat(plan.steps())
                .extracting(UpshiftPlan.Step::stage)
                .containsExactly(UpshiftStage.READY, UpshiftStage.SENDING, UpshiftStage.ENFORCED);
        assertThat(plan.steps().get(0).changes()).containsOnlyKeys("b", "gone");
        assertThat(plan.steps().get(0).byHand()).isEqualTo(Map.of("consul", "consul keyring -install"));
        assertThat(plan.steps().get(1).changes()).containsOnlyKeys("a", "b", "gone");
        assertThat(plan.obstacles()).isEqualTo(Map.of("gone", "is away"));
    }

    @Test
    void aPlanSaysWhatComesFirstAndIsEmptyOnceAllIsDone() {
        Attendance attendance = Attendance.of(List.of("a"), List.of(), List.of());
        Stand none = gossip(report("", false, false, Optional.empty(), tls(false, false, false)));
        Stand done = gossip(report(KEY, true, true, Optional.empty(), tls(true, true, true)));

        assertThat(UpshiftPlanner.plan(UpshiftKind.GOSSIP, Map.of("a", none), attendance)
                        .obstacles())
                .containsEntry("", "upshift tls comes first, for a");
        assertThat(UpshiftPlanner.plan(UpshiftKind.GOSSIP, Map.of("a", done), attendance)
                        .steps())
                .isEmpty();
    }

    private static String hindrance(TlsReport tls) {
        UpshiftReport report = report("", false, false, Optional.empty(), tls);
        return Stands.of("n", true, report, UpshiftKind.TLS, "", NOW)
                .hindrance()
                .orElse("");
    }

    private static Stand gossip(UpshiftReport report) {
        return Stands.of(report.member(), true, report, UpshiftKind.GOSSIP, KEY, NOW);
    }

    private static UpshiftReport report(
            String keys, boolean out, boolean in, Optional<Instant> lastPlain, TlsReport tls) {
        Optional<SelfReport> own = keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new SelfReport(Arrays.asList(keys.split(" ")), in, out, "", false, lastPlain, NOW, "1"));
        return new UpshiftReport("n", own, tls, List.of(), NOW);
    }

    private static TlsReport tls(boolean hasCertificate, boolean out, boolean in) {
        return new TlsReport(
                hasCertificate,
                hasCertificate,
                in,
                out,
                Optional.empty(),
                Optional.of(NOW.plusSeconds(86_400)),
                "ab",
                Optional.empty());
    }
}
