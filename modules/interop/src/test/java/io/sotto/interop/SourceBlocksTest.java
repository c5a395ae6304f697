package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that a page shows out of a source file, {@code ```java source=…}, stands there word for word; white space is the page's. */
final class SourceBlocksTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final int NEWCOMERS_PATIENCE_LINES = 100;

    @Test
    void everyBlockThatNamesItsFileStandsInIt() throws IOException {
        List<String> strays = new ArrayList<>();
        int tied = 0;
        for (Path page : pages()) {
            for (PageBlock block : PageBlock.of(Files.readAllLines(page))) {
                if (block.word("source").isPresent()) {
                    tied++;
                    Path file = ROOT.resolve(block.word("source").get());
                    if (!Files.exists(file) || !bare(Files.readString(file)).contains(bare(block.text()))) {
                        strays.add(ROOT.relativize(page) + ":" + block.line());
                    }
                }
            }
        }
        assertThat(strays).isEmpty();
        assertThat(tied).isGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/start/testkit.md", "docs/start/example.md"})
    void ofThesePagesEveryBlockOfJavaNamesItsFile(String page) throws IOException {
        assertThat(PageBlock.of(Files.readAllLines(ROOT.resolve(page))))
                .filteredOn(block -> block.language().equals("java"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.word("source")).isPresent());
    }

    @Test
    void theWayToAPartitionDuringAKeyRotationTakesLessThanAHundredLines() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("docs/start/testkit.md"))).hasSizeLessThan(NEWCOMERS_PATIENCE_LINES);
    }

    @Test
    void aBlockThatStandsNowhereIsSeen() {
        assertThat(bare("a( b );\n")).isEqualTo(bare("a(b);")).isNotEqualTo(bare("a(c);"));
    }

    private static String bare(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return docs.filter(path -> path.toString().endsWith(".md")).sorted().toList();
        }
    }
}
