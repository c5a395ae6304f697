package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.json.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sotto doctor} against an agent of prepared answers, and against files. */
final class DoctorVerbTest {
    private static final String PING = "PUT /v1/agent/query/_serf_ping?timeout=2s";
    private static final String KEY = "c290dG8tcGFnZS1jaGVjay1ub3QtYS1zZWNyZXQtMTI=";

    @TempDir
    Path directory;

    private StubAgent agent;
    private ServerSocket gossip;
    private String self;

    @BeforeEach
    void start() throws Exception {
        gossip = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        self = """
                        {"Config":{"NodeName":"one","Datacenter":"dc1","Server":false},
                         "Member":{"Name":"one","Addr":"127.0.0.1","Port":%d},
                         "DebugConfig":{"HTTPAddrs":["tcp://127.0.0.1:8500"],"HTTPPort":8500,"DNSDomain":"consul.",
                          "ACLsEnabled":true,"ACLDefaultPolicy":"deny",
                          "EncryptVerifyIncoming":true,"EncryptVerifyOutgoing":true,"CertFile":"","CAFile":"","DataDir":"",
                          "VerifyIncoming":true,"VerifyOutgoing":true,"VerifyServerHostname":true,"CAPath":"/ca"},
                         "Stats":{"serf_lan":{"encrypted":"true"}}}
                        """.formatted(gossip.getLocalPort());
        agent = new StubAgent()
                .on("GET /v1/agent/self", 200, self)
                .on(
                        "GET /v1/agent/members?segment=_all",
                        200,
                        "[" + member("one", 1) + "," + member("two", 1) + "," + member("old", 3) + "]")
                .on("GET /v1/agent/gossip/status", 200, """
                        {"At":"2026-11-22T06:31:30Z","Plaintext":null,"Steps":[],"Members":[%s,%s]}
                        """.formatted(status("one", "true"), status("two", "true")))
                .on(PING, 200, ack("one") + ack("two"));
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        gossip.close();
    }

    private String member(String name, int status) {
        return """
                {"Name":"%s","Addr":"127.0.0.1","Port":%d,"Status":%d,"Tags":{"role":"node","build":"0.1.0:"}}""".formatted(name, gossip.getLocalPort(), status);
    }

    private static String status(String name, String seals) {
        return """
                {"Name":"%s","Presence":"alive","Sotto":true,"LastSealed":"2026-11-22T06:31:20Z","SealedWith":"01abcdef",
                 "LastPlain":"","Rejected":{},"Report":{"Primary":"01abcdef","Keys":["01abcdef"],"VerifyIncoming":true,
                 "VerifyOutgoing":%s,"Label":"","LabelEnforced":true,"LastPlaintext":"","Version":"0.1.0"}}""".formatted(name, seals);
    }

    private static String ack(String from) {
        return "{\"Type\":\"ack\",\"From\":\"" + from + "\"}\n";
    }

    private Shell.Ran doctor(String... more) {
        String[] words = new String[more.length + 3];
        words[0] = "doctor";
        words[1] = "-http-addr";
        words[2] = agent.address();
        System.arraycopy(more, 0, words, 3, more.length);
        return Shell.run(words);
    }

    @Test
    void aHealthyAgentHasNoFindingsAndEndsWithZero() {
        Shell.Ran ran = doctor();

        assertThat(ran.out()).isEqualTo("""
                ok       access, tls, file-modes, certificates, members, udp, tcp, mtu, plaintext, keys, labels, refused, upshifts, versions
                skipped  servers: no server was called by TLS

                0 problems, 0 warnings, 0 notes in 14 checks
                """);
        assertThat(ran.code()).isEqualTo(Exit.DONE);
    }

    @Test
    void accessControlThatAllowsWhatNoRuleDoesIsNone() throws Exception {
        agent.on("GET /v1/agent/self", 200, self.replace("\"deny\"", "\"allow\""));

        Shell.Ran ran = doctor();

        assertThat(ran.out())
                .contains("note     access: one: every user of this machine can ask the agent for anything");
        assertThat(ran.code()).isEqualTo(Exit.DONE);
    }

