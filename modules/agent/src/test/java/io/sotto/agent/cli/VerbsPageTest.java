package io.sotto.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of all verbs, made out of what each prints for {@code -h}; with {@code -Dsotto.docs=write} it is written. */
final class VerbsPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "reference", "verbs.md");

    private static final String HEAD = """
            # Every verb and flag

            What `sotto help` and `sotto <verb> -h` print, made out of the program itself. [The command line](cli.md) tells what
            the verbs are for.

            """;

    @Test
    void thePageOfVerbsIsWhatTheyPrint() throws IOException {
        String made = page();
        if ("write".equals(System.getProperty("sotto.docs"))) {
            Files.writeString(PAGE, made);
        } else {
            assertThat(Files.readString(PAGE))
                    .as("%s; written anew by mvn verify -pl modules/agent -am -Dsotto.docs=write", PAGE.normalize())
                    .isEqualTo(made);
        }
    }

    private static String page() {
        var text = new StringBuilder(HEAD).append(block(Verbs.allPage()));
        for (String name : Verbs.NAMES) {
            Verb verb = Verbs.find(name);
            if (verb == null) {
                continue;
            }
            text.append("\n## ").append(name).append("\n\n").append(block(verb.help()));
            new TreeMap<>(verb.below())
                    .forEach((words, below) -> text.append("\n### ")
                            .append(name)
                            .append(' ')
                            .append(words)
                            .append("\n\n")
                            .append(block(below.get().help())));
        }
        return text.toString();
    }

    /** As it is printed; not one of those blocks that other tests run. */
    private static String block(String help) {
        return help.lines()
                .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
                .collect(Collectors.joining());
    }
}
