package io.sotto.bench.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An agent as a process, real or ours, with its HTTP API. */
final class AgentUnderLoad implements AutoCloseable {
    static final int HTTP_PORT = 8500;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private final String name;
    private final String address;
    private final Process process;
    private final Path log;

    private AgentUnderLoad(String name, String address, Process process, Path log) {
        this.name = name;
        this.address = address;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, with these settings besides name and addresses.
     *
     * @param command what runs an agent, but for its file
     */
    static AgentUnderLoad start(List<String> command, Path scratch, String name, String address, String settings)
            throws IOException {
        Files.createDirectories(scratch);
        Path file = Files.writeString(
                scratch.resolve(name + ".json"),
                "{\"node_name\":\"" + name + "\",\"bind_addr\":\"" + address + "\",\"client_addr\":\"" + address
                        + "\",\"data_dir\":\"" + Files.createTempDirectory(scratch, name)
                        + "\",\"log_level\":\"warn\"," + settings + "}");
        Path log = scratch.resolve(name + ".log");
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("agent", "-config-file=" + file));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new AgentUnderLoad(name, address, process, log);
    }

    /** The words that run {@code sotto} as the launcher would. */
    static List<String> sotto(Path build) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String line : Files.readAllLines(build.resolve("agent.args"))) {
            command.add(line.startsWith("\"") ? line.substring(1, line.length() - 1) : line);
        }
        command.add("io.sotto.agent.cli.Main");
        return command;
    }

    String address() {
        return address;
    }

    String url(String path) {
        return "http://" + address + ":" + HTTP_PORT + path;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url(path))).timeout(PATIENCE).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    void put(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " of " + name + ": " + response.statusCode() + " " + response.body());
        }
    }

    /** Waits until what a path answers holds {@code text} so often. */
    void await(String path, String text, int times) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            try {
                last = get(path).body();
                if (last.split(Pattern.quote(text), -1).length > times) {
                    return;
                }
            } catch (IOException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IOException(path + " of " + name + " has no " + times + " \"" + text + "\": " + last + "\n"
                + Files.readString(log));
    }

    /** Bytes of heap in use after a collection that was asked for; of a JVM only. */
    long heapAfterCollection() throws IOException, InterruptedException {
        jcmd("GC.run");
        long bytes = 0;
        for (String line : jcmd("GC.heap_info").split("\n", -1)) {
            Matcher used = USED.matcher(line);
            if (!line.contains("Metaspace") && !line.contains("class space") && used.find()) {
                bytes += Long.parseLong(used.group(1)) << 10;
            }
        }
        return bytes;
    }

    /** Ends it as an operator would; gives the seconds that took, and fails where it was not a clean end. */
    double endCleanly() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(name + " did not end cleanly:\n" + Files.readString(log));
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process running = new ProcessBuilder(program, String.valueOf(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
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
