package io.sotto.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command that was run to its end.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Command(List<String> words, int exit, String out, String err) {
    /** For verbs that only ask or tell a running agent; a leaving Consul server is the slowest at 11 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    static Command run(List<String> words) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("sotto-interop", ".out");
            err = Files.createTempFile("sotto-interop", ".err");
            Process process = new ProcessBuilder(words)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end within " + PATIENCE + ": " + words + "\n" + text(out) + text(err));
            }
            return new Command(words, process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            delete(out);
            delete(err);
        }
    }

    /** Runs it; it must succeed. Returns its standard output. */
    static String output(List<String> words) {
        Command command = run(words);
        if (command.exit() != 0) {
            throw new AssertionError(
                    "exit code " + command.exit() + " of " + words + ":\n" + command.out() + command.err());
        }
        return command.out();
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
