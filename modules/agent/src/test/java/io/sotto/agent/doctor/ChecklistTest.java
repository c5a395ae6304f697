package io.sotto.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.doctor.MemberSeen.Report;
import io.sotto.agent.doctor.MemberSeen.Traffic;
import io.sotto.agent.doctor.PoolSeen.Interface;
import io.sotto.agent.doctor.PoolSeen.ServerSeen;
import io.sotto.agent.doctor.PoolSeen.Unreached;
import io.sotto.pki.CertificateFacts;
import java.math.BigInteger;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each check makes of what was seen. */
final class ChecklistTest {
    private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
    private static final String KEY = "01abcdef";
    private static final String OTHER = "fedcba98";

    private AgentSeen agent = agent(List.of("127.0.0.1"), true, true, true, true);
    private MachineSeen machine = new MachineSeen(
            List.of(
                    file("/d", FileSeen.Kind.DATA_DIRECTORY, "rwxr-xr-x"),
                    file("/d/k", FileSeen.Kind.KEYRING, "rw-------")),
            List.of(certificate(false, 300, List.of("client.dc1.consul")), certificate(true, 900, List.of())),
            List.of(),
            List.of());
    private List<MemberSeen> members = List.of(member("one", report(KEY, KEY)), member("two", report(KEY, KEY)));
    private Set<String> acked = Set.of("one", "two");
    private Set<String> ackedLarge = Set.of("one", "two");
    private Map<String, Unreached> unreached = Map.of();
    private Map<String, ServerSeen> servers = Map.of("srv", new ServerSeen("10.0.0.9:8300", "", "", Optional.of(300L)));
    private List<UpshiftSeen> upshifts = List.of();
    private long overdue;
    private int mtu = 1500;

    private static AgentSeen agent(
            List<String> addresses, boolean acl, boolean keyed, boolean refusesPlain, boolean verifies) {
        return new AgentSeen(
                "one",
                "dc1",
                "consul",
                false,
                addresses,
                8500,
                acl,
                keyed,
                refusesPlain,
                true,
                true,
                verifies,
                true,
                verifies);
    }

    private static FileSeen file(String path, FileSeen.Kind kind, String mode) {
        return new FileSeen(path, kind, PosixFilePermissions.fromString(mode));
    }

