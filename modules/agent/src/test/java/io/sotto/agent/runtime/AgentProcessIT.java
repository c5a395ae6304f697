package io.sotto.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged agent as the operating system sees it: exit codes, signals, and what it prints. */
@Timeout(180)
class AgentProcessIT {
    private static final String RUNNING = "==> sotto agent running!";
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String OTHER_KEY = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";

    @TempDir
    private Path directory;

    private AgentProgram agent(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("-dev", "-http-port=0", "-serf-lan-port=0"));
        all.addAll(Arrays.asList(words));
        return AgentProgram.start(directory, all.toArray(String[]::new));
    }

    private static int put(String address, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @ParameterizedTest
    @CsvSource({"TERM, terminated", "INT, interrupt"})
    void leavesGracefullyOnASignalAndEndsWithZero(String signal, String word) throws Exception {
        try (AgentProgram agent = agent().untilItSays(RUNNING)) {
            agent.signal(signal);
            assertThat(agent.exitCode()).isZero();
            assertThat(agent.output())
                    .contains("[INFO]  agent: Caught: signal=" + word)
                    .contains("[INFO]  agent: Gracefully shutting down agent...")
                    .contains("[INFO]  agent.client: client starting leave")
                    .contains("[INFO]  agent: Exit code: code=0");
        }
    }

    @Test
    void aSecondSignalEndsAtOnceWithOne() throws Exception {
        try (AgentProgram agent = agent().untilItSays(RUNNING)) {
            agent.signal("TERM");
            agent.untilItSays("client starting leave");
            agent.signal("TERM");
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output()).doesNotContain("shutdown complete");
        }
    }

    @Test
    void doesNotLeaveOnASignalThatIsSetNotTo() throws Exception {
        Path file = Files.writeString(directory.resolve("quick.json"), "{\"skip_leave_on_interrupt\": true}");
        try (AgentProgram agent = agent("-config-file", file.toString()).untilItSays(RUNNING)) {
            agent.signal("INT");
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output())
                    .contains("[INFO]  agent: Graceful shutdown disabled. Exiting")
                    .doesNotContain("client starting leave");
        }
    }

    @Test
    void answersALeaveBeforeItEndsWithZero() throws Exception {
        try (AgentProgram agent = agent().untilItSays(RUNNING)) {
            assertThat(put(agent.http(), "/v1/agent/leave")).isEqualTo(200);
            assertThat(agent.exitCode()).isZero();
        }
    }

    @Test
    void aHangupReadsTheConfigurationAgain() throws Exception {
        Path file = Files.writeString(directory.resolve("level.json"), "{\"log_level\": \"INFO\"}");
        try (AgentProgram agent = agent("-config-file", file.toString()).untilItSays(RUNNING)) {
            Files.writeString(file, "{\"log_level\": \"DEBUG\", \"datacenter\": \"elsewhere\"}");
            agent.signal("HUP");
            agent.untilItSays("[INFO]  agent: Changed: log_level=DEBUG")
                    .untilItSays("[WARN]  agent: Changed, but needs a restart: datacenter");

            Files.writeString(file, "{\"bogus_key\": 1}");
            assertThat(put(agent.http(), "/v1/agent/reload")).isEqualTo(500);
            agent.untilItSays("[ERROR] agent: Reload config failed").untilItSays("invalid config key bogus_key");
            agent.signal("TERM");
            assertThat(agent.exitCode()).isZero();
        }
    }

    @Test
    void aTakenHttpPortEndsTheStartWithTheReason() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (AgentProgram agent =
                    AgentProgram.start(directory, "-dev", "-serf-lan-port=0", "-http-port=" + taken.getLocalPort())) {
                assertThat(agent.exitCode()).isEqualTo(1);
                assertThat(agent.output())
                        .contains("[ERROR] agent: Error starting agent: error=\"Failed to start HTTP server: listen tcp"
                                + " 127.0.0.1:" + taken.getLocalPort() + ": bind: address already in use\"")
                        .doesNotContain(RUNNING)
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void aTakenGossipPortEndsTheStartWithTheReason() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (AgentProgram agent =
                    AgentProgram.start(directory, "-dev", "-http-port=0", "-serf-lan-port=" + taken.getLocalPort())) {
                assertThat(agent.exitCode()).isEqualTo(1);
                assertThat(agent.output())
                        .contains("[ERROR] agent: Error starting agent: error=\"")
                        .containsIgnoringCase("address already in use")
                        .doesNotContain(RUNNING);
            }
        }
    }

    @Test
    void keepsItsIdAndItsKeyAndSaysWhenTheRingWins() throws Exception {
        Path dataDir = directory.resolve("data");
        String[] words = {
            "-bind=127.0.0.1", "-http-port=0", "-serf-lan-port=0", "-data-dir=" + dataDir, "-encrypt=" + KEY
        };
        try (AgentProgram first = AgentProgram.start(directory, words).untilItSays(RUNNING)) {
            first.signal("TERM");
            assertThat(first.exitCode()).isZero();
            assertThat(first.output()).doesNotContain("WARNING").doesNotContain(KEY);
        }
        String id = Files.readString(dataDir.resolve("node-id"));
        assertThat(dataDir.resolve("serf/local.keyring")).hasContent("[\"" + KEY + "\"]");

        words[4] = "-encrypt=" + OTHER_KEY;
        try (AgentProgram second = AgentProgram.start(directory, words).untilItSays(RUNNING)) {
            assertThat(second.output())
                    .contains("==> WARNING: LAN keyring exists but -encrypt given, using keyring\n")
                    .contains("[WARN]  agent:  keyring doesn't include key provided with -encrypt, using keyring:"
                            + " keyring=LAN\n")
                    .contains("Node ID: '" + id + "'")
                    .containsOnlyOnce("doesn't include key")
                    .doesNotContain(KEY)
                    .doesNotContain(OTHER_KEY);
            second.signal("TERM");
            assertThat(second.exitCode()).isZero();
        }
    }

    @Test
    void aRingThatHoldsNoKeyEndsTheStartWithTheReason() throws Exception {
        Path ring = directory.resolve("data/serf/local.keyring");
        Files.createDirectories(ring.getParent());
        Files.writeString(ring, "[]");
        Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-------"));
        try (AgentProgram agent = AgentProgram.start(
                directory,
                "-bind=127.0.0.1",
                "-http-port=0",
                "-serf-lan-port=0",
                "-data-dir=" + directory.resolve("data"))) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output())
                    .contains(
                            "[ERROR] agent: Error starting agent: error=\"Failed to configure keyring: no keys present in"
                                    + " keyring: " + ring + "\"");
        }
    }

    @Test
    void joiningAnotherDatacenterIsRefusedAndChangesNothingThere() throws Exception {
        try (AgentProgram there = agent("-node=there", "-encrypt=" + KEY).untilItSays(RUNNING);
                AgentProgram lost =
                        agent("-node=lost", "-encrypt=" + KEY, "-datacenter=dc9", "-join=" + there.gossip())) {
            assertThat(lost.exitCode()).isEqualTo(1);
            assertThat(lost.output()).contains("Member 'there' part of wrong datacenter 'dc1'");
            assertThat(there.output()).doesNotContain("EventMemberJoin: lost");
        }
    }
}
