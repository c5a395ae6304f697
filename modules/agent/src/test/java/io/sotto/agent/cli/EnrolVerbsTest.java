package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.agent.http.EnrolmentApi;
import io.sotto.agent.http.ScriptedEnrolment;
import io.sotto.agent.http.ScriptedUpshifts;
import io.sotto.agent.http.UpshiftAgent;
import io.sotto.agent.json.Json;
import io.sotto.pki.enrolment.EnrolRole;
import io.sotto.pki.enrolment.JoinToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of enrolment, over the API of an agent whose enrolments go as they were told beforehand. */
final class EnrolVerbsTest {
    private static final ScriptedEnrolment ENROLMENT = new ScriptedEnrolment();
    private static UpshiftAgent agent;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        agent = new UpshiftAgent(new ScriptedUpshifts(), new EnrolmentApi(ENROLMENT));
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @BeforeEach
    void begin() {
        ENROLMENT.asked.clear();
    }

    @Test
    void aTokenIsPrintedAloneOrWrittenForItsOwnerOnly() throws Exception {
        assertThat(run(new EnrolTokenVerb(), "-node", "web-1")).isEqualTo(Exit.DONE);
        JoinToken token = JoinToken.parse(text(out)).orElseThrow();
        assertThat(token.node()).isEqualTo("web-1");
        assertThat(text(err))
                .contains("for web-1, as a client, once, until 2030")
                .doesNotContain(token.text());

        Path file = directory.resolve("token");
        assertThat(run(new EnrolTokenVerb(), "-node", "srv", "-server", "-ttl", "30m", "-out", file.toString()))
                .isEqualTo(Exit.DONE);
        assertThat(text(out)).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(JoinToken.parse(Files.readString(file)).orElseThrow().role()).isEqualTo(EnrolRole.SERVER);
        assertThat(ENROLMENT.asked).containsExactly("token web-1 CLIENT PT1H", "token srv SERVER PT30M");
    }

    @Test
    void whatCannotBeIsSaidInOneLine() throws Exception {
        assertThat(run(new EnrolTokenVerb(), "-node", "a.b")).isEqualTo(Exit.FAILED);
        assertThat(text(err)).isEqualTo("Error making a token: no such name\n");
        assertThat(run(new EnrolTokenVerb(), "-node", "x", "-ttl", "soon")).isEqualTo(Exit.FAILED);
        assertThat(text(err)).contains("TTL is no duration");
        assertThat(run(new EnrolTokenVerb(), "-node", "x", "-token", "reader")).isEqualTo(Exit.NOT_PERMITTED);
        assertThatThrownBy(() -> run(new EnrolTokenVerb())).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> run(new EnrolVerb())).isInstanceOf(UsageException.class);
    }

    @Test
    void aNodeIsEnrolledWithATokenFromAFileOrFromStandardInput() throws Exception {
        JoinToken token = ScriptedEnrolment.made("web-1", EnrolRole.CLIENT);
        Path file = Files.writeString(directory.resolve("token"), token.text() + "\n");

        assertThat(run(new EnrolVerb(), "-join-token", file.toString(), "-at", "127.0.0.1:8300"))
                .isEqualTo(Exit.DONE);
        assertThat(text(out))
                .contains("Enrolled: web-1.node.dc1.consul, client.dc1.consul, localhost")
                .contains("key          /d/key.pem")
                .contains("so to say");
        assertThat(runWith(token.text(), new EnrolVerb(), "-join-token", "-", "-format", "json"))
                .isEqualTo(Exit.DONE);
        assertThat(Json.parse(text(out)).get("Certificate").asText()).isEqualTo("/d/cert.pem");
        assertThat(ENROLMENT.asked).containsExactly("enrol web-1 at 8300", "enrol web-1");
    }

    @Test
    void aTokenOfAnotherNodeAndWhatIsNoneAreRefusedWithoutRepeatingThem() throws Exception {
        JoinToken other = ScriptedEnrolment.made("web-2", EnrolRole.CLIENT);

        assertThat(runWith(other.text(), new EnrolVerb(), "-join-token", "-")).isEqualTo(Exit.FAILED);
        assertThat(text(err))
                .isEqualTo("Error enrolling this node: the token is for web-2\n")
                .doesNotContain(other.text());
        assertThat(runWith("nonsense", new EnrolVerb(), "-join-token", "-")).isEqualTo(Exit.FAILED);
        assertThat(text(err)).contains("Token is none of those").doesNotContain("nonsense");
        assertThatThrownBy(() -> runWith(other.text(), new EnrolVerb(), "-join-token", "-", "-at", "nowhere"))
                .isInstanceOf(UsageException.class);
    }

    private int run(ClientVerb verb, String... arguments) throws Exception {
        return runWith("", verb, arguments);
    }

    private int runWith(String input, ClientVerb verb, String... arguments) throws Exception {
        out.reset();
        err.reset();
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add(0, "-http-addr=" + agent.address());
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        return verb.run(verb.flags().parse(words), console);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
