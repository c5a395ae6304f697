package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every command line of sotto's that a page shows as code names a verb that there is, with flags that it takes. Whether it does what
 * the page says is for the tests that run pages.
 */
final class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern FENCE = Pattern.compile("^\\s*```\\s*(\\S*).*");
    private static final Pattern COMMAND =
            Pattern.compile("(?:^|[;&|(]|\\bdo|\\$)\\s*(?:\\./|/opt/sotto/bin/)?sotto +((?:-?[a-z]).*)");
    /** A word as a shell reads it, roughly; what ends a command is a word of its own. */
    private static final Pattern WORD = Pattern.compile(
            "[0-9]*[<>]+&?\\S*|[;|&)#]+|(?:\"[^\"]*\"|'[^']*'|\\$\\([^)]*\\)|<\\(|\\\\ |[^\\s;|&)<>])+");

    private record Command(String where, String text) {}

    @Test
    void everyCommandOnAPageIsOneThatSottoTakes() throws IOException {
        List<String> faults = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        for (Path page : pages()) {
            commands.addAll(commands(page));
        }
        for (Command command : commands) {
            List<String> words = words(command.text);
            Verbs.Found found = Verbs.resolve(words);
            if (found == null) {
                if (!words.get(0).startsWith("-") && !words.get(0).equals("help")) {
                    faults.add(command + ": no such verb");
                }
                continue;
            }
            try {
                found.verb().flags().parse(found.rest());
            } catch (UsageException e) {
                faults.add(command + ": " + e.getMessage());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(commands).hasSizeGreaterThan(80);
    }

    @Test
    void aCommandEndsWhereTheShellEndsIt() {
        assertThat(words("keygen > gossip.key")).containsExactly("keygen");
        assertThat(words("members -http-addr 127.0.0.2:8500 | grep -v setter"))
                .containsExactly("members", "-http-addr", "127.0.0.2:8500");
        assertThat(words("reload    # reads it again")).containsExactly("reload");
        assertThat(words("event -name \"a b\" 'c d' 2>&1; wait")).containsExactly("event", "-name", "\"a b\"", "'c d'");
    }

    private static List<Command> commands(Path page) throws IOException {
        List<Command> commands = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        String fence = null;
        for (int i = 0; i < lines.size(); i++) {
            int first = i;
            Matcher mark = FENCE.matcher(lines.get(i));
            if (mark.matches()) {
                fence = fence == null ? mark.group(1) : null;
                continue;
            }
            boolean isCode = fence == null
                    ? lines.get(i).startsWith("    ")
                    : fence.equals("sh") || fence.equals("shell-session");
            if (!isCode) {
                continue;
            }
            StringBuilder whole = new StringBuilder(lines.get(i));
            while (whole.charAt(Math.max(0, whole.length() - 1)) == '\\' && i + 1 < lines.size()) {
                whole.setLength(whole.length() - 1);
                i++;
                whole.append(lines.get(i));
            }
            Matcher command = COMMAND.matcher(whole.toString().replaceFirst("^\\s*[$#] ", ""));
            int from = 0;
            while (command.find(from)) {
                commands.add(new Command(ROOT.relativize(page) + ":" + (first + 1), command.group(1)));
                from = command.start(1);
            }
        }
        return commands;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            String one = word.group();
            if (one.matches("[;|&)#]+.*")) {
                break;
            }
            if (one.matches("[0-9]*[<>]+.*") && !one.matches("<[a-z]+>")) {
                break;
            }
            words.add(one);
        }
        return words;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(docs, Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
