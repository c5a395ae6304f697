package io.sotto.bench.fuzz;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The agent under fire: a process of its own, as the launcher would start it, its output in a file. */
final class LiveAgent implements AutoCloseable {
    private static final int GOSSIP_PORT = 8301;
    private static final int HTTP_PORT = 8500;
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration HTTP_PATIENCE = Duration.ofMinutes(1);
    private static final int START_TIME = 19;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern NAME = Pattern.compile("\"Name\":\\s*\"([^\"]*)\"");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(HTTP_PATIENCE).build();

    private final String name;
    private final String address;
    private final Process process;
    private final Path log;

    private LiveAgent(String name, String address, Process process, Path log) {
        this.name = name;
        this.address = address;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an agent and waits until it answers.
     *
     * @param build the launcher's build
     * @param scratch where its configuration and its output go
     * @param address on loopback, for gossip and HTTP
     * @param key the gossip key in base64, if it is to have one
     */
    static LiveAgent start(Path build, Path scratch, String name, String address, Optional<String> key)
            throws IOException, InterruptedException {
        Files.createDirectories(scratch);
        Path log = scratch.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        try (Stream<String> lines = Files.lines(build.resolve("agent.args"))) {
            lines.map(line -> line.startsWith("\"") ? line.substring(1, line.length() - 1) : line)
                    .forEach(command::add);
        }
        command.addAll(List.of("io.sotto.agent.cli.Main", "agent", "-config-file"));
        command.add(configuration(scratch, name, address, key).toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        LiveAgent agent = new LiveAgent(name, address, process, log);
        agent.awaitReady();
        return agent;
    }

    /** Written anew each time, with a directory of its own that holds nothing yet. */
    private static Path configuration(Path scratch, String name, String address, Optional<String> key)
            throws IOException {
        Path file = scratch.resolve(name + ".json");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(
                file,
                "{\"node_name\":\"" + name + "\",\"bind_addr\":\"" + address + "\",\"client_addr\":\"" + address
                        + "\",\"data_dir\":\"" + Files.createTempDirectory(scratch, name)
                        + "\",\"log_level\":\"warn\""
                        + key.map(base64 -> ",\"encrypt\":\"" + base64 + "\"").orElse("") + "}");
    }

    String name() {
        return name;
    }

    InetSocketAddress gossip() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), GOSSIP_PORT);
    }

    /** Process id and the moment it started, in the kernel's ticks: together the same for one process only. */
    String identity() throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return process.pid() + " started " + fields[START_TIME];
    }

    /** Bytes of heap in use after a collection that was asked for. */
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

    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS of " + process.pid());
    }

    Metrics metrics() throws IOException, InterruptedException {
        return Metrics.parse(get("/v1/agent/metrics?format=prometheus"));
    }

    /** The names of all members listed, whatever is said of them. */
    Set<String> members() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(get("/v1/agent/members"));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    String log() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + HTTP_PORT + path))
                .timeout(HTTP_PATIENCE)
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode());
        }
        return response.body();
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        String last = "it has ended";
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                metrics();
                return;
            } catch (IOException notYet) {
                last = String.valueOf(notYet.getMessage());
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IOException(name + " is not ready, " + last + ":\n" + log());
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
