package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.authority.CertificateAuthority;
import io.sotto.pki.authority.CertificateRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every exchange of a recorded session with two datacenters of real agents, held with agents of sotto: a1 is the server of dc1, b1
 * that of dc2, cc a client there. Ours is the same but for ids, indexes, addresses, times and measured figures, or it differs as
 * the page of differences says. TLS is what the capture did not need: keys go to another datacenter by it only.
 */
class WanSessionIT {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final Path PAGE = Path.of("..", "..", "docs", "reference", "differences.md");

    private static final String BUILD = "show the build of an agent, and what it runs on";
    private static final String KEYRINGS =
            "names each pool that did it not, the datacenter among them, with the members that gave";

    /** What differs, by the place and the name of its exchange. */
    private static final Map<String, Difference> DIFFERENCES = Map.ofEntries(
            Map.entry("1 members # a1", new Difference(BUILD, WanSessionIT::isSameButForTheBuild)),
            Map.entry("2 members -wan # a1", new Difference(BUILD, WanSessionIT::isSameButForTheBuild)),
            Map.entry("3 members -wan # b1", new Difference(BUILD, WanSessionIT::isSameButForTheBuild)),
            Map.entry("4 members # cc", new Difference(BUILD, WanSessionIT::isSameButForTheBuild)),
            Map.entry(
                    "5 catalog datacenters # cc",
                    new Difference(
                            "`catalog`, `kv`, `operator raft` and other verbs about what servers keep",
                            (real, ours) -> ours.contains("sotto has no verb \"catalog\""))),
            Map.entry(
                    "7 GET /v1/status/leader?dc=dc2 # a1",
                    new Difference(
                            "`Status.Leader`, `Status.Peers` | the leader, the peers | `\"\"` and none",
                            (real, ours) -> ours.equals(real.replace("B1:8300", "")))),
            Map.entry(
                    "16 event -datacenter dc2 -name xdc p # a1",
                    new Difference(
                            "`event -datacenter` | a flag that it does not have",
                            (real, ours) -> ours.equals("Event ID: ID\n\n0\n"))),
            Map.entry(
                    "17 GET /v1/event/list # cc",
                    new Difference(
                            "sends the event in that datacenter",
                            (real, ours) -> ours.contains("\"Name\":\"xdc\",\"Payload\":\"cA==\""))),
            Map.entry(
                    "18 info # a1",
                    new Difference(
                            "no `raft`; nobody leads",
                            (real, ours) ->
                                    keys(ours).equals(keys(real.replaceFirst("(?s)raft:\n.*?(?=runtime:)", ""))))),
            Map.entry(
                    "21 keyring -list # b1",
                    new Difference(
                            KEYRINGS,
                            (real, ours) -> ours.equals(real.replace("1 error occurred", "2 errors occurred")
                                    .replace("reported success\n", "reported success\n\t* cc: no answer\n")))),
            Map.entry(
                    "22 keyring -list # a1",
                    new Difference(
                            KEYRINGS,
                            (real, ours) ->
                                    ours.contains("\t* WAN error: 1/2 nodes reported success\n\t* b1.dc2: no answer\n"
                                            + "\t* dc2 (LAN) error: "))));

    /**
     * How an exchange differs.
     *
     * @param words the words of the page that say so
     * @param holds whether it does, of the real text and ours
     */
    private record Difference(String words, BiPredicate<String, String> holds) {}

    private static boolean isSameButForTheBuild(String real, String ours) {
        return ours.replaceAll(" \\d+\\.\\d+\\.\\d+ (?=\\d dc)", " 1.8.7 ").equals(real);
    }

    /** What is told, without how much of it there is. */
    private static List<String> keys(String info) {
        return info.lines().map(line -> line.replaceFirst(" =.*", "")).toList();
    }

    private final Path directory = NodeFiles.directory("wan-session");
    private final TlsFiles files = new TlsFiles(directory);
    private final CertificateAuthority authority = TlsFiles.authority();
    private final AgentProcess a1 = agent("a1", "dc1", true);
    private final AgentProcess b1 = agent("b1", "dc2", true);
    private final AgentProcess cc = agent("cc", "dc2", false);
    private final Map<String, AgentProcess> agents = Map.of("a1", a1, "b1", b1, "cc", cc);

