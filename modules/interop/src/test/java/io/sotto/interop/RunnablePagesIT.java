package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages under {@code docs/operate} that can be followed on one machine, followed. */
final class RunnablePagesIT {
    private static final Path PAGES = Path.of("..", "..", "docs", "operate");

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(RunnablePagesIT::hasCommands)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatAPageSaysComesTrue(Path page) throws Exception {
        RunnablePage.read(page, NodeFiles.directory("page " + page.getFileName()))
                .run();
    }

    @Test
    void theGuidesAreAmongThem() throws IOException {
        assertThat(pages())
                .extracting(page -> page.getFileName().toString())
                .contains("encrypt-gossip.md", "encrypt-rpc.md");
    }

    private static boolean hasCommands(Path page) {
        try {
            return PageBlock.of(Files.readAllLines(page)).stream()
                    .anyMatch(block -> block.language().equals("sh"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
