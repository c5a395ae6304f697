package io.sotto.agent.http;

import io.sotto.agent.golden.Deviations;
import io.sotto.agent.golden.Exchange;
import io.sotto.agent.golden.Told;
import java.nio.file.Path;
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
 * Every exchange of {@code golden/http-agent}, {@code http-misc} and {@code http-keyring}, put to a sotto server and to a sotto
 * client agent in the order in which the real ones were asked.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenAnswersTest {
    private static final String KEY = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String NOTHING = "\\(nothing\\)";
    private static final List<String> FILES = List.of("http-agent.txt", "http-misc.txt", "http-keyring.txt");

    @TempDir
    private static Path directory;

    private final Map<String, Told> ours = new LinkedHashMap<>();
    private final Deviations deviations = deviations();

    private static Deviations deviations() {
        String self = "http-agent.txt \\d+: GET /v1/agent/self # .*";
        String ofServer = "http-agent.txt \\d+: GET /v1/agent/self # srv";
        String metrics = ".*GET /v1/agent/metrics.*";
        return new Deviations()
                .varies(self, "\\.Coord\\..*", "-?[0-9.]+", "where in the space of round trips an agent is")
                .varies(self, "\\.Stats\\.runtime\\..*", ".*", "the machine and what runs on it")
                .varies(".*/event/fire/foo\\?node.*", "\\.ID", "\"[0-9a-f-]{36}\"", "each event has an id of its own")
                .differs(
                        self, "\\.DebugConfig\\..*", NOTHING, "| `DebugConfig` | all settings | those that sotto has |")
                .differs(
                        ofServer,
                        "\\.DebugConfig\\.(LeaveOnTerm|SkipLeaveOnInt)",
                        "true|false",
                        "| a signal ends a server | it does not leave, for the sake of its vote | it leaves |")
                .differs(
                        ofServer,
                        "\\.Stats\\.consul\\.(bootstrap|leader|leader_addr)",
                        "\"false\"|\"\"",
                        "| `Stats` of a server | `raft`, and who leads | no `raft`; nobody leads |")
                .differs(
                        ofServer,
                        "\\.Stats\\.raft.*",
                        NOTHING,
                        "| `Stats` of a server | `raft`, and who leads | no `raft`; nobody leads |")
                .differs(
                        metrics,
                        "\\.(Gauges|Counters|Samples)\\[.*",
                        ".*",
                        "| `/v1/agent/metrics` | Consul's metrics | the same shape with [sotto's own](metrics.md) |")
                .differs(
                        ".*GET /v1/status/(leader|peers) # srv",
                        "|\\[0]",
                        "\"\"|" + NOTHING,
                        "| `Status.Leader`, `Status.Peers` | the leader, the peers | `\"\"` and none")
                .differs(
                        ".*GET /v1/coordinate/nodes # srv",
                        "\\[0].*",
                        ".*",
                        "what agents sent, else what gossip knows, at once")
                .differs(
                        ".*GET /v1/catalog/nodes\\?dc=bad # srv",
                        "body 1",
                        "rpc error making call: No path to datacenter",
                        "| its own agent is asked for what it refuses | the text | `rpc error making call: ` and the text |")
                .differs(
                        ".*GET /v1/operator/keyring # cli",
                        ".*",
                        ".*",
                        "| `keyring`, asked of a client agent | refuses | acts on the pool that it is a member of |");
    }

    static Stream<Exchange> exchanges() {
        return FILES.stream().flatMap(file -> Exchange.of(file).stream());
    }

    @BeforeAll
    void askAll() throws Exception {
        for (String file : FILES) {
            try (GoldenDatacenter datacenter = new GoldenDatacenter(directory, KEY).queues(1, 0, 0)) {
                for (Exchange exchange : Exchange.of(file)) {
                    ours.put(exchange.toString(), ask(datacenter, exchange));
                }
            }
        }
    }

    private static Told ask(GoldenDatacenter datacenter, Exchange exchange) {
        String[] request = exchange.request().split(" ", 3);
        String body = request.length > 2 ? request[2].substring("body=".length()) : "";
        GoldenAgent.Reply reply = datacenter.agent(exchange.agent()).ask(request[0], request[1], body);
        return Told.answer(reply.status(), reply.contentType(), reply.body());
    }

    private Told ours(Exchange exchange) {
        return Optional.ofNullable(ours.get(exchange.toString())).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyAnswerIsTheRealOneOrDiffersAsThePageSays(Exchange exchange) {
        deviations.check(exchange, ours(exchange));
    }

    @Test
    void everyListedDifferenceIsThereAndOnThePage() {
        exchanges().forEach(exchange -> deviations.check(exchange, ours(exchange)));
        deviations.checkRows();
    }
}
