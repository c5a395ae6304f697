package io.sotto.interop;

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

/** What the pages under {@code docs} say, held against what is built. */
final class DocumentationTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void everyLinkInTheDocumentationLeadsToAFile() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                var directory = page.getParent();
                if (directory == null || !Files.exists(directory.resolve(link.group(1)))) {
                    broken.add(ROOT.relativize(page) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyCellOfTheComparisonNamesItsSource() throws IOException {
        var rows = Files.readAllLines(ROOT.resolve("docs/reference/comparison.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| |") && !line.startsWith("| ---"))
                .map(line -> List.of(line.split(" \\|", -1)))
                .toList();
        assertThat(rows).hasSizeGreaterThan(10).allSatisfy(row -> {
            var cells = row.subList(1, row.size() - 1);
            assertThat(cells).hasSize(7).allSatisfy(cell -> assertThat(cell).contains("]("));
        });
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> top = Files.list(ROOT)) {
            return Stream.concat(docs, top)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }
}
