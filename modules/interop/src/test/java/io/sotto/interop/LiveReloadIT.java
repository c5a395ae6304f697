package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One agent, as it is started by an operator, takes up a key and its demands without a restart. */
class LiveReloadIT {
    private static final String KEY = "pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=";
    private static final String OTHER = "4YwLQm6ZMwYgfldNBT5P76tAWMdcBmu+FPYRvCxvsHc=";

    @TempDir
    private Path directory;

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private AgentProcess agent;
    private long pid;

    @BeforeEach
    void setUp() {
        Path file = write();
        agent = new AgentProcess("alone", Site.ipv4(Site.SERF_PORT), directory, "serf", Optional.empty()).reading(file);
        agent.start(List.of());
        pid = agent.process().orElseThrow().pid();
    }

    @AfterEach
    void tearDown() {
        assertThat(agent.terminate()).isZero();
    }

    @Test
    void aPlainAgentIsGivenAKeyThenSealsThenDemandsWithoutARestart() throws IOException {
        assertThat(verb("keyring", "-list").err()).contains("Keyring is empty (encryption not enabled)");

        settings.put("encrypt", KEY);
        settings.put("encrypt_verify_incoming", false);
        settings.put("encrypt_verify_outgoing", false);
        assertThat(reload()).isEqualTo("""
                Configuration reload triggered
                  changed: encrypt: key %s is the primary of the keyring
                  changed: encrypt_verify_incoming=false
                  changed: encrypt_verify_outgoing=false
                """.formatted(GossipKey.parse(KEY).id()));
        assertThat(directory.resolve("alone/data/serf/local.keyring")).hasContent("[\"" + KEY + "\"]");
        assertThat(verb("keyring", "-install", OTHER).err())
                .as("no key travels in the clear")
                .contains("keyring operations need encrypt_verify_outgoing");

        settings.put("encrypt_verify_outgoing", true);
        assertThat(reload()).endsWith("triggered\n  changed: encrypt_verify_outgoing=true\n");
        settings.put("encrypt_verify_incoming", true);
        assertThat(reload()).endsWith("triggered\n  changed: encrypt_verify_incoming=true\n");
        assertThat(reload()).endsWith("triggered\n  nothing changed\n");

        assertThat(verb("keyring", "-list").out()).isEqualTo("""
                ==> Gathering installed encryption keys...

                dc1 (LAN):
                  %s [1/1]
                """.formatted(KEY));
        assertThat(verb("keyring", "install", OTHER).exit()).isZero();
        assertThat(verb("keyring", "use", OTHER).exit()).isZero();
        assertThat(verb("keyring", "remove", KEY).exit()).isZero();
        assertThat(verb("keyring", "-remove", OTHER).err()).isEqualTo("""
                error: Unexpected response code: 500 (2 errors occurred:
                \t* dc1 (LAN) error: 1/1 nodes reported failure
                \t* alone: Removing the primary key is not allowed

                )
                """);
        assertThat(verb("keyring", "status").out())
                .isEqualTo("Member  " + GossipKey.parse(OTHER).id() + "\nalone   primary\n");
        // The settings still hold the first key, which is no new one.
        assertThat(reload()).endsWith("triggered\n  nothing changed\n");
        assertSamePrivateProcess();
    }

    @Test
    void aReloadWithAnyFaultChangesNothingAndNamesFileAndLine() throws IOException {
        settings.put("encrypt", KEY);
        settings.put("probe_intervall", "2s");
        write();

        Command reload = verb("reload");

        assertThat(reload.exit()).isEqualTo(1);
        assertThat(reload.err()).contains("invalid config key probe_intervall").contains(directory + "/live.json:");
        assertThat(Files.exists(directory.resolve("alone/data/serf/local.keyring")))
                .isFalse();

        settings.remove("probe_intervall");
        assertThat(reload()).contains("changed: encrypt: key ");
        settings.put("encrypt", OTHER);
        settings.put("encrypt_verify_incoming", false);
        write();
        assertThat(verb("reload").err()).contains("keyring rotate");
        settings.put("encrypt", KEY);
        assertThat(reload()).endsWith("triggered\n  changed: encrypt_verify_incoming=false\n");
        assertSamePrivateProcess();
    }

    private void assertSamePrivateProcess() {
        assertThat(agent.process().orElseThrow().pid()).isEqualTo(pid);
        assertThat(NodeProcess.text(agent.logFile())).doesNotContain(KEY).doesNotContain(OTHER);
    }

    private Path write() {
        return NodeFiles.write(directory.resolve("live.json"), settings);
    }

    /** What {@code sotto reload} prints when all is well. */
    private String reload() {
        write();
        Command reload = verb("reload");
        assertThat(reload.exit()).as(reload.err()).isZero();
        return reload.out();
    }

    private Command verb(String verb, String... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = "-http-addr";
        words[1] = agent.api().address();
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return Command.run(SottoProgram.verb(verb, words));
    }
}