    private AgentProcess agent(String name, String datacenter, boolean isServer) {
        AgentProcess agent = new AgentProcess(
                        name, Site.ipv4(Site.CONSUL_PORT), directory, "consul-client", Optional.of(KEY))
                .with("datacenter", datacenter)
                .with("server", isServer);
        CertificateRequest request = isServer
                ? CertificateRequest.server(datacenter, "consul")
                : CertificateRequest.client(datacenter, "consul");
        files.settings(TlsFiles.issue(authority, request), List.of(authority))
                .forEach((setting, value) -> agent.with(setting.replace('-', '_'), value));
        for (String flag : List.of("verify_incoming", "verify_outgoing", "verify_server_hostname")) {
            agent.with(flag, true);
        }
        return agent;
    }

    @AfterEach
    void close() {
        agents.values().forEach(AgentProcess::close);
    }

    @Test
    void everyExchangeIsTheRealOneOrDiffersAsThePageSays() throws Exception {
        form();
        List<WanSession> session = WanSession.read("wan-session.txt");
        String page = Files.readString(PAGE).replaceAll("\\s+", " ");
        Map<String, String> unlike = new LinkedHashMap<>();
        boolean wasListed = false;
        for (int i = 0; i < session.size(); i++) {
            WanSession real = session.get(i);
            if (real.asked().equals(List.of("keyring", "-list")) && real.code() == 1) {
                // As when it was recorded: the client was gone first, then the server.
                (wasListed ? b1 : cc).kill();
                wasListed = true;
            }
            String name = i + 1 + " " + real.name();
            String ours = masked(ask(real));
            if (real.asked().get(0).equals("event")) {
                // Gossip takes its time; the real one, which was refused, never came.
                Awaitility.await("the event")
                        .untilAsserted(
                                () -> assertThat(cc.api().get("/v1/event/list")).hasSize(1));
            }
            String theirs = golden(real);
            Optional<Difference> difference = Optional.ofNullable(DIFFERENCES.get(name));
            boolean isAsItShould = difference.isPresent()
                    ? !ours.equals(theirs) && difference.get().holds().test(theirs, ours)
                    : ours.equals(theirs);
            if (!isAsItShould) {
                unlike.put(name, "real:\n" + theirs + "ours:\n" + ours);
            }
        }
        assertThat(session).hasSize(22);
        assertThat(unlike).isEmpty();
        assertThat(DIFFERENCES.values())
                .allSatisfy(difference -> assertThat(page).contains(difference.words()));
    }

    private void form() {
        Stream.of(a1, b1).parallel().forEach(agent -> agent.start(List.of()));
        cc.start(List.of(b1.site().address()));
        assertThat(a1.api().put("/v1/agent/join/" + b1.site().ip() + "?wan=1").statusCode())
                .isEqualTo(200);
        Awaitility.await("all know all, and each the other's distance")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    assertThat(b1.api().get("/v1/agent/members?wan=1")).hasSize(2);
                    assertThat(cc.api().get("/v1/catalog/datacenters")).hasSize(2);
                    assertThat(b1.api().get("/v1/coordinate/datacenters").findValues("Vec"))
                            .hasSize(2);
                });
    }

    private WanSession ask(WanSession real) {
        AgentProcess agent = Optional.ofNullable(agents.get(real.node())).orElseThrow();
        if (!real.isVerb()) {
            var answer = agent.api().ask(real.asked().get(1));
            return new WanSession(real.asked(), real.node(), answer.body() + "\n", "", answer.statusCode());
        }
        List<String> words = new ArrayList<>(List.of("-http-addr", agent.api().address()));
        real.asked().stream()
                .skip(1)
                .map(word -> word.equals("127.0.21.82") ? b1.site().ip() : word)
                .forEach(words::add);
        Command said = Command.run(SottoProgram.verb(real.asked().get(0), words.toArray(String[]::new)));
        return new WanSession(real.asked(), real.node(), said.out(), said.err(), said.exit());
    }

    private String golden(WanSession real) {
        return masked(real)
                .replace("127.0.21.81", "A1")
                .replace("127.0.21.82", "B1")
                .replace("127.0.21.83", "CC");
    }

    /** Without what no two sessions have in common; columns are as wide as what is in them. */
    private String masked(WanSession said) {
        return (said.out().strip() + "\n" + said.err().strip() + "\n" + said.code() + "\n")
                .replace(a1.site().ip(), "A1")
                .replace(b1.site().ip(), "B1")
                .replace(cc.site().ip(), "CC")
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
                .replaceAll("\"(CreateIndex|ModifyIndex)\":\\d+", "\"$1\":0")
                .replaceAll("\"Vec\":\\[[^]]*]", "\"Vec\":[]")
                .replaceAll("\"(Error|Adjustment|Height)\":-?[0-9.e-]+", "\"$1\":0")
                .replaceAll(" +", " ");
    }
}
