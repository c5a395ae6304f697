package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Commands on the agents of a real datacenter, by the real tool and by ours, through agents of both kinds: a real server and a
 * sotto agent allow them, a real client and another sotto agent are as they come out of the box.
 */
@NeedsPeer("consul")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsulExecIT {
    private static final String WAIT = "-wait=1200ms";
    private static final String REPLICATION = "-wait-repl=200ms";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String REFUSED = "agent: ignoring remote exec event, disabled.: event_name=_rexec event_id=";

    private final Pool pool = new Pool("exec");
    private final Path directory = NodeFiles.directory("consul exec");
    private final ConsulProcess server = real("server-1", ConsulProcess.Role.SERVER)
            .with("bootstrap_expect", 1)
            .with("performance", Map.of("raft_multiplier", 1))
            .with("disable_remote_exec", false);
    private final ConsulProcess client = real("client-1", ConsulProcess.Role.CLIENT);
    private final AgentProcess allowing = sotto("sotto-yes")
            .with("disable_remote_exec", false)
            .reading(NodeFiles.write(
                    directory.resolve("bounds.conf"), "sotto.remote-exec { timeout = 3s, output-max = 30000 }"));
    private final AgentProcess refusing = sotto("sotto-no");

    private ConsulProcess real(String name, ConsulProcess.Role role) {
        return new ConsulProcess(name, Site.ipv4(Site.CONSUL_PORT), directory, role, Optional.empty());
    }

    private AgentProcess sotto(String name) {
        return new AgentProcess(
                name, Site.ipv4(Site.CONSUL_PORT), directory.resolve("sotto"), "consul-client", Optional.empty());
    }

    @BeforeAll
    void form() {
        pool.start(server);
        List.of(client, allowing, refusing).forEach(pool::start);
        // A session can be had only at a node that the catalog has.
        Awaitility.await("the datacenter is whole")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(server.api().get("/v1/catalog/nodes").findValuesAsText("Node"))
                                .contains("server-1", "client-1", "sotto-yes", "sotto-no"));
    }

    @AfterAll
    void close() {
        pool.close();
    }

    /** Both tools, each through an agent of the other kind, which do not differ but in the order of nodes. */
    private List<Command> byBoth(String... words) {
        return List.of(byReal(refusing.api(), words), byOurs(client.api(), words));
    }

    private static Command byReal(HttpApi through, String... words) {
        List<String> all = new ArrayList<>(List.of(
                Peers.program("consul").toString(),
                "exec",
                "-http-addr=http://" + through.address(),
                WAIT,
                REPLICATION));
        all.addAll(List.of(words));
        return Command.run(all);
    }

    private static Command byOurs(HttpApi through, String... words) {
        List<String> all = new ArrayList<>(List.of("-http-addr", through.address(), WAIT, REPLICATION));
        all.addAll(List.of(words));
        return Command.run(SottoProgram.verb("exec", all.toArray(String[]::new)));
    }

    @Test
    void whoAllowsItRunsItAndTheOthersSayThatTheyDoNot() {
        for (Command ran : byBoth("echo out; echo err >&2; exit 3")) {
            assertThat(ran.out().lines())
                    .as("%s", ran)
                    .containsExactlyInAnyOrder(
                            "    server-1: out",
                            "    server-1: err",
                            "    server-1:",
                            "==> server-1: finished with exit code 3",
                            "    sotto-yes: out",
                            "    sotto-yes: err",
                            "    sotto-yes:",
                            "==> sotto-yes: finished with exit code 3",
                            "2 / 2 node(s) completed / acknowledged");
            assertThat(ran.exit()).isEqualTo(2);
        }
        assertThat(client.log()).contains(REFUSED);
        assertThat(refusing.log()).contains(REFUSED);
        assertThat(server.api().get("/v1/session/list")).isEmpty();
        assertThat(server.api().ask("/v1/kv/_rexec?recurse").statusCode())
                .as("what is left of the jobs")
                .isEqualTo(404);
    }

    @Test
    void eachRunIsOnRecordWithoutItsWords() {
        byReal(server.api(), "-node=sotto-yes", "echo hunter2 >/dev/null");
        List<String> record =
                allowing.log().lines().filter(line -> line.contains("audit: ")).toList();
        assertThat(record)
                .anyMatch(line -> line.matches(".*audit: remote exec: from=server-1 session=\\S+ event_id=\\S+"
                        + " form=SHELL digest=[0-9a-f]{12} outcome=exited detail=\"exit code 0\".*"));
        assertThat(allowing.log()).doesNotContain("hunter2");
    }

    @Test
    void wordsAndScriptsComeAsTheyAre() {
        for (Command ran : byBoth("-node=sotto-yes", "-shell=false", "echo", "$HOME", "a  b")) {
            assertThat(ran.out())
                    .startsWith("    sotto-yes: $HOME a  b\n")
                    .endsWith("1 / 1 node(s) completed / acknowledged\n");
            assertThat(ran.exit()).isZero();
        }
        String tool = Peers.program("consul") + " exec -http-addr=http://"
                + server.api().address() + " " + WAIT + " -node=sotto-yes -";
        Command script = Command.run(List.of("sh", "-c", "printf 'for i in 1 2; do echo $i; done\\n' | " + tool));
        assertThat(script.out()).startsWith("    sotto-yes: 1\n    sotto-yes: 2\n    sotto-yes:\n");
    }

    @Test
    void muchOutputComesWholeFromTheRealOneAndUpToTheBoundFromOurs() {
        Command ran = byOurs(server.api(), "seq 1 8000");
        assertThat(ran.out()).contains("    server-1: 8000\n").doesNotContain("    sotto-yes: 8000\n");
        assertThat(ran.out()).contains("    sotto-yes: 6000\n", "more bytes of output left out]");
        assertThat(allowing.api().metric("sotto_agent_exec_dropped_bytes")).isPositive();
    }

    /** What has ended may wait for its parent to look. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && process.info().command().isPresent())
                .isPresent();
    }

    @Test
    void aCommandThatTakesTooLongEndsWithAllThatItStarted() {
        Command ran = byReal(server.api(), "-node=sotto-yes", "sleep 987654 & echo $!; wait");
        assertThat(ran.out()).contains("[ended after 3 s", "==> sotto-yes: finished with exit code 124");
        assertThat(ran.exit()).isEqualTo(2);
        long started = ran.out()
                .lines()
                .map(line -> line.replaceFirst("^\\s+sotto-yes: ", ""))
                .filter(line -> line.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
        assertThat(runs(started))
                .as("whether what the command started still runs")
                .isFalse();
    }
}
