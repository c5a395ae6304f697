package io.sotto.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is started, watched and stopped, with what the system's {@code /proc} says of it. */
final class Program implements AutoCloseable {
    private static final double MILLIS_PER_TICK = 10.0;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Process process;
    private final long startedNanos;
    private final BufferedReader lines;

    private Program(Process process, long startedNanos) {
        this.process = process;
        this.startedNanos = startedNanos;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Program start(List<String> command) throws IOException {
        long started = System.nanoTime();
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start(), started);
    }

    /** Runs to its end; gives the milliseconds that took. */
    static double runToEnd(List<String> command) throws IOException, InterruptedException {
        Program program = start(command);
        program.process.getInputStream().readAllBytes();
        int exit = program.process.waitFor();
        double millis = program.elapsedMillis();
        if (exit != 0) {
            throw new IOException("exit code " + exit + " of " + String.join(" ", command));
        }
        return millis;
    }

    /** Milliseconds until a line holds {@code text}. */
    double awaitLine(String text) throws IOException {
        lineWith(text);
        return elapsedMillis();
    }

    /** Gives it a line, and gives back what follows {@code answer} on the next line that holds it. */
    String ask(String answer) throws IOException {
        goOn();
        String line = lineWith(answer);
        return line.substring(line.indexOf(answer) + answer.length());
    }

    private String lineWith(String text) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(text)) {
                return line;
            }
            seen.add(line);
        }
        throw new IOException("ended without \"" + text + "\": " + seen);
    }

    /** Tells it to go on, by a line on its standard input. */
    void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Processor time of user and system so far. */
    double cpuMillis() throws IOException {
        String stat = Files.readString(proc("stat"));
        // The name in brackets may hold spaces; what follows it does not.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * MILLIS_PER_TICK;
    }

    double residentMebibytes() throws IOException {
        for (String line : Files.readAllLines(proc("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of " + process.pid());
    }

    private Path proc(String file) {
        return Path.of("/proc", String.valueOf(process.pid()), file);
    }

    private double elapsedMillis() {
        return (System.nanoTime() - startedNanos) / 1e6;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
