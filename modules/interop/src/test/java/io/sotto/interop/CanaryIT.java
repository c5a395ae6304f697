package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Sealer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Agents that log all they can, given keys in every way there is, live through a day of trouble; then no form of any key is
 * in anything that they have written or answered, in their thread dumps, or in what is said about their configuration.
 *
 * <p>{@code -Dsotto.seed=N} repeats the keys and the bad packets of a run.
 */
class CanaryIT {
    private static final long SEED = Long.getLong("sotto.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BAD_PACKETS = 60;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path directory = NodeFiles.directory("canary");
    private final Random random = new Random(SEED);
    private final Map<String, byte[]> keys = new TreeMap<>();
    /** Everything that was shown to anybody, by where. */
    private final Map<String, byte[]> shown = new TreeMap<>();

    private final List<AgentProcess> agents = new ArrayList<>();

    @AfterEach
    void end() {
        agents.forEach(AgentProcess::close);
    }

    @Test
    void noFormOfAKeyIsShownAnywhere() throws Exception {
        System.out.println("canaries: repeat with -Dsotto.seed=" + SEED);
        String pool = key("the pool's key", 32);
        String second = key("the second key on a ring", 16);
        String wrong = key("a wrong key", 24);
        String token = token("the management token");

        AgentProcess byFlag = agent("by-flag", Optional.empty());
        startWith(byFlag, List.of("-encrypt", pool));
        AgentProcess byRing = agent("by-ring", Optional.of(pool));
        ring(byRing, "[\"" + pool + "\", \"" + second + "\"]");
        startWith(byRing, List.of("-retry-join", byFlag.site().address()));
        AgentProcess byHocon = agent("by-hocon", Optional.empty());
        startWith(
                byHocon,
                List.of(
                        "-config-file",
                        hocon(pool, token),
                        "-retry-join",
                        byFlag.site().address()));
        AgentProcess byFragment = agent("by-fragment", Optional.empty());
        startWith(
                byFragment,
                List.of(
                        "-hcl",
                        "encrypt = \"" + wrong + "\"",
                        "-retry-join",
                        byFlag.site().address()));
        await("three members", () -> assertThat(byHocon.members()).hasSize(3));
        await("the wrong key is refused", () -> assertThat(byFragment.log()).contains("will retry"));

        badPackets(byFlag, List.of(pool, second, wrong));
        ask(byFlag);
        ask(byRing);
        ask(byHocon);
        askWith(byHocon, token);
        reloads(byRing, pool);
        agents.forEach(this::threads);
        agents.forEach(agent -> assertThat(agent.terminate()).as(agent.name()).isZero());

        refusedStarts(pool, second);
        validate(pool);
        agents.forEach(agent -> shown.put("log of " + agent.name(), bytes(agent.logFile())));
        assertThat(new String(shown.get("log of by-flag"), StandardCharsets.UTF_8))
                .as("that it says all it can")
                .contains("[DEBUG]")
                .contains("[WARN]");
        search();
    }

    private void search() {
        KeyForms forms = new KeyForms();
        keys.forEach(forms::with);
        assertThat(shown).hasSizeGreaterThan(20);
        Map<String, Object> leaks = new TreeMap<>();
        shown.forEach((where, bytes) -> {
            var found = forms.in(bytes);
            if (!found.isEmpty()) {
                leaks.put(where, found);
            }
        });
        assertThat(leaks).as("seed %d: keys shown, in %s", SEED, directory).isEmpty();
    }

    private String key(String name, int lengthBytes) {
        byte[] key = new byte[lengthBytes];
        random.nextBytes(key);
        keys.put(name, key);
        return Base64.getEncoder().encodeToString(key);
    }

    private String token(String name) {
        String token = new UUID(random.nextLong(), random.nextLong()).toString();
        keys.put(name, token.getBytes(StandardCharsets.US_ASCII));
        return token;
    }

    private AgentProcess agent(String name, Optional<String> key) {
        AgentProcess agent =
                new AgentProcess(name, Site.ipv4(Site.SERF_PORT), directory, "serf", key).with("log_level", "TRACE");
        agents.add(agent);
        return agent;
    }

    private void startWith(AgentProcess agent, List<String> flags) {
        agent.launch(flags)
                .awaitReady(PATIENCE, () -> assertThat(agent.members()).isNotEmpty());
    }

    private void ring(AgentProcess agent, String content) throws IOException {
        Path file = directory.resolve(agent.name()).resolve("data/serf/local.keyring");
        Files.createDirectories(file.resolve("..").normalize());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** With the library beneath as talkative as it can be. */
    private String hocon(String key, String token) throws IOException {
        return Files.writeString(directory.resolve("talkative.conf"), """
                        sotto {
                          encrypt = "%s"
                          acl { enabled = on, default-policy = allow, tokens { initial-management = "%s", default = "%s" } }
                        }
                        pekko {
                          log-config-on-start = on
                          loglevel = DEBUG
                          log-dead-letters = on
                          log-dead-letters-during-shutdown = on
                          actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
                        }
                        """.formatted(key, token, token))
                .toString();
    }

    private void badPackets(AgentProcess at, List<String> sealedWith) throws IOException {
        InetAddress to = InetAddress.getByName(at.site().ip());
        Sealer sealer = new Sealer((target, offset) -> {
            byte[] nonce = new byte[12];
            random.nextBytes(nonce);
            System.arraycopy(nonce, 0, target, offset, nonce.length);
        });
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < BAD_PACKETS; i++) {
                byte[] plain = new byte[random.nextInt(200)];
                random.nextBytes(plain);
                GossipKey key = GossipKey.parse(sealedWith.get(i % sealedWith.size()));
                byte[] packet = i % 4 == 3 ? plain : sealer.seal(key, plain, 0, plain.length, Octets.empty());
                if (i % 4 == 2) {
                    packet[random.nextInt(packet.length)] ^= 1;
                }
                socket.send(
                        new DatagramPacket(packet, packet.length, to, at.site().port()));
            }
        }
        for (int i = 0; i < 4; i++) {
            byte[] junk = new byte[300];
            random.nextBytes(junk);
            try (Socket socket = new Socket(to, at.site().port());
                    OutputStream out = socket.getOutputStream()) {
                out.write(junk);
            } catch (IOException closed) {
                assertThat(closed).as("closed by the agent, as it may").isNotNull();
            }
        }
        await("bad packets are reported", () -> assertThat(at.log()).contains("undecryptable"));
    }

