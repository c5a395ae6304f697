package io.sotto.interop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The options with which the packed agent starts as quickly as by its launcher: its class-data archives, made once for each
 * build of its jar, by whichever of the test processes is first to ask. Without them a start costs twice the processor time.
 */
final class QuickStarts {
    private static final Path PREPARE = Path.of("starts", "prepare").toAbsolutePath();

    /** One life of an agent and some verbs, with everything else that the machine has to do. */
    private static final int PATIENCE_MINUTES = 3;

    /** For whom the options are; their files are named after it. */
    enum Kind {
        AGENT("agent"),
        VERB("cli");

        private final String file;

        Kind(String file) {
            this.file = file;
        }
    }

    private QuickStarts() {}

    /** The file of options for {@code java}, the class path among them, to start what is in this jar. */
    static synchronized Path options(Path jar, Kind kind) throws IOException {
        Path directory = jar.resolveSibling("starts");
        String build = Files.getLastModifiedTime(jar) + " " + Files.size(jar) + "\n";
        Path madeFor = directory.resolve("made-for");
        try (FileChannel channel = FileChannel.open(
                jar.resolveSibling("starts.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!Files.exists(madeFor) || !Files.readString(madeFor).equals(build)) {
                prepare(jar, directory);
                Files.writeString(madeFor, build);
            }
        }
        return directory.resolve(kind.file + ".args");
    }

    private static void prepare(Path jar, Path directory) throws IOException {
        Path log = jar.resolveSibling("starts.log");
        ProcessBuilder preparing = new ProcessBuilder(PREPARE.toString(), jar.toString(), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        preparing.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = preparing.start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("no quick starts: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
