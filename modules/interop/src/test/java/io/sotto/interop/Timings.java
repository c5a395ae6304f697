package io.sotto.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/** Names the time that each step took: one line per step on standard output and in {@code target/interop/timings.txt}. */
final class Timings {
    private static final Path FILE = Path.of("target", "interop", "timings.txt");

    private Timings() {}

    static synchronized void add(String pool, String step, Duration took, Duration bound) {
        String line = String.format(
                Locale.ROOT, "%-26s %6.1f s (bound %d s)  %s%n", pool, took.toMillis() / 1e3, bound.toSeconds(), step);
        System.out.print(line);
        try {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.write(
                    FILE, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
