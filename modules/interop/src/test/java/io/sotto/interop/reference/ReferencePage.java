package io.sotto.interop.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A page under {@code docs/reference} of which some is made out of the code. Its tests fail when the page says otherwise; with
 * {@code -Dsotto.docs=write} they write it instead.
 */
final class ReferencePage {
    private static final boolean WRITES = "write".equals(System.getProperty("sotto.docs"));

    private final Path file;

    ReferencePage(String name) {
        this.file = Path.of("..", "..", "docs", "reference", name);
    }

    /** Holds the page against itself with this change made to its lines. */
    void isAs(UnaryOperator<List<String>> made) throws IOException {
        List<String> there = Files.readAllLines(file);
        List<String> wanted = made.apply(there);
        if (WRITES) {
            Files.write(file, wanted);
        } else {
            assertThat(there)
                    .as("%s; written anew by mvn verify -pl modules/interop -am -Dsotto.docs=write", file.normalize())
                    .isEqualTo(wanted);
        }
    }

    /**
     * The lines with the rows of one table replaced: of the first one after a heading.
     *
     * @param rows what they are to be, given what they are
     */
    static List<String> withRows(List<String> lines, String heading, Function<List<String>, List<String>> rows) {
        int from = lines.indexOf(heading);
        if (from < 0) {
            throw new IllegalStateException("no heading: " + heading);
        }
        while (!lines.get(from).startsWith("| ---")) {
            from++;
        }
        from++;
        int to = from;
        while (to < lines.size() && lines.get(to).startsWith("|")) {
            to++;
        }
        List<String> result = new ArrayList<>(lines.subList(0, from));
        result.addAll(rows.apply(lines.subList(from, to)));
        result.addAll(lines.subList(to, lines.size()));
        return result;
    }
}
