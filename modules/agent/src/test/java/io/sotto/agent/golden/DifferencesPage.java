package io.sotto.agent.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The page that says where sotto differs from real agents. */
final class DifferencesPage {
    private static final Path PAGE = Path.of("docs", "reference", "differences.md");

    private DifferencesPage() {}

    /** Its text, with lines joined. */
    static String text() {
        Path root = Path.of("").toAbsolutePath();
        Path page = Stream.iterate(root, Objects::nonNull, Path::getParent)
                .map(directory -> directory.resolve(PAGE))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        try {
            return Files.readString(page).replaceAll("\\s+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
