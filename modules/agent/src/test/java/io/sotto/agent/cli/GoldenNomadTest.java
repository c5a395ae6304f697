package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.golden.Deviations;
import io.sotto.agent.golden.Exchange;
import io.sotto.agent.golden.Told;
import io.sotto.agent.http.GoldenAgent;
import io.sotto.agent.http.GoldenRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every exchange of {@code golden/nomad-session}: calls of the tool, requests over HTTP, and keys that an agent is started with. The
 * capture says nothing of the ends of what was printed, and has tags in the order of chance.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenNomadTest {
    private static final String FILE = "nomad-session.txt";
    private static final String SHORT = "4kRkFQfcc3LU0BazP1ca+w==";
    /** What the requests over HTTP were about. */
    private static final String MIDDLE = "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4";

    private static final Pattern EXCHANGE = Pattern.compile(
            "^\\$ nomad (?<call>.*?) {3}# (?<agent>\\w+)\\n(?<out>.*?)(?:^\\[stderr] (?<err>.*?))?\\[exit (?<code>\\d+)](?:\\n|\\z)"
                    + "|^(?<http>(?:GET|PUT) \\S+) (?<status>\\d+) (?<body>\\{.*?)\\n"
                    + "|^key (?<key>\\S+) (?:exit )?(?<end>1|started) (?<said>\\[.*?)\\n",
            Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern REASON =
            Pattern.compile("illegal base64 data at input byte \\d+|key size must be 16, 24 or 32 bytes");

    /** What the file tells besides: how agents start, what they log, and remarks. */
    private static final Pattern NARRATION = Pattern.compile(
            "up True|==> .*| {3}.*|16-byte key log: .*|keyring file .*|file after ops .*|.* logs \\[.*|32B joiner .*"
                    + "|restart w/ .*|WARNING: .*|\\S+->\\S+: joiner .*|SIGINT tail .*|");

    @TempDir
    private static Path directory;

    private final Map<String, Told> ours = new LinkedHashMap<>();
    private final Deviations deviations = deviations();

    private static Deviations deviations() {
        String unreached = "| a verb cannot reach the agent | exit code 1 | 4, as all verbs here |";
        String leader = "| somebody asks for the leader of its region | whoever the quorum elected "
                + "| the first sotto node by name |";
        String unreachable = ".*: (server members # (n3|m2)|operator keyring -list # m2)";
        return new Deviations()
                .differs(".*-detailed # n1", "out 2", ".*,sotto=0.1.0,.*", "| a server's tags | Nomad's | and `sotto`")
                .differs(
                        ".*GET /v1/agent/members.*",
                        ".*",
                        ".*",
                        "| `/v1/agent/members` | Nomad's shape | Consul's, which `sotto server members` reads as well |")
                .differs(unreachable, "exit", "4", unreached)
                .differs(unreachable, "err 2", "Is an agent running at .*", "| no agent answers | exit code 1 | 4")
                .differs(".*: operator keyring # n1", "err 3", "For additional help try 'sotto .*", "the usage of ours")
                .differs(".*: server join .*", ".*", ".*", "| `server join` | there | `sotto join` |")
                .differs(".* 3\\d: server members # r2", "exit|out 2|err .*", ".*", leader);
    }

    static Stream<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>();
        Matcher found = EXCHANGE.matcher(Golden.text(FILE));
        while (found.find()) {
            int number = exchanges.size() + 1;
            if (found.group("call") != null) {
                Told real = printed(
                        Integer.parseInt(found.group("code")),
                        found.group("out"),
                        Optional.ofNullable(found.group("err")).orElse(""));
                exchanges.add(new Exchange(FILE, number, found.group("call"), found.group("agent"), true, real));
            } else if (found.group("http") != null) {
                Told real =
                        Told.answer(Integer.parseInt(found.group("status")), "application/json", found.group("body"));
                exchanges.add(new Exchange(FILE, number, found.group("http"), "n1", false, real));
            } else {
                Told real = started(found.group("end"), found.group("said"));
                exchanges.add(new Exchange(FILE, number, "key " + found.group("key"), "n4", false, real));
            }
        }
        return exchanges.stream();
    }

    private static Told printed(int exit, String out, String err) {
        String sorted =
                out.stripTrailing().lines().map(GoldenNomadTest::withSortedTags).collect(Collectors.joining("\n"));
        return Told.printed(exit, sorted, err.stripTrailing());
    }

    private static String withSortedTags(String line) {
        int tags = line.lastIndexOf(' ') + 1;
        return line.contains("role=")
                ? line.substring(0, tags)
                        + Arrays.stream(line.substring(tags).split(",", -1))
                                .sorted()
                                .collect(Collectors.joining(","))
                : line;
    }

    private static Told started(String end, String said) {
        Matcher reason = REASON.matcher(said);
        return new Told(Map.of("end", end, "reason", reason.find() ? reason.group() : ""));
    }

    @BeforeAll
    void doAll() throws Exception {
        GoldenRegion region = new GoldenRegion(SHORT);
        boolean isSecondThere = false;
        for (Exchange exchange : exchanges().toList()) {
            isSecondThere |= exchange.number() > 3;
            String[] servers = exchange.agent().startsWith("r")
                    ? new String[] {"r1.eu", "r2.us"}
                    : exchange.number() > 20
                            ? new String[] {"n1.global", "n2.global", "n3.global"}
                            : isSecondThere ? new String[] {"n1.global", "n2.global"} : new String[] {"n1.global"};
            String self = exchange.agent().equals("r2") ? servers[1] : servers[0];
            ours.put(exchange.toString(), told(exchange, region.agent(self, servers)));
        }
    }

    private static Told told(Exchange exchange, GoldenAgent agent) throws Exception {
        String request = exchange.request();
        if (request.startsWith("key ")) {
            return start(request.substring("key ".length()));
        }
        if (!exchange.isCall()) {
            String[] parts = request.split(" ", 2);
            GoldenAgent.Reply reply = agent.ask(parts[0], parts[1], "{\"Key\": \"" + MIDDLE + "\"}");
            return Told.answer(reply.status(), reply.contentType(), reply.body());
        }
        GoldenAgent.Listening socket = agent.listen();
        try (socket) {
            String address = socket.address();
            boolean isGone = exchange.agent().matches("n3|m2");
            if (isGone) {
                socket.close();
            }
            Shell.Ran ran = Shell.run(Map.of("NOMAD_ADDR", "http://" + address), request.split(" ", -1));
            String real = exchange.agent().equals("n3") ? "127.0.21.63:4646" : "127.0.21.62:4646";
            return printed(ran.code(), ran.out(), ran.err().replace(address, real));
        }
    }

    /** What comes of a server's file with this key. */
    private static Told start(String key) throws Exception {
        Path file = Files.writeString(directory.resolve("server.hcl"), """
                data_dir = "/tmp/nomad"
                name = "n4"
                server {
                  enabled = true
                  encrypt = "%s"
                }
                """.formatted(key));
        LoadResult result = new SettingsLoader(() -> "n4", () -> "")
                .load(new SettingsRequest(List.of(file.toString()), Optional.empty(), List.of(), Map.of(), false));
        return result instanceof LoadResult.Refused refused
                ? started("1", refused.faults().toString())
                : started("started", "");
    }

    private Told ours(Exchange exchange) {
        return Optional.ofNullable(ours.get(exchange.toString())).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyExchangeIsTheRealOneOrDiffersAsThePageSays(Exchange exchange) {
        deviations.check(exchange, ours(exchange));
    }

    @Test
    void everyListedDifferenceIsThereAndOnThePage() {
        exchanges().forEach(exchange -> deviations.check(exchange, ours(exchange)));
        deviations.checkRows();
    }

    @Test
    void theFileTellsOfNoOtherExchange() {
        assertThat(EXCHANGE.matcher(Golden.text(FILE)).replaceAll("").lines())
                .allSatisfy(line -> assertThat(line).matches(NARRATION));
    }
}
