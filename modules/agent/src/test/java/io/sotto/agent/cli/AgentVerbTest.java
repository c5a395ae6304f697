package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.agent.config.LoadResult;
import io.sotto.agent.json.Json;
import io.sotto.agent.runtime.AgentRunner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentVerbTest {
    @TempDir
    Path directory;

    private final List<AgentRunner.Start> starts = new ArrayList<>();

    @Test
    void handsSettingsWarningsAndAReloadToTheRunnerAndReturnsItsCode() throws Exception {
        Path file = directory.resolve("a.json");
        Files.writeString(file, "{\"data_dir\": \"" + directory + "\", \"node_name\": \"one\"}");
        Shell.Ran ran = agent(
                "-config-file", file.toString(), "-http-port=9500", "-syslog", "-retry-join=a", "-retry-join", "b");
        assertThat(ran).isEqualTo(new Shell.Ran(7, "", ""));
        AgentRunner.Start start = starts.get(0);
        assertThat(start.configuration().settings().nodeName()).isEqualTo("one");
        assertThat(start.configuration().settings().ports().http()).isEqualTo(9500);
        assertThat(start.configuration().settings().join().retry()).containsExactly("a", "b");
        assertThat(start.configuration().warnings())
                .containsExactly("flag -syslog is known to the real agent but does nothing in sotto: ignored");
        Files.writeString(file, "{\"data_dir\": \"" + directory + "\", \"node_name\": \"two\"}");
        assertThat(start.reload().get())
                .isInstanceOfSatisfying(
                        LoadResult.Loaded.class,
                        again -> assertThat(again.settings().nodeName()).isEqualTo("two"));
    }

    @Test
    void everyFaultIsPrintedAfterAnArrowAndNothingStarts() {
        Shell.Ran ran = agent("-datacenter", "dc 1", "-bind", "x");
        assertThat(ran.code()).isEqualTo(Exit.FAILED);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines())
                .containsExactlyInAnyOrder(
                        "==> datacenter cannot be \"dc 1\". Please use only [a-z0-9-_] (flag -datacenter)",
                        "==> data_dir cannot be empty",
                        "==> bind_addr: invalid ip address: \"x\" (flag -bind)");
        assertThat(starts).isEmpty();
    }

    @Test
    void devNeedsNothingAndMakesAFreshKeyEachTime() {
        agent("-dev");
        agent("-dev");
        assertThat(starts)
                .hasSize(2)
                .extracting(start -> start.configuration().config().getString("sotto.encrypt"))
                .doesNotHaveDuplicates()
                .allMatch(key -> key.length() == 44);
    }

    @Test
    void anArgumentThatIsNoFlagIsBadUsage() {
        assertThat(agent("dev").err()).startsWith("unexpected argument \"dev\"\n");
    }

    @Test
    void validateTellsAllFaultsAndWarningsInTextAndJson() throws Exception {
        Path bad = Files.writeString(directory.resolve("bad.json"), "{\n\"huh\": 1, \"encrypt\": 2}");
        Shell.Ran text = Shell.run("validate", bad.toString());
        assertThat(text.code()).isEqualTo(Exit.FAILED);
        assertThat(text.err())
                .contains("Config validation failed: failed to parse " + bad
                        + ": 1 error occurred:\n\t* invalid config key huh")
                .contains("* 'encrypt' expected type 'string', got unconvertible type 'float64' (" + bad + ":2)")
                .contains("Config validation failed: data_dir cannot be empty\n");
        Json json = Json.parse(
                Shell.run("validate", "-format", "json", bad.toString()).out());
        assertThat(json.get("valid").asText()).isEqualTo("false");
        assertThat(json.get("faults").asElements()).hasSize(3);
        assertThat(json.get("faults").asElements().get(0).get("line").asLong()).isEqualTo(2);
    }

    @Test
    void validateAcceptsServers() throws Exception {
        Path good = Files.writeString(
                directory.resolve("good.json"), "{\"data_dir\": \"" + directory + "\", \"server\": true}");
        Shell.Ran ran = Shell.run("validate", good.toString());
        assertThat(ran).isEqualTo(new Shell.Ran(Exit.DONE, "Configuration is valid!\n", ""));
        assertThat(Shell.run("validate").code()).isEqualTo(Exit.FAILED);
    }

    private Shell.Ran agent(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of());
        AgentVerb verb = new AgentVerb(start -> {
            starts.add(start);
            return 7;
        });
        int code = Main.run(verb, "agent", List.of(words), console);
        return new Shell.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
