package io.sotto.agent.cli;

import io.sotto.agent.golden.Deviations;
import io.sotto.agent.golden.Exchange;
import io.sotto.agent.golden.Told;
import io.sotto.agent.http.GoldenAgent;
import io.sotto.agent.http.GoldenDatacenter;
import io.sotto.cluster.Member;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every exchange of {@code golden/cli-*} and {@code exec-session}: our verbs, asking sotto's own agents over HTTP, in the order in
 * which the real tool was called. Remote execution is against a store that holds what the real nodes wrote.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenCommandsTest {
    private static final String OLD = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final List<String> FILES = List.of(
            "cli-failed.txt",
            "cli-info.txt",
            "cli-keyring.txt",
            "cli-leave.txt",
            "cli-members.txt",
            "cli-misc.txt",
            "exec-session.txt");

    @TempDir
    private static Path directory;

    private final Map<String, Told> ours = new LinkedHashMap<>();
    private final Deviations deviations = deviations();

    private static Deviations deviations() {
        String usage = "| a verb lacks what it needs | the reason, its usage | the reason, the usage of ours |";
        String none = "| `catalog`, `kv`, `operator raft` and other verbs about what servers keep | there | not there; "
                + "Consul's own tool does them through a sotto agent |";
        String raft = "| `Stats` of a server | `raft`, and who leads | no `raft`; nobody leads |";
        return new Deviations()
                .varies("cli-info.*", "runtime\\..*", ".*", "the machine and what runs on it")
                .varies("cli-misc.*: event -name .*", "out 1", "Event ID: [0-9a-f-]{36}", "each event has its own id")
                .differs("cli-info.* # srv", "consul\\.(bootstrap|leader|leader_addr)", "false|", raft)
                .differs("cli-info.* # srv", "raft.*", "\\(nothing\\)", raft)
                .differs("cli-keyring.*: keyring # srv", "err .*", ".*", usage)
                .differs("cli-misc.*: (join|event|force-leave) # srv", "err ([3-9]|\\d\\d)", ".*", usage)
                .differs(
                        "cli-keyring.*: keyring -list # cli",
                        ".*",
                        ".*",
                        "| `keyring`, asked of a client agent | refuses | acts on the pool that it is a member of |")
                .differs(
                        "cli-misc.*: rtt srv cli.*",
                        "err 1",
                        "Could not find a coordinate for node \"cli\"",
                        "what agents sent, else what gossip knows, at once")
                .differs(
                        "cli-misc.*: reload.*",
                        "out .*",
                        "  nothing changed|\\(nothing\\)|",
                        "| `reload` | one line | and below it what changed, and what needs a restart |")
                .differs(
                        "cli-misc.*: version.*",
                        "out .*",
                        "sotto v.*|Protocol 2 spoken by default, understands 2 to 3|\\(nothing\\)",
                        "| `version` | Consul's | sotto's, without the words in brackets |")
                .differs("cli-misc.*: (catalog|operator raft) .*", ".*", ".*", none);
    }

    static Stream<Exchange> exchanges() {
        return FILES.stream().flatMap(file -> Exchange.of(file).stream());
    }

    @BeforeAll
    void doAll() throws Exception {
        for (String file : FILES) {
            try (GoldenDatacenter datacenter = asFor(file);
                    GoldenAgent.Listening srv = datacenter.agent("srv").listen();
                    GoldenAgent.Listening cli = datacenter.agent("cli").listen()) {
                for (Exchange exchange : Exchange.of(file)) {
                    String address = exchange.agent().equals("cli") ? cli.address() : srv.address();
                    ours.put(
                            exchange.toString(),
                            exchange.isCall() ? call(exchange, address) : ask(datacenter, exchange));
                }
            }
        }
    }

    private static GoldenDatacenter asFor(String file) throws Exception {
        GoldenDatacenter datacenter =
                new GoldenDatacenter(directory, OLD).clocks(2, 2).queues(0, 2, 3);
        return file.equals("cli-failed.txt") ? datacenter.seeing("cli", Member.Status.FAILED) : datacenter;
    }

    private static Told ask(GoldenDatacenter datacenter, Exchange exchange) {
        String[] request = exchange.request().split(" ", 2);
        GoldenAgent.Reply reply = datacenter.agent(exchange.agent()).ask(request[0], request[1], "");
        return Told.answer(reply.status(), reply.contentType(), reply.body());
    }

    private static Told call(Exchange exchange, String address) throws Exception {
        List<String> words = new ArrayList<>(List.of(exchange.request().trim().split(" ", -1)));
        if (words.get(0).equals("exec")) {
            return exec(words);
        }
        return told(Shell.run(Map.of("SOTTO_HTTP_ADDR", address), words.toArray(String[]::new)));
    }

    /** Nothing tells how long it was waited for. */
    private static Told exec(List<String> words) throws Exception {
        int wait = words.indexOf("-wait");
        if (wait > 0) {
            words.subList(wait, wait + 2).clear();
        }
        words.addAll(1, List.of("-wait", "50ms", "-wait-repl", "0s"));
        String line = String.join(" ", words);
        try (StubStore store = new StubStore()) {
            if (line.contains("echo hi")) {
                node(store, "cli", "hi\n", 0);
            } else if (line.contains("uptime")) {
                node(store, "dd", "up 32 minutes\n", 0);
            } else if (line.contains("exit 3")) {
                node(store, "dd", "\nerr\n", 3);
            }
            return told(Shell.run(Map.of("SOTTO_HTTP_ADDR", store.address()), words.toArray(String[]::new)));
        }
    }

    private static void node(StubStore store, String node, String output, int exit) {
        store.atEvent(node + "/ack", "")
                .atEvent(node + "/out/00000", output)
                .atEvent(node + "/exit", Integer.toString(exit));
    }

    private static Told told(Shell.Ran ran) {
        return Told.printed(ran.code(), ran.out(), ran.err());
    }

    private Told ours(Exchange exchange) {
        return Optional.ofNullable(ours.get(exchange.toString())).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyVerbPrintsWhatTheRealToolDoesOrDiffersAsThePageSays(Exchange exchange) {
        deviations.check(exchange, ours(exchange));
    }

    @Test
    void everyListedDifferenceIsThereAndOnThePage() {
        exchanges().forEach(exchange -> deviations.check(exchange, ours(exchange)));
        deviations.checkRows();
    }
}
