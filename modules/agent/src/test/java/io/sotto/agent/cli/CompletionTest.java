package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts, run by the shells themselves. */
final class CompletionTest {
    /** Calls the function as bash would for the words given; a word that is {@code =} stands alone, as bash splits it. */
    private static final String BASH_TRY = """
            try() {
                COMP_WORDS=("$@")
                COMP_CWORD=$(($# - 1))
                _sotto
                printf '%s;' "${COMPREPLY[@]}"
                printf '\\n'
            }
            """;

    /** The functions of zsh's completion that the script calls, telling what they were offered. */
    private static final String ZSH_TRY = """
            compdef() { : }
            compadd() { [[ $1 == -- ]] && shift; printf '%s;' "$@" }
            compset() { : }
            _files() { printf '@files;' }
            _describe() { local -a all; all=("${(@P)@[-1]}"); printf '%s;' "${(@)all%%:*}" }
            try() { words=("$@"); CURRENT=$#; _sotto; printf '\\n' }
            """;

    @TempDir
    private Path directory;

    private Path script(String shell) throws IOException {
        Shell.Ran ran = Shell.run("completion", shell);
        assertThat(ran.code()).as(ran.err()).isZero();
        return Files.writeString(directory.resolve("completion." + shell), ran.out());
    }

    private static String output(Path directory, String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    /** What bash offers for each of these command lines; the last word is the one under the cursor. */
    private List<List<String>> bash(List<String> lines) throws IOException, InterruptedException {
        return offers("bash", BASH_TRY, List.of("bash", "--norc"), lines);
    }

    private List<List<String>> offers(String shell, String functions, List<String> program, List<String> lines)
            throws IOException, InterruptedException {
        StringBuilder text =
                new StringBuilder(functions).append(". ./").append(script(shell).getFileName());
        lines.forEach(line -> text.append("\ntry ").append(line));
        Path file = Files.writeString(directory.resolve("try." + shell), text.append('\n'));
        List<String> words = new ArrayList<>(program);
        words.add(file.toString());
        List<List<String>> offers = new ArrayList<>();
        for (String line : output(directory, words.toArray(String[]::new)).split("\n", -1)) {
            offers.add(Stream.of(line.split(";", -1))
                    .filter(word -> !word.isEmpty())
                    .toList());
        }
        return offers.subList(0, lines.size());
    }

    private static Map<String, List<String>> expectations() {
        Map<String, List<String>> expected = new LinkedHashMap<>();
        expected.put("sotto keyr", List.of("keyring"));
        expected.put("sotto keyring ins", List.of("install"));
        expected.put("sotto keyring rot", List.of("rotate"));
        expected.put("sotto keyring rotate -ab", List.of("-abort"));
        expected.put("sotto keyring rotate -status x", List.of());
        expected.put("sotto tls ''", List.of("ca", "cert"));
        expected.put("sotto tls cert ''", List.of("create", "inspect", "check"));
        expected.put("sotto tls cert create --additional-d", List.of("--additional-dnsname"));
        expected.put("sotto agent -config-format ''", List.of("json", "hcl", "conf"));
        expected.put("sotto agent -config-format h", List.of("hcl"));
        expected.put("sotto agent --config-format h", List.of("hcl"));
        expected.put("sotto agent -http-port 8500 -prof", List.of("-profile"));
        expected.put("sotto agent -dev -profile con", List.of("consul-client"));
        expected.put("sotto gossip ''", List.of("status"));
        expected.put("sotto upshift ''", List.of("gossip", "tls"));
        expected.put("sotto upshift tls ''", List.of("plan", "run", "next", "status", "abort", "token", "enrol"));
        expected.put("sotto upshift gossip run -key", List.of("-key-file"));
        expected.put("sotto upshift tls run -key", List.of());
        expected.put("sotto completion ''", List.of("bash", "zsh"));
        expected.put("sotto help keyg", List.of("keygen"));
        return expected;
    }

    @Test
    void bashOffersVerbsFlagsAndValues() throws Exception {
        Map<String, List<String>> expected = expectations();
        expected.put("sotto agent -config-format = ''", List.of("json", "hcl", "conf"));
        expected.put("sotto agent -config-format = h", List.of("hcl"));
        expected.put("sotto agent -config-format =", List.of("json", "hcl", "conf"));
        expected.put("sotto members -http-addr 127.0.0.1 : 8500 -form", List.of("-format"));
        Files.createFile(directory.resolve("a file.json"));
        expected.put("sotto validate a", List.of("a file.json"));
        expected.put("sotto agent -config-file a", List.of("a file.json"));
        List<List<String>> offers = bash(List.copyOf(expected.keySet()));
        assertThat(offers).containsExactlyElementsOf(expected.values());
    }

    @Test
    void bashOffersEveryVerbAndEveryFlagThatTheHelpShows() throws Exception {
        assertThat(bash(List.of("sotto ''")).get(0)).containsExactly(Verbs.NAMES);
        Map<String, Set<String>> flags = new LinkedHashMap<>();
        for (String name : Verbs.NAMES) {
            Verb verb = Verbs.find(name);
            if (verb != null) {
                flags.put("sotto " + name + " -", flags(verb));
                verb.below()
                        .forEach((words, below) -> flags.put("sotto " + name + " " + words + " -", flags(below.get())));
            }
        }
        List<Set<String>> offers = bash(List.copyOf(flags.keySet())).stream()
                .<Set<String>>map(TreeSet::new)
                .toList();
        assertThat(offers).containsExactlyElementsOf(flags.values());
        assertThat(flags.get("sotto tls ca create -")).contains("-domain");
    }

    private static Set<String> flags(Verb verb) {
        Set<String> flags = new TreeSet<>(List.of("-help"));
        verb.flags().shown().forEach(flag -> flags.add("-" + flag.name()));
        return flags;
    }

    @Test
    void zshOffersVerbsFlagsAndValues() throws Exception {
        assumeTrue(onThePath("zsh"), "there is no zsh on the PATH to complete in (Debian package zsh)");
        // zsh itself leaves out what does not begin with what is typed: the script offers all.
        List<List<String>> offers = offers(
                "zsh",
                ZSH_TRY,
                List.of("zsh", "-f"),
                List.of(
                        "sotto ''",
                        "sotto keyring ''",
                        "sotto tls cert ''",
                        "sotto keyring rotate -",
                        "sotto agent -profile ''",
                        "sotto agent -dev --profile=con",
                        "sotto validate ''"));
        assertThat(offers.get(0)).containsExactly(Verbs.NAMES);
        assertThat(offers.get(1)).contains("install", "rotate");
        assertThat(offers.get(2)).containsExactly("create", "inspect", "check");
        assertThat(offers.get(3)).contains("-abort", "-help");
        assertThat(offers.get(4)).containsExactly("serf", "consul-client", "observer");
        assertThat(offers.get(5)).containsExactly("serf", "consul-client", "observer");
        assertThat(offers.get(6)).containsExactly("@files");
    }

    private static boolean onThePath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Test
    void aShellMustBeNamed() {
        assertThat(Shell.run("completion").code()).isEqualTo(Exit.USAGE);
        assertThat(Shell.run("completion", "fish").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void theScriptIsInstalledForTheUsersOwnShellsAndTakenAway() throws Exception {
        Path bashrc = Files.writeString(directory.resolve(".bashrc"), "PS1=x");
        Path zshrc = Files.writeString(directory.resolve(".zshrc"), "");
        Map<String, String> user = Map.of("HOME", directory.toString());

        assertThat(Shell.run(user, "-autocomplete-install").code()).isZero();
        assertThat(Shell.run(user, "-autocomplete-install").out()).contains("Renewed");
        assertThat(Files.readAllLines(bashrc)).hasSize(2).first().isEqualTo("PS1=x");
        assertThat(Files.readAllLines(zshrc)).hasSize(1);
        assertThat(output(directory, "bash", "--norc", "-c", ". ./.bashrc; complete -p sotto"))
                .isEqualTo("complete -F _sotto sotto\n");

        assertThat(Shell.run(user, "-autocomplete-uninstall").code()).isZero();
        assertThat(bashrc).hasContent("PS1=x\n");
        assertThat(zshrc).isEmptyFile();
        assertThat(directory.resolve(".local/share/sotto/completion.bash")).doesNotExist();
        assertThat(Shell.run(user, "-autocomplete-uninstall").code()).isEqualTo(Exit.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-autocomplete-install", "-autocomplete-uninstall"})
    void aUserWithoutAShellOfTheirsIsToldSo(String flag) {
        assertThat(Shell.run(Map.of("HOME", directory.toString()), flag).code()).isEqualTo(Exit.FAILED);
        assertThat(Shell.run(flag).err()).contains("HOME is not set");
        assertThat(directory).isEmptyDirectory();
    }
}