    @Test
    void whoDoesNotAckTwiceAndWhoSendsInTheClearAreProblemsWithWhatMendsThem() {
        agent.on(PING, 200, ack("one"));
        agent.on(
                "GET /v1/agent/gossip/status",
                200,
                "{\"Members\":[" + status("one", "true") + "," + status("two", "false") + "]}");

        Shell.Ran ran = doctor();

        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.out())
                .contains(
                        "problem  udp: two: no ack came back by gossip",
                        "problem  plaintext: two: sends gossip in the clear")
                .contains("         mend: encrypt_verify_outgoing = true there");
        assertThat(agent.asked().stream().filter(PING::equals))
                .as("small twice, large once")
                .hasSize(3);
    }

    @Test
    void aPortThatNothingListensOnIsFound() throws Exception {
        gossip.close();

        Shell.Ran ran = doctor();

        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.out())
                .contains("problem  tcp: one: 127.0.0.1:" + gossip.getLocalPort() + ": connection refused");
    }

    @Test
    void programsReadTheSameAsJson() throws Exception {
        agent.on(PING, 200, ack("one"));

        Json report = Json.parse(doctor("-format", "json").out());

        assertThat(report.get("problems").asLong()).isEqualTo(1);
        Json udp = report.get("checks").asElements().stream()
                .filter(check -> check.get("check").asText().equals("udp"))
                .findFirst()
                .orElseThrow();
        assertThat(udp.get("verdict").asText()).isEqualTo("problem");
        assertThat(udp.get("findings").asElements().get(0).get("where").asText())
                .isEqualTo("two");
    }

    @Test
    void anAgentOfAnotherMakeIsAskedForWhatItHas() {
        agent.on("GET /v1/agent/gossip/status", 404, "");
        agent.on(PING, 404, "");

        Shell.Ran ran = doctor();

        assertThat(ran.code()).isEqualTo(Exit.DONE);
        assertThat(ran.out()).contains("skipped  udp: this agent cannot ask its pool for acks");
    }

    @Test
    void aRefusalOfTheAgentIsNotADiagnosis() {
        agent.on("GET /v1/agent/self", 403, "Permission denied");

        Shell.Ran ran = doctor();

        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("Error asking the agent: Unexpected response code: 403 (Permission denied)\n");
    }

    @Test
    void filesAreLookedAtWithoutAnAgent() throws Exception {
        Path ring = Files.createDirectories(directory.resolve("data/serf")).resolve("local.keyring");
        Files.writeString(ring, "[]");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-r--r--"));
        Path configuration = directory.resolve("a.hcl");
        Files.writeString(
                configuration, "data_dir = \"" + directory.resolve("data") + "\"\nencrypt = \"" + KEY + "\"\n");
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));

        Shell.Ran ran = Shell.run("doctor", "-local", configuration.toString());

        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.out())
                .contains(
                        "mend: chmod 600 " + ring,
                        "mend: chmod 600 " + configuration,
                        "skipped  udp: no agent was asked")
                .doesNotContain(KEY);
    }

    @Test
    void withoutAnAgentThatAnswersTheFilesAreToldOfAndTheCodeSaysSo() throws Exception {
        agent.close();
        Path configuration = directory.resolve("a.hcl");
        Files.writeString(configuration, "data_dir = \"" + directory + "\"\n");

        Shell.Ran ran = doctor(configuration.toString());

        assertThat(ran.code()).isEqualTo(Exit.UNREACHABLE);
        assertThat(ran.out()).contains("skipped  members: no agent was asked");
        assertThat(ran.err()).contains("Error asking the agent:");
    }

    @Test
    void localNeedsFiles() {
        assertThat(doctor("-local").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void anUpshiftThatNobodyDrivesIsFoundAndWhatOneLeftInTheDataDirectory() throws Exception {
        Path applied = directory.resolve("upshift/applied.conf");
        Files.createDirectory(directory.resolve("upshift"));
        Files.writeString(applied, "# laid over\ntls.verify-outgoing = true\n");
        Files.setPosixFilePermissions(applied, PosixFilePermissions.fromString("rw-------"));
        agent.on("GET /v1/agent/self", 200, self.replace("\"DataDir\":\"\"", "\"DataDir\":\"" + directory + "\""))
                .on(
                        "GET /v1/operator/upshift/tls",
                        200,
                        "{\"Id\":\"7f3a\",\"Driver\":\"two\",\"Confirmed\":\"sending\",\"UnderWay\":false,"
                                + "\"WaitingForNext\":false,\"Outcome\":\"\",\"WaitingFor\":{},\"Without\":{}}")
                .on("GET /v1/operator/upshift/gossip", 200, "{\"Id\":\"\"}");

        Shell.Ran ran = doctor();

        assertThat(ran.out())
                .contains("problem  upshifts: tls: stands half way, at sending, and nobody drives it: two did")
                .contains("warning  upshifts: " + applied + ": holds what upshifts changed")
                .contains("does not say yet: tls.verify-outgoing = true")
                .contains("mend: sotto upshift tls run on any agent");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
    }
}
