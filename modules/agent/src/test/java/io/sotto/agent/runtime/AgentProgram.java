package io.sotto.agent.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged agent as a process of its own, with everything that it prints. */
final class AgentProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final Pattern HTTP = Pattern.compile("Started HTTP server: address=(\\S+)");
    private static final Pattern GOSSIP = Pattern.compile("EventMemberJoin: \\S+ (\\S+:\\d+)");

    private final Process process;
    private final Path output;

    private AgentProgram(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code sotto agent} with these words after it; its output goes to a file in {@code directory}. */
    static AgentProgram start(Path directory, String... words) throws IOException {
        Path output = Files.createTempFile(directory, "agent", ".out");
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Objects.requireNonNull(System.getProperty("sotto.jar"), "run by Failsafe, which names the jar"),
                "agent"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new AgentProgram(process, output);
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it has printed {@code text}. */
    AgentProgram untilItSays(String text) throws IOException {
        long end = System.currentTimeMillis() + PATIENCE.toMillis();
        while (!output().contains(text)) {
            if (System.currentTimeMillis() > end || (!process.isAlive() && !output().contains(text))) {
                throw new AssertionError("never said \"" + text + "\", but:\n" + output());
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        return this;
    }

    /** {@code 127.0.0.1:38603}. */
    String http() throws IOException {
        return find(HTTP);
    }

    /** {@code 127.0.0.1:44307}. */
    String gossip() throws IOException {
        return find(GOSSIP);
    }

    private String find(Pattern pattern) throws IOException {
        Matcher found = pattern.matcher(output());
        if (!found.find()) {
            throw new AssertionError("no " + pattern + " in:\n" + output());
        }
        return found.group(1);
    }

    /** Sends a signal by its short name. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