    private static CertificateSeen certificate(boolean authority, long days, List<String> names) {
        CertificateFacts facts = new CertificateFacts(
                "CN=x",
                "x",
                "CN=ca",
                BigInteger.ONE,
                NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(days)).plusSeconds(5),
                names,
                List.of(),
                List.of("serverAuth", "clientAuth"),
                authority,
                "EC 256",
                "ab");
        return new CertificateSeen(authority ? "ca.pem" : "cert.pem", authority, facts);
    }

    private static Report report(String primary, String... keys) {
        return new Report(primary, List.of(keys), true, true, "", true, "0.1.0");
    }

    private static MemberSeen member(String name, Report report) {
        return member(name, "alive", Optional.of(report), new Traffic(false, KEY));
    }

    private static MemberSeen member(String name, String status, Optional<Report> report, Traffic traffic) {
        return new MemberSeen(
                name, "10.0.0." + name.length() + ":8301", status, "", false, report, Optional.of(traffic), List.of());
    }

    private Diagnosis examine() {
        PoolSeen pool = new PoolSeen(
                members,
                8301,
                Optional.of(acked),
                Optional.of(ackedLarge),
                unreached,
                servers,
                upshifts,
                overdue,
                Optional.of(new Interface("eth0", mtu)));
        return Checklist.examine(Optional.of(agent), Optional.of(machine), Optional.of(pool), NOW);
    }

    private List<Finding> findings(String check) {
        return examine().checks().stream()
                .filter(one -> one.name().equals(check))
                .flatMap(one -> one.findings().stream())
                .toList();
    }

    private Finding only(String check) {
        List<Finding> findings = findings(check);
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void whereAllIsWellNothingIsFoundAndNothingLeftOut() {
        assertThat(examine().checks())
                .allSatisfy(
                        check -> assertThat(check.verdict()).as(check.name()).isEqualTo("ok"));
        assertThat(examine().worst()).isEmpty();
    }

    @Test
    void whatIsNotKnownIsLeftOutAndSaysWhy() {
        Diagnosis diagnosis = Checklist.examine(Optional.empty(), Optional.empty(), Optional.empty(), NOW);

        assertThat(diagnosis.checks()).allSatisfy(check -> {
            assertThat(check.verdict()).isEqualTo("skipped");
            assertThat(check.skipped()).isNotEmpty();
        });
    }

    @Test
    void anOpenAddressWithoutAccessControlIsAProblem() {
        agent = agent(List.of("0.0.0.0", "127.0.0.1"), false, true, true, true);

        assertThat(only("access").severity()).isEqualTo(Severity.PROBLEM);
        assertThat(only("access").where()).isEqualTo("http://0.0.0.0:8500");
        assertThat(only("access").mend()).contains("client_addr", "acl");
    }

    @Test
    void withAccessControlItIsTheClearTextThatIsWarnedOf() {
        agent = agent(List.of("::"), true, true, true, true);

        assertThat(only("access").severity()).isEqualTo(Severity.WARNING);
        assertThat(only("access").where()).isEqualTo("http://[::]:8500");
    }

    @Test
    void loopbackWithoutAccessControlIsWorthKnowing() {
        agent = agent(List.of("127.0.0.1", "::1"), false, true, true, true);
        assertThat(only("access").severity()).isEqualTo(Severity.NOTE);

        agent = agent(List.of(), false, true, true, true);
        assertThat(findings("access")).isEmpty();
    }

    @Test
    void anyCertificateThatCanPoseAsAServerIsAProblem() {
        agent = agent(List.of(), true, true, true, false);

        assertThat(only("tls").where()).isEqualTo("verify_server_hostname");
        assertThat(only("tls").severity()).isEqualTo(Severity.PROBLEM);
        assertThat(only("tls").mend()).isEqualTo("verify_server_hostname = true, then sotto reload");
    }

    @Test
    void filesThatOthersCanReadAreNamedWithTheCommandThatClosesThem() {
        machine = new MachineSeen(
                List.of(
                        file("/d", FileSeen.Kind.DATA_DIRECTORY, "rwxrwxr-x"),
                        file("/d/serf/local.keyring", FileSeen.Kind.KEYRING, "rw-r-----"),
                        file("/etc/it's mine.hcl", FileSeen.Kind.CONFIGURATION, "rw-r--r--"),
                        file("/k", FileSeen.Kind.TLS_KEY, "rw-------")),
                List.of(),
                List.of(),
                List.of());

        assertThat(findings("file-modes"))
                .extracting(Finding::mend)
                .containsExactly(
                        "chmod go-w /d", "chmod 600 /d/serf/local.keyring", "chmod 600 '/etc/it'\\''s mine.hcl'");
        assertThat(findings("file-modes").get(1).what()).contains("the gossip keys", "(rw-r-----)");
    }

    @Test
    void certificatesThatEndAreFoundBeforeTheyDo() {
        machine = new MachineSeen(
                List.of(),
                List.of(certificate(false, 12, List.of()), certificate(true, -3, List.of())),
                List.of(),
                List.of("open key.pem: no such file or directory"));

        assertThat(findings("certificates"))
                .extracting(finding -> finding.severity() + " " + finding.where() + " " + finding.what())
                .containsExactly(
                        "PROBLEM tls open key.pem: no such file or directory",
                        "PROBLEM ca.pem the authority ended at 2026-11-19T06:00:05Z",
                        "WARNING cert.pem the certificate ends in 12 days");
    }

    @Test
    void aServersNameBelongsToServersOnly() {
        machine = new MachineSeen(
                List.of(), List.of(certificate(false, 300, List.of("server.DC1.consul"))), List.of(), List.of());
        assertThat(only("certificates").what()).contains("is a server's certificate on an agent that is none");

        agent = new AgentSeen(
                "one", "dc1", "consul", true, List.of(), 0, true, true, true, true, true, true, true, true);
        assertThat(findings("certificates")).isEmpty();

        machine = new MachineSeen(
                List.of(), List.of(certificate(false, 300, List.of("*.dc1.consul"))), List.of(), List.of());
        assertThat(only("certificates").what()).contains("lacks the DNS name server.dc1.consul: it has *.dc1.consul");
        assertThat(only("certificates").mend()).startsWith("sotto tls cert create -server -dc dc1 -domain consul");
    }

    @Test
    void whoSendsNoAckCannotBeReachedOverUdp() {
        acked = Set.of("one");

        assertThat(only("udp").where()).isEqualTo("two");
        assertThat(only("udp").mend()).contains("UDP port 8301", "10.0.0.3:8301");
    }

    @Test
    void whoIsNotAliveNeedNotAnswer() {
        members = List.of(members.get(0), member("two", "failed", Optional.empty(), new Traffic(false, KEY)));
        acked = Set.of("one");

        assertThat(findings("udp")).isEmpty();
        assertThat(only("members").mend()).endsWith("sotto force-leave two");
    }

    @Test
    void whatFillsAPacketAndDoesNotComeThroughIsTheMtu() {
        ackedLarge = Set.of("one");
        mtu = 1280;

        assertThat(findings("mtu"))
                .extracting(Finding::mend)
                .containsExactly(
                        "ip link set dev eth0 mtu 1500",
                        "ping -M do -s 1400 10.0.0.3, and raise the MTU of the link that refuses it");
    }

    @Test
    void portsOfTcpAndServersOfTlsThatRefuseAreProblems() {
        unreached = Map.of("two", new Unreached("10.0.0.3:8301", "connection refused"));
        servers = Map.of(
                "srv", new ServerSeen("10.0.0.9:8300", "x509: certificate has expired", "mend it", Optional.empty()),
                "srw", new ServerSeen("10.0.0.8:8300", "", "", Optional.of(3L)));

        assertThat(only("tcp").what()).isEqualTo("10.0.0.3:8301: connection refused");
        assertThat(findings("servers"))
                .extracting(finding -> finding.severity() + " " + finding.where())
                .containsExactly("PROBLEM srv", "WARNING srw");
    }

    @Test
    void gossipWithoutAKeyIsOneProblemAndNotOneForEachMember() {
        agent = agent(List.of(), true, false, false, true);
        members = List.of(member("one", report("")), member("two", report("")));

        assertThat(only("plaintext").what()).contains("in the clear");
        assertThat(only("plaintext").mend()).startsWith("sotto keygen");
    }

    @Test
    void whoSendsInTheClearIsFoundByItsReportOrElseByItsTraffic() {
        agent = agent(List.of(), true, true, false, true);
        members = List.of(
                members.get(0),
                member("two", new Report(KEY, List.of(KEY), true, false, "", true, "0.1.0")),
                member("consul", "alive", Optional.empty(), new Traffic(true, "")),
                member("gone", "left", Optional.empty(), new Traffic(true, "")));
        overdue = 60;

        assertThat(findings("plaintext"))
                .filteredOn(finding -> finding.severity() == Severity.PROBLEM)
                .extracting(Finding::where)
                .containsExactly("two", "consul", "plaintext_until");
        assertThat(findings("plaintext"))
                .filteredOn(finding -> finding.severity() == Severity.NOTE)
                .extracting(Finding::where)
                .containsExactly("one");
    }

    @Test
    void aKeyThatSomebodyCannotOpenIsAProblemAndOneThatNobodyUsesIsWorthKnowing() {
        members = List.of(
                member("one", report(KEY, KEY)),
                member("two", report(KEY, KEY, "0000aaaa")),
                member("odd", report(OTHER, OTHER, KEY)));

        assertThat(findings("keys"))
                .extracting(finding -> finding.severity() + " " + finding.where() + ": " + finding.what())
                .containsExactly(
                        "PROBLEM one, two: cannot open what odd seals with key " + OTHER,
                        "WARNING odd: seals with key " + OTHER + ", most with " + KEY,
                        "NOTE 0000aaaa: is held and nobody seals with it");
    }

    @Test
    void anotherLabelAndRefusedPacketsAreFound() {
        members = List.of(
                members.get(0),
                members.get(1),
                new MemberSeen(
                        "odd",
                        "10.0.0.9:8301",
                        "alive",
                        "",
                        false,
                        Optional.of(new Report(KEY, List.of(KEY), true, true, "blue", false, "0.2.0")),
                        Optional.of(new Traffic(false, KEY)),
                        List.of("label", "no-key")));
        acked = Set.of("one", "two", "odd");
        ackedLarge = acked;

        assertThat(findings("labels"))
                .extracting(Finding::what)
                .containsExactly(
                        "sends the label \"blue\", most send no label",
                        "takes packets of other labels besides its own");
        assertThat(only("refused").what()).endsWith("label, no-key");
        assertThat(only("versions").what()).isEqualTo("sotto members run 0.1.0 on one, two; 0.2.0 on odd");
    }

    @Test
    void theWorstFindingOfAllDecides() {
        mtu = 1280;
        assertThat(examine().worst()).contains(Severity.WARNING);

        acked = Set.of();
        assertThat(examine().worst()).contains(Severity.PROBLEM);
        assertThat(examine().count(Severity.PROBLEM)).isEqualTo(2);
    }

    @Test
    void anUpshiftThatNobodyDrivesIsAProblemAndOneThatWaitsAWarning() {
        upshifts = List.of(
                new UpshiftSeen("tls", "one", "sending", false, false, "", List.of(), List.of()),
                new UpshiftSeen("gossip", "two", "ready", true, false, "", List.of("n5"), List.of()));

        assertThat(findings("upshifts"))
                .containsExactly(
                        Finding.problem(
                                "tls",
                                "stands half way, at sending, and nobody drives it: one did",
                                "sotto upshift tls run on any agent goes on with it, sotto upshift tls abort goes back"),
                        Finding.warning(
                                "gossip",
                                "stands half way, at ready, and waits for n5",
                                "sotto upshift gossip status says why, and what mends it"));
    }

    @Test
    void anUpshiftThatGoesOnOrWaitsToBeToldOrWentOnWithoutSomebodyIsTold() {
        upshifts = List.of(
                new UpshiftSeen("tls", "one", "none", true, false, "", List.of(), List.of()),
                new UpshiftSeen("tls", "one", "ready", true, true, "", List.of(), List.of()),
                new UpshiftSeen("tls", "one", "enforced", false, false, "finished", List.of(), List.of("n5")),
                new UpshiftSeen("tls", "one", "enforced", false, false, "finished", List.of(), List.of()),
                new UpshiftSeen("tls", "one", "ready", false, false, "undone", List.of(), List.of("n5")));

        assertThat(findings("upshifts"))
                .extracting(finding -> finding.severity() + ": " + finding.what())
                .containsExactly(
                        "WARNING: stands half way, at ready, and waits to be told to go on",
                        "WARNING: went on without n5, which cannot talk to the others until given what they have",
                        "NOTE: is under way, driven by one");
    }

    @Test
    void whatAnUpshiftChangedAndTheConfigurationDoesNotSayIsAWarning() {
        machine = new MachineSeen(
                List.of(),
                List.of(),
                List.of(new AppliedSeen("/d/upshift/applied.conf", List.of("tls.verify-outgoing = true"))),
                List.of());

        Finding found = only("upshifts");

        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.what()).endsWith("does not say yet: tls.verify-outgoing = true");
        assertThat(found.mend()).contains("sotto reload");
    }
}
