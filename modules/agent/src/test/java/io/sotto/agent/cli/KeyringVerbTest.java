package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verb prints what the real tool prints when the agent answers as the real agent answered. */
class KeyringVerbTest {
    private static final String OLD = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String NEW = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";
    private static final String PATH = "/v1/operator/keyring";

    private StubAgent agent;

    @TempDir
    private Path directory;

    @BeforeEach
    void setUp() throws IOException {
        agent = new StubAgent();
    }

    @AfterEach
    void tearDown() {
        agent.close();
    }

    @Test
    void listsPrintTheBlocksOfAllPools() {
        agent.on("GET " + PATH, 200, blocks(OLD, true, NEW, OLD));
        List<Golden.Call> lists = Golden.calls("cli-keyring.txt").stream()
                .filter(call ->
                        call.line().equals("keyring -list") && call.agent().equals("srv"))
                .toList();
        assertThat(run("-list")).isEqualTo(ran(lists.get(1)));
        assertThat(run("list")).isEqualTo(ran(lists.get(1)));

        agent.on("GET " + PATH, 200, blocks(NEW, true, NEW));
        assertThat(run("-list")).isEqualTo(ran(lists.get(2)));

        agent.on("GET " + PATH, 200, blocks(OLD, true, NEW, OLD));
        assertThat(run("-list-primary")).isEqualTo(ran(Golden.call("cli-keyring.txt", "keyring -list-primary", "srv")));
        assertThat(run("list-primary")).isEqualTo(ran(Golden.call("cli-keyring.txt", "keyring -list-primary", "srv")));
    }

    @Test
    void aListOfThisDatacenterAloneAsksForIt() {
        agent.on("GET " + PATH + "?local-only=true", 200, blocks(NEW, false, NEW));
        assertThat(run("-list", "-local-only"))
                .isEqualTo(ran(Golden.call("cli-keyring.txt", "keyring -list -local-only", "srv")));
    }

    @ParameterizedTest
    @CsvSource({"POST, install", "PUT, use", "DELETE, remove"})
    void aKeyGoesInTheBodyAndTheHeadingIsPrinted(String method, String action) {
        String key = action.equals("remove") ? OLD : NEW;
        agent.on(method + " " + PATH, 200, "");
        Golden.Call real = Golden.call("cli-keyring.txt", "keyring -" + action + " " + key, "srv");

        assertThat(run("-" + action, key)).isEqualTo(ran(real));
        assertThat(run(action, key)).isEqualTo(ran(real));
        assertThat(agent.bodies()).containsOnly("{\"Key\":\"" + key + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, keyring -remove 4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=",
        "PUT, keyring -use IisA4F7Mu/RwGfBZelcsFzMlJ4+twnO5Z7eoTzD0T6c=",
        "POST, keyring -install xyz",
        "POST, keyring -install YWFhYWFhYWFhYQ==",
        "GET, keyring -list"
    })
    void whatTheAgentRefusesIsPrintedAsTheRealToolDoes(String method, String line) {
        Golden.Call real = Golden.calls("cli-keyring.txt").stream()
                .filter(call -> call.line().equals(line) && call.code() == 1)
                .findFirst()
                .orElseThrow();
        String text =
                real.err().substring(real.err().indexOf('(') + 1, real.err().lastIndexOf(')'));
        agent.on(method + " " + PATH, 500, text);
        String[] words = line.split(" ");

        assertThat(Shell.run(environment(), words)).isEqualTo(ran(real));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyring -list -install pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=",
                "keyring -install pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s= -local-only",
                "keyring -list -relay-factor=6"
            })
    void contradictionsAreRefusedInTheRealWordsAndNothingIsAsked(String line) {
        assertThat(Shell.run(environment(), line.split(" ")))
                .isEqualTo(ran(Golden.call("cli-keyring.txt", line, "srv")));
        assertThat(agent.asked()).isEmpty();
    }

    @Test
    void withoutAnActionTheUsageIsShown() {
        Shell.Ran ran = run();
        assertThat(ran.code())
                .isEqualTo(Golden.call("cli-keyring.txt", "keyring", "srv").code());
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("Usage: sotto keyring <action> [options]");
    }

    @Test
    void theRelayFactorIsSent() {
        agent.on("POST " + PATH + "?relay-factor=3", 200, "");
        assertThat(run("-install", NEW, "-relay-factor=3").code()).isEqualTo(Exit.DONE);
    }

    @Test
    void aKeyMayComeFromStandardInputOrAFile() throws IOException {
        agent.on("POST " + PATH, 200, "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = new Console(
                printed,
                printed,
                environment(),
                new ByteArrayInputStream((NEW + "\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(Main.run(List.of("keyring", "install", "-"), console)).isEqualTo(Exit.DONE);

        Path file = Files.writeString(directory.resolve("key"), NEW + "\n");
        assertThat(run("install", "@" + file).code()).isEqualTo(Exit.DONE);
        assertThat(agent.bodies()).containsOnly("{\"Key\":\"" + NEW + "\"}");

        assertThat(run("install", "@" + directory.resolve("none")).err()).contains("no such file or directory");
        assertThat(run("install").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void theStatusIsATableOfMembersByKeys() {
        agent.on(
                "GET " + PATH + "/status",
                200,
                "{\"Members\":3,\"Rings\":["
                        + "{\"Member\":\"one\",\"Keys\":[\"87ad2d9e\",\"304af82e\"],\"Primary\":\"87ad2d9e\",\"Message\":\"\"},"
                        + "{\"Member\":\"three\",\"Keys\":[\"304af82e\"],\"Primary\":\"304af82e\",\"Message\":\"\"}],"
                        + "\"Silent\":[\"two\"]}");

        assertThat(run("status")).isEqualTo(new Shell.Ran(Exit.PARTIAL, """
                        Member  304af82e  87ad2d9e
                        one     held      primary
                        three   primary   -
                        two: no answer
                        """, ""));
    }

    private static String blocks(String primary, boolean wan, String... keys) {
        return "[" + (wan ? block(true, 1, primary, keys) + "," : "") + block(false, 2, primary, keys) + "]";
    }

    private static String block(boolean wan, int nodes, String primary, String... keys) {
        StringBuilder counts = new StringBuilder();
        for (String key : keys) {
            counts.append(counts.isEmpty() ? "" : ",")
                    .append('"')
                    .append(key)
                    .append("\":")
                    .append(nodes);
        }
        return "{\"WAN\":" + wan + ",\"Datacenter\":\"dc1\",\"Segment\":\"\",\"Keys\":{" + counts
                + "},\"PrimaryKeys\":{\"" + primary + "\":" + nodes + "},\"NumNodes\":" + nodes + "}";
    }

    private static Shell.Ran ran(Golden.Call call) {
        return new Shell.Ran(call.code(), call.out(), call.err());
    }

    private Map<String, String> environment() {
        return Map.of("SOTTO_HTTP_ADDR", agent.address());
    }

    private Shell.Ran run(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "keyring";
        System.arraycopy(words, 0, all, 1, words.length);
        return Shell.run(environment(), all);
    }
}
