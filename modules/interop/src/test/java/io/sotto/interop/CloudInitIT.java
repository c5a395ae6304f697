package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The user data of the archive, done as cloud-init does it, below a directory that stands for the root of a machine. Programs
 * that belong to a machine (systemctl, useradd, chown, aws) are stand-ins that write down how they were called.
 */
final class CloudInitIT {
    private static final Path USER_DATA = Path.of("..", "agent", "dist", "cloud-init", "user-data.yaml");
    private static final Path UNIT = Path.of("..", "agent", "dist", "systemd", "sotto.service");
    private static final String VERSION = "sotto-9.9.9";

    @TempDir
    private Path root;

    private Path programs;
    private Path secrets;

    @BeforeEach
    void aMachine() throws Exception {
        programs = Files.createDirectories(root.resolve("programs"));
        secrets = Files.createDirectories(root.resolve("secrets"));
        for (String name : List.of("systemctl", "useradd", "chown")) {
            program(name, "echo \"" + name + " $*\" >>'" + root.resolve("called") + "'");
        }
        // No such user, no such service yet.
        program("getent", "exit 2");
        // The last part of the name that is asked for is a file of secrets.
        program("aws", "while [ \"$1\" != --name ]; do shift; done; cat \"" + secrets + "/${2##*/}\"");
        boot();
        secret("gossip-key", Command.output(SottoProgram.verb("keygen")));
        Path certificates = Files.createDirectories(root.resolve("certificates"));
        for (String verb : List.of("ca create", "cert create -client")) {
            List<String> words = new ArrayList<>(SottoProgram.verb("tls"));
            words.addAll(List.of(verb.split(" ", -1)));
            Process made = new ProcessBuilder(words)
                    .directory(certificates.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(made.waitFor()).isZero();
        }
        secret("ca", Files.readString(certificates.resolve("consul-agent-ca.pem")));
        secret("agent-certificate", Files.readString(certificates.resolve("dc1-client-consul-0.pem")));
        secret("agent-key", Files.readString(certificates.resolve("dc1-client-consul-0-key.pem")));
        publish(archive());
    }

    /** What cloud-init does first: the files, where they belong. */
    private void boot() throws IOException {
        for (Map<?, ?> file : writtenFiles()) {
            Path path = Path.of(below(String.valueOf(file.get("path"))));
            Files.createDirectories(path.getParent());
            Files.writeString(path, below(String.valueOf(file.get("content"))));
            boolean isProgram = "0755".equals(file.get("permissions"));
            assertThat(isProgram || "0644".equals(file.get("permissions")))
                    .as("permissions of %s", path)
                    .isTrue();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** What it does last: the commands. */
    private Command provision() throws IOException {
        assertThat(userData().get("runcmd")).isEqualTo(List.of(List.of("/usr/local/sbin/sotto-provision")));
        return Command.run(List.of(
                "env", "PATH=" + programs + ":" + System.getenv("PATH"), below("/usr/local/sbin/sotto-provision")));
    }

    private static Map<?, ?> userData() throws IOException {
        String text = Files.readString(USER_DATA);
        assertThat(text).startsWith("#cloud-config\n");
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    private static List<Map<?, ?>> writtenFiles() throws IOException {
        List<Map<?, ?>> files = new ArrayList<>();
        List<?> list = (List<?>) Objects.requireNonNull(userData().get("write_files"));
        list.forEach(entry -> files.add((Map<?, ?>) entry));
        return files;
    }

    /** Paths of a machine as paths below the test's directory. */
    private String below(String text) {
        return text.replaceAll(
                "(?<![\\w.-])/(etc|opt|usr/local|var/lib)(?=[/\\s\"]|$)", Matcher.quoteReplacement(root + "/") + "$1");
    }

    private void program(String name, String does) throws IOException {
        Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + does + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void secret(String name, String value) throws IOException {
        Files.writeString(secrets.resolve(name), value);
    }

    /** An archive of the real one's form, whose program is the one of this build. */
    private Path archive() throws Exception {
        Path archived = root.resolve("archive");
        Path tree = Files.createDirectories(archived.resolve(VERSION));
        Path program = Files.createDirectories(tree.resolve("bin")).resolve("sotto");
        List<String> words = SottoProgram.verb("version");
        Files.writeString(
                program, "#!/bin/sh\nexec '" + String.join("' '", words.subList(0, words.size() - 1)) + "' \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(UNIT, Files.createDirectories(tree.resolve("share/systemd")).resolve("sotto.service"));
        Path archive = root.resolve("sotto.tar.gz");
        Command.output(List.of("tar", "czf", archive.toString(), "-C", archived.toString(), VERSION));
        return archive;
    }

    private void publish(Path archive) throws IOException {
        String sum = Command.output(List.of("sha256sum", archive.toString())).split(" ", -1)[0];
        Files.writeString(
                Path.of(below("/etc/sotto/provision.env")),
                "SOTTO_ARCHIVE=file://%s\nSOTTO_SHA256=%s\nSOTTO_SECRETS=/sotto/dc1\n".formatted(archive, sum));
    }

    private Path at(String path) {
        return Path.of(below(path));
    }

    private List<String> called() throws IOException {
        return Files.readAllLines(root.resolve("called"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void everyProgramInItIsAShellScriptWithoutAFault() throws IOException {
        int programs = 0;
        for (Map<?, ?> file : writtenFiles()) {
            String content = String.valueOf(file.get("content"));
            if (content.startsWith("#!/bin/sh\n")) {
                Path script = Files.writeString(root.resolve("script"), content);
                Command check = Command.run(List.of("sh", "-n", script.toString()));
                assertThat(check.exit())
                        .as(file.get("path") + ": " + check.err())
                        .isZero();
                programs++;
            }
        }
        assertThat(programs).isEqualTo(2);
    }

    @Test
    void theConfigurationInItRefusesRemoteExecutionAndPlainCalls() throws IOException {
        String configuration = Files.readString(at("/etc/sotto/conf.d/agent.json"));
        Config json = ConfigFactory.parseString(configuration);
        assertThat(json.getBoolean("disable_remote_exec")).isTrue();
        assertThat(json.getBoolean("verify_incoming")).isTrue();
        assertThat(json.getBoolean("verify_outgoing")).isTrue();
        assertThat(configuration).doesNotContain("\"encrypt\"");
    }

    @Test
    void aMachineIsProvisionedAndItsServiceStarted() throws IOException {
        Command provision = provision();
        assertThat(provision.exit()).as(provision.out() + provision.err()).isZero();

        assertThat(provision.out()).contains("Configuration is valid!");
        assertThat(Files.readSymbolicLink(at("/opt/sotto"))).hasToString(VERSION);
        assertThat(at("/etc/systemd/system/sotto.service")).hasSameTextualContentAs(UNIT);
        assertThat(mode(at("/opt/sotto/bin"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(at("/etc/sotto/gossip.key"))).isEqualTo("rw-------");
        assertThat(mode(at("/etc/sotto/tls/agent-key.pem"))).isEqualTo("rw-------");
        assertThat(mode(at("/etc/sotto/tls/ca.pem"))).isEqualTo("rw-r--r--");
        assertThat(called())
                .anyMatch(call -> call.startsWith("useradd --system") && call.endsWith(" sotto"))
                .contains("chown sotto " + at("/etc/sotto/tls/agent-key.pem.new"))
                .containsSubsequence("systemctl daemon-reload", "systemctl enable sotto")
                .contains("systemctl restart sotto");
    }

    @Test
    void whatHasNotChangedIsReloadedAndAnotherVersionRestarted() throws IOException {
        assertThat(provision().exit()).isZero();
        Files.delete(root.resolve("called"));
        assertThat(provision().exit()).isZero();
        assertThat(called()).contains("systemctl reload sotto").doesNotContain("systemctl restart sotto");
    }

    @Test
    void anArchiveThatIsNotWhatItShouldBeIsNotUnpacked() throws IOException {
        Files.writeString(root.resolve("sotto.tar.gz"), "something else");
        Command provision = provision();
        assertThat(provision.exit()).isEqualTo(1);
        assertThat(provision.err()).contains("is not what it should be");
        assertThat(at("/opt")).doesNotExist();
    }

    @Test
    void aSecretThatCannotBeFetchedLeavesTheOldFileAndTheServiceAlone() throws IOException {
        assertThat(provision().exit()).isZero();
        String before = Files.readString(at("/etc/sotto/tls/agent.pem"));
        Files.delete(root.resolve("called"));

        secret("agent-certificate", "");
        assertThat(provision().err()).contains("/sotto/dc1/agent-certificate is empty");
        Files.delete(secrets.resolve("agent-certificate"));
        assertThat(provision().err()).contains("/sotto/dc1/agent-certificate cannot be fetched");

        assertThat(at("/etc/sotto/tls/agent.pem")).hasContent(before);
        assertThat(called()).noneMatch(call -> call.startsWith("systemctl"));
    }
}
