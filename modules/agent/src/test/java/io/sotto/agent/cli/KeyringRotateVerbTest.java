package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyringRotateVerbTest {
    private static final String PATH = "/v1/agent/keyring/rotate";
    private static final String CHECKING = progress("checking", 2, "{\"n3\":\"is away\"}", "", "");
    private static final String FINISHED = progress("done", 3, "{}", "finished", "");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private StubAgent agent;

    @BeforeEach
    void start() throws Exception {
        agent = new StubAgent().chunked();
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void onATerminalOneLineIsWrittenOverAndOver() throws Exception {
        agent.on("POST " + PATH, 200, CHECKING + "\n\n" + FINISHED + "\n");

        assertThat(run(true)).isEqualTo(Exit.DONE);
        assertThat(text(out))
                .isEqualTo("\r[######..............] checking 2/3, waiting for n3 (is away)\u001b[K"
                        + "\r[####################] finished with key 1c0216e1\u001b[K" + System.lineSeparator());
    }

    @Test
    void elsewhereEachStepIsALineOfJson() throws Exception {
        agent.on("POST " + PATH, 200, CHECKING + "\n" + FINISHED + "\n");

        assertThat(run(false)).isEqualTo(Exit.DONE);
        assertThat(text(out).lines()).containsExactly(CHECKING, FINISHED);
    }

    @Test
    void textWithoutATerminalIsOneLineForEachStep() throws Exception {
        agent.on("POST " + PATH, 200, CHECKING + "\n" + CHECKING + "\n" + FINISHED + "\n");

        assertThat(run(false, "-format", "text")).isEqualTo(Exit.DONE);
        assertThat(text(out).lines())
                .containsExactly(
                        "[######..............] checking 2/3, waiting for n3 (is away)",
                        "[####################] finished with key 1c0216e1");
    }

    @ParameterizedTest
    @CsvSource({"finished, 0", "aborted, 2", "superseded, 2", "failed, 1"})
    void theExitCodeTellsHowItEnded(String outcome, int code) throws Exception {
        agent.on("POST " + PATH, 200, progress("done", 3, "{}", outcome, "why") + "\n");

        assertThat(run(false)).isEqualTo(code);
    }

    @Test
    void aStreamThatEndsBeforeTheRotationIsAFailure() throws Exception {
        agent.on("POST " + PATH, 200, CHECKING + "\n");

        assertThat(run(false)).isEqualTo(Exit.FAILED);
        assertThat(text(err)).contains("-status");
    }

    @Test
    void aRotationThatCannotBeginIsRefusedWithTheReason() throws Exception {
        agent.on("POST " + PATH, 500, "No keyring to rotate (encryption not enabled)");

        assertThat(run(true)).isEqualTo(Exit.FAILED);
        assertThat(text(err))
                .isEqualTo("Error rotating the key: Unexpected response code: 500 (No keyring to rotate "
                        + "(encryption not enabled))" + System.lineSeparator());
    }

    @Test
    void theStatusIsAskedOnceAndTellsByTheCodeWhetherItWaits() throws Exception {
        agent.on("GET " + PATH, 200, CHECKING);

        assertThat(run(true, "-status")).isEqualTo(Exit.PARTIAL);
        assertThat(text(out).strip()).endsWith("checking 2/3, waiting for n3 (is away)");
    }

    @Test
    void withoutARotationTheStatusTellsOfTheLast() throws Exception {
        agent.on("GET " + PATH, 200, progress("idle", 0, "{}", "", "no rotation is under way on this node"));

        assertThat(run(true, "-status")).isEqualTo(Exit.DONE);
        assertThat(text(out).strip()).isEqualTo("no rotation is under way on this node");
    }

    @Test
    void itIsCalledOffForcedAndLedPastMembersByName() throws Exception {
        agent.on("DELETE " + PATH, 200, CHECKING)
                .on("PUT " + PATH + "?without=n3&without=n%2F4", 200, CHECKING)
                .on("POST " + PATH + "?force", 200, FINISHED + "\n");

        assertThat(run(false, "-abort")).isEqualTo(Exit.PARTIAL);
        assertThat(run(false, "-without", "n3", "n/4")).isEqualTo(Exit.PARTIAL);
        assertThat(run(false, "-force")).isEqualTo(Exit.DONE);
        assertThat(agent.asked())
                .containsExactly(
                        "DELETE " + PATH, "PUT " + PATH + "?without=n3&without=n%2F4", "POST " + PATH + "?force");
    }

    @Test
    void itIsFoundUnderKeyring() {
        agent.on("GET " + PATH, 200, CHECKING);

        assertThat(Shell.run("keyring", "rotate", "-status", "-http-addr=" + agent.address())
                        .code())
                .isEqualTo(Exit.PARTIAL);
        assertThat(Shell.run("keyring", "rotate", "-h").out()).startsWith("Usage: sotto keyring rotate");
    }

    @Test
    void twoActionsAtOnceAreRefused() {
        assertThatThrownBy(() -> run(false, "-status", "-abort"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("single action");
    }

    @Test
    void namesThatWouldSteerTheTerminalAreShown() throws Exception {
        agent.on("POST " + PATH, 200, progress("checking", 2, "{\"n\\u001b[2J\":\"is away\"}", "", "") + "\n");

        run(true);

        assertThat(text(out)).contains("n\\u001b[2J (is away)");
    }

    private int run(boolean isTerminal, String... words) throws UsageException {
        KeyringRotateVerb verb = new KeyringRotateVerb(isTerminal);
        List<String> all = new ArrayList<>(List.of(words));
        all.add(0, "-http-addr=" + agent.address());
        return verb.run(
                verb.flags().parse(all),
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of()));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String progress(String phase, int done, String waitingFor, String outcome, String text) {
        return "{\"Phase\":\"" + phase + "\",\"Course\":\"forward\",\"Cause\":\"asked\",\"NewKey\":\"1c0216e1\","
                + "\"OldKey\":\"7d3a0b52\",\"Done\":" + done + ",\"Members\":3,\"WaitingFor\":" + waitingFor
                + ",\"Outcome\":\"" + outcome + "\",\"Text\":\"" + text + "\"}";
    }
}