    /** Every answer that the API has, and some that it refuses. */
    private void ask(AgentProcess agent) throws Exception {
        for (String path : List.of(
                "/",
                "/v1/agent/self",
                "/v1/agent/self?pretty",
                "/v1/agent/members",
                "/v1/agent/metrics",
                "/v1/agent/metrics?format=prometheus",
                // /v1/operator/keyring is not among them: showing keys is what it is for.
                "/v1/agent/gossip/status",
                "/v1/agent/keyring/rotate",
                "/v1/nothing")) {
            answer(agent, "GET", path);
        }
        answer(agent, "PUT", "/v1/agent/join/127.0.0.1:1");
        answer(agent, "PUT", "/v1/agent/force-leave/nobody");
        answer(agent, "PUT", "/v1/agent/reload");
        for (String verb : List.of("info", "members")) {
            Command command = Command.run(
                    SottoProgram.verb(verb, "-http-addr", agent.api().address()));
            shown.put(verb + " at " + agent.name(), (command.out() + command.err()).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A token in each of its places, right and wrong. */
    private void askWith(AgentProcess agent, String token) throws Exception {
        for (String path : List.of(
                "/v1/agent/self?token=" + token,
                "/v1/agent/members?token=" + token + "&pretty",
                "/v1/agent/self?token=x" + token,
                "/v1/kv/a?cas&acquire&token=" + token,
                "/v1/nothing?token=" + token)) {
            HttpResponse<byte[]> response = CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://" + agent.api().address() + path))
                            .timeout(PATIENCE)
                            .header("X-Consul-Token", token)
                            .header("Authorization", "Bearer " + token)
                            .PUT(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            shown.put("a token at " + agent.name() + " after " + shown.size(), response.body());
        }
        Command command = Command.run(
                SottoProgram.verb("reload", "-http-addr", agent.api().address(), "-token", token));
        shown.put("reload with a token", (command.out() + command.err()).getBytes(StandardCharsets.UTF_8));
        await("the audit line", () -> assertThat(agent.log()).contains("who=acl.tokens.initial_management"));
    }

    private void answer(AgentProcess agent, String method, String path) throws Exception {
        HttpResponse<byte[]> response = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://" + agent.api().address() + path))
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        shown.put(
                method + " " + path + " at " + agent.name() + ", head",
                response.headers().toString().getBytes(StandardCharsets.UTF_8));
        shown.put(method + " " + path + " at " + agent.name() + " after " + shown.size(), response.body());
    }

    /** The key stands where no value should, and the reload is refused in an answer and in the log. */
    private void reloads(AgentProcess agent, String key) throws Exception {
        Path file = directory.resolve(agent.name()).resolve("agent.json");
        String good = Files.readString(file);
        for (String bad : List.of(
                good.replace("\"" + key + "\"", key),
                good.replace("\"encrypt\"", "\"" + key + "\""),
                good.replace(key + "\"", key),
                good.replace(key, key + "!"),
                good.replace(key, key.substring(4)))) {
            Files.writeString(file, bad);
            answer(agent, "PUT", "/v1/agent/reload");
        }
        Files.writeString(file, good.replace("TRACE", "DEBUG"));
        answer(agent, "PUT", "/v1/agent/reload");
    }

    private void threads(AgentProcess agent) {
        Command dump = Command.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(agent.process().orElseThrow().pid()),
                "Thread.print",
                "-l"));
        assertThat(dump.out()).as("thread dump, %s", dump.err()).contains("sotto-");
        shown.put("threads of " + agent.name(), dump.out().getBytes(StandardCharsets.UTF_8));
    }

    /** Agents that cannot start because of their ring, their key or their flags. */
    private void refusedStarts(String key, String other) throws Exception {
        Map<String, String> rings =
                Map.of("object", "[{\"key\": \"" + key + "\"}]", "sign", "[\"" + key + "\", \"" + other + "!\"]");
        for (Map.Entry<String, String> each : rings.entrySet()) {
            AgentProcess agent = agent("ring-" + each.getKey(), Optional.of(key));
            ring(agent, each.getValue());
            assertThat(agent.launch(List.of()).awaitExit(PATIENCE))
                    .as(each.getKey())
                    .isEqualTo(1);
        }
        List<List<String>> words = List.of(
                List.of("-encrypt", key.substring(8)),
                List.of("-encrypt", "=", key),
                List.of("-" + key),
                List.of("-hcl", "encrypt \"" + key + "\""));
        for (List<String> flags : words) {
            AgentProcess agent = agent("flags-" + words.indexOf(flags), Optional.empty());
            assertThat(agent.launch(flags).awaitExit(PATIENCE)).as(agent.name()).isNotZero();
        }
    }

    private void validate(String key) throws IOException {
        Path good =
                Files.writeString(directory.resolve("good.hcl"), "data_dir = \"/tmp\"\nencrypt = \"" + key + "\"\n");
        Path bad = Files.writeString(directory.resolve("bad.hcl"), "encrypt \"" + key + "\"\n");
        for (Path file : List.of(good, bad)) {
            Command command = Command.run(SottoProgram.verb("validate", "-format", "json", file.toString()));
            shown.put(
                    "validate " + file.getFileName(), (command.out() + command.err()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private interface Check {
        void run() throws Exception;
    }

    private static void await(String what, Check check) {
        Awaitility.await(what).atMost(PATIENCE).untilAsserted(check::run);
    }

    private static byte[] bytes(Path file) {
        return NodeProcess.bytes(file);
    }
}
