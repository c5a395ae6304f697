package io.sotto.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** With processes of this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProcessTreeTest {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int PATIENCE_SECONDS = 30;

    private final ActorTestKit kit = ActorTestKit.create();

    @TempDir
    Path directory;

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    private Program start(JobSpec spec) throws IOException {
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "SOTTO_ENCRYPT", "secret", "CONSUL_HTTP_TOKEN", "secret");
        return ProcessTree.starter(directory, environment).start(spec);
    }

    private String output(Program program) throws Exception {
        return program.output()
                .runFold("", (text, more) -> text + new String(more.toArray(), StandardCharsets.UTF_8), kit.system())
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static int exit(Program program) throws Exception {
        return program.exit().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aLineIsForTheShell() throws Exception {
        Program program = start(JobSpec.shell("echo out; echo err >&2; exit 3", WAIT));
        assertThat(output(program)).isEqualTo("out\nerr\n");
        assertThat(exit(program)).isEqualTo(3);
    }

    @Test
    void wordsAreNotForTheShell() throws Exception {
        Program program = start(JobSpec.program(List.of("echo", "$HOME;", "a  b"), WAIT));
        assertThat(output(program)).isEqualTo("$HOME; a  b\n");
        assertThat(exit(program)).isZero();
    }

    @Test
    void aScriptIsRunByItsOwnInterpreterOrTheShellAndLeavesNothingBehind() throws Exception {
        Program program = start(JobSpec.script(Octets.utf8("echo \"$0\"\n"), WAIT));
        String file = output(program).strip();
        assertThat(exit(program)).isZero();
        assertThat(Files.getPosixFilePermissions(Path.of(file))).hasSize(3);
        program.tidy();
        assertThat(Path.of(file)).doesNotExist();
    }

    @Test
    void aCommandIsToldNothingOfTheAgentsSecretsAndHasNothingToRead() throws Exception {
        Program program = start(JobSpec.shell("env; cat; pwd", WAIT));
        assertThat(output(program)).contains("PATH=").doesNotContain("secret").endsWith(directory.toRealPath() + "\n");
    }

    @Test
    void theShellOfThisProcessIsNotAsked() {
        assertThat(ProcessTree.told(Map.of("LC_ALL", "C", "LANG", "C", "NOTIFY_SOCKET", "x", "AWS_SECRET", "x")))
                .containsOnlyKeys("LC_ALL", "LANG");
    }

    @Test
    void killingEndsAlsoThoseWhoseParentsAreGone() throws Exception {
        Path started = directory.resolve("started");
        Program program = start(JobSpec.shell(
                "(sh -c 'sleep 1000 & echo $!' & wait) & sleep 0.2; echo go; touch " + started + "; exec sleep 1000",
                WAIT));
        while (!Files.exists(started)) {
            Thread.onSpinWait();
        }
        program.kill();
        // The output ends only when nobody holds it any more.
        List<String> lines = output(program).lines().toList();
        assertThat(lines).contains("go");
        long orphan = Long.parseLong(
                lines.stream().filter(line -> line.matches("\\d+")).findFirst().orElseThrow());
        assertThat(runs(orphan)).isFalse();
        assertThat(exit(program)).isEqualTo(128 + 9);
    }

    /** What has ended may wait for its parent to look. */
    private static boolean runs(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    @Test
    void whatCannotBeStartedSaysWhyWithoutTheCommand() {
        assertThatThrownBy(() -> ProcessTree.starter(directory.resolve("absent"), Map.of())
                        .start(JobSpec.shell("echo hunter2", WAIT)))
                .isInstanceOf(IOException.class)
                .message()
                .doesNotContain("hunter2");
    }
}
