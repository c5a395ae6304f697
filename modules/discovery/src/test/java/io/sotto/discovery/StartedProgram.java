package io.sotto.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process whose output is kept in a file; it ends with the test. */
final class StartedProgram implements AutoCloseable {
    private final Path log;
    private final Process process;

    private StartedProgram(Path log, Process process) {
        this.log = log;
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    static StartedProgram start(Path log, List<String> words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        return new StartedProgram(log, process);
    }

    /** A main class of these tests, on their class path. */
    static StartedProgram start(Path log, Class<?> program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                // Failsafe starts this JVM with a jar that only names the real class path.
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        words.addAll(List.of(arguments));
        return start(log, words);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The last line that begins with this word. */
    Optional<String> last(String word) throws IOException {
        return log().lines().filter(line -> line.startsWith(word + " ")).reduce((before, after) -> after);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Ends it without a word. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
