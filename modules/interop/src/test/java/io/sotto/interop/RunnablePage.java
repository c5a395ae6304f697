package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, done as it says: its {@code sh} blocks in order, in one shell; blocks with {@code file=NAME}
 * written to that file; {@code text} blocks held against what the commands before them printed. A block that says
 * {@code with=PROGRAM} counts only where that real program is, and blocks of other languages are for readers alone.
 *
 * <p>Its loopback addresses (127.0.0.N) stand for addresses that nobody else has.
 */
final class RunnablePage {
    private static final Pattern LOOPBACK = Pattern.compile("\\b127\\.0\\.0\\.\\d+\\b");
    /** Against a page that hangs: one starts a dozen agents, after one another, and runs a hundred verbs. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String SHELL = "sh";
    private static final String OUTPUT = "text";

    private final List<PageBlock> blocks;
    private final Path directory;
    private final Map<String, String> addresses = new HashMap<>();

    private RunnablePage(List<PageBlock> blocks, Path directory) {
        this.blocks = blocks;
        this.directory = directory;
    }

    /** Reads a page; {@code directory} is where its files go. */
    static RunnablePage read(Path page, Path directory) {
        try {
            return new RunnablePage(
                    PageBlock.of(Files.readAllLines(page)).stream()
                            .filter(block -> block.word("with").stream()
                                    .allMatch(peer -> Peers.find(peer).isPresent()))
                            .toList(),
                    directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does all of it. */
    void run() throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve("work"));
        Path script = Files.writeString(directory.resolve("page.sh"), script());
        Path said = directory.resolve("page.log");
        ProcessBuilder shell = new ProcessBuilder("bash", script.toString())
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        shell.environment().merge("PATH", programs().toString(), (path, own) -> own + ":" + path);
        shell.environment().keySet().removeIf(name -> name.startsWith("SOTTO_") || name.startsWith("CONSUL_"));
        Process running = shell.start();
        boolean ended = running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
        assertThat(ended && running.exitValue() == 0).as(() -> failure()).isTrue();
        compare();
    }

    private String script() {
        StringBuilder script = new StringBuilder("set -eu -o pipefail\ntrap 'kill -9 $(jobs -p) || :' EXIT\n");
        for (int i = 0; i < blocks.size(); i++) {
            PageBlock block = blocks.get(i);
            String text = onOwnAddresses(block.text());
            if (block.word("file").isPresent()) {
                String file = block.word("file").get();
                script.append("mkdir -p \"$(dirname '%s')\"\ncat >'%s' <<'END OF FILE'\n%sEND OF FILE\n"
                        .formatted(file, file, text));
            } else if (block.language().equals(SHELL)) {
                script.append("echo %d >'%s'\n".formatted(i, directory.resolve("last")));
                script.append("{\n%s} >'%s' 2>&1\n".formatted(text, output(i)));
            }
        }
        return script.toString();
    }

    /** What was expected is held against what the shell block before it printed. */
    private void compare() throws IOException {
        int last = -1;
        for (int i = 0; i < blocks.size(); i++) {
            PageBlock block = blocks.get(i);
            if (block.language().equals(SHELL)) {
                last = i;
            } else if (block.language().equals(OUTPUT) && last >= 0) {
                String printed = Files.readString(output(last));
                PageBlock expected = new PageBlock(OUTPUT, block.words(), block.line(), onOwnAddresses(block.text()));
                assertThat(expected.isPrintedAs(printed))
                        .as("line %d: printed was%n%s%nwhere the page says%n%s", block.line(), printed, expected.text())
                        .isTrue();
            }
        }
    }

    private Path output(int block) {
        return directory.resolve("block-" + block + ".out");
    }

    private String failure() {
        try {
            int last =
                    Integer.parseInt(Files.readString(directory.resolve("last")).strip());
            return "the block of line %d:%n%s%nprinted%n%s%nthe shell said %s"
                    .formatted(
                            blocks.get(last).line(),
                            blocks.get(last).text(),
                            Files.readString(output(last)),
                            Files.readString(directory.resolve("page.log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String onOwnAddresses(String text) {
        Matcher found = LOOPBACK.matcher(text);
        return found.replaceAll(match -> addresses.computeIfAbsent(
                match.group(), address -> Site.ipv4(Site.CONSUL_PORT).ip()));
    }

    /** A directory with {@code sotto} and the real programs in it. */
    private Path programs() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        List<String> agent = SottoProgram.agent(List.of());
        List<String> verb = new ArrayList<>(SottoProgram.verb("agent"));
        executable(
                bin.resolve("sotto"),
                "#!/bin/sh\n[ \"${1:-}\" = agent ] && exec %s \"$@\"\nexec %s \"$@\"\n"
                        .formatted(
                                quoted(agent.subList(0, agent.size() - 1)), quoted(verb.subList(0, verb.size() - 1))));
        for (String peer : List.of("consul", "serf", "nomad")) {
            if (Peers.find(peer).isPresent()) {
                executable(bin.resolve(peer), "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(Peers.program(peer)));
            }
        }
        return bin;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String quoted(List<String> words) {
        return "'" + String.join("' '", words) + "'";
    }
}
