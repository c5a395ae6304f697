package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A real {@code consul} agent, server or client, without the parts that a test has no use for. */
final class ConsulProcess implements PoolNode {
    enum Role {
        SERVER,
        CLIENT
    }

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Site site;
    private final Path directory;
    private final Path log;
    private final HttpApi api;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private Optional<NodeProcess> process = Optional.empty();

    ConsulProcess(String name, Site site, Path directory, Role role, Optional<String> key) {
        this.name = name;
        this.site = site;
        this.directory = directory.resolve(name);
        this.log = directory.resolve(name + ".log");
        this.api = new HttpApi(site.control());
        settings.put("node_name", name);
        settings.put("data_dir", this.directory.resolve("data").toString());
        settings.put("bind_addr", site.ip());
        settings.put("client_addr", site.control());
        settings.put("ports", Map.of("dns", -1, "grpc", -1, "serf_wan", -1));
        settings.put("log_level", "INFO");
        settings.put("disable_update_check", true);
        settings.put("performance", Map.of("raft_multiplier", 5));
        settings.put("retry_interval", "1s");
        if (role == Role.SERVER) {
            settings.put("server", true);
            settings.put("bootstrap_expect", 3);
        }
        key.ifPresent(secret -> settings.put("encrypt", secret));
    }

    /** Adds a setting by its name in Consul's files. */
    ConsulProcess with(String setting, Object value) {
        settings.put(setting, value);
        return this;
    }

    /** Has it read this file too, before its own. */
    ConsulProcess reading(Path file) {
        files.add(file);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Site site() {
        return site;
    }

    HttpApi api() {
        return api;
    }

    @Override
    public void start(List<String> seeds) {
        Path file = NodeFiles.write(directory.resolve("agent.json"), settings);
        List<String> words = new ArrayList<>(List.of(Peers.program("consul").toString(), "agent"));
        files.forEach(other -> words.add("-config-file=" + other));
        words.add("-config-file=" + file);
        seeds.forEach(seed -> words.add("-retry-join=" + seed));
        NodeProcess started = NodeProcess.start(name, log, words);
        process = Optional.of(started);
        started.awaitReady(START_PATIENCE, () -> assertThat(members()).isNotEmpty());
    }

    @Override
    public Set<MemberLine> members() {
        return api.members();
    }

    /** What {@code consul members -detailed} prints about one member: its line, tags last. */
    String detailedLine(String member) {
        return Command.output(verb("members", "-detailed"))
                .lines()
                .filter(line -> line.startsWith(member + " "))
                .findFirst()
                .orElse("");
    }

    @Override
    public void leave() {
        Command.output(verb("leave"));
        process.orElseThrow().awaitExit();
    }

    /** Where it keeps its keys. */
    Path ring() {
        return directory.resolve("data/serf/local.keyring");
    }

    /** {@code consul keyring}, whatever comes of it. */
    Command keyring(String... arguments) {
        return Command.run(verb("keyring", arguments));
    }

    /** What {@code consul WORD...} prints; it must succeed. */
    String says(String... verb) {
        List<String> words = new ArrayList<>(List.of(Peers.program("consul").toString()));
        words.addAll(List.of(verb));
        words.add("-http-addr=http://" + api.address());
        return Command.output(words);
    }

    /** {@code consul force-leave}. */
    void forceLeave(String member) {
        Command.output(verb("force-leave", member));
    }

    @Override
    public Optional<NodeProcess> process() {
        return process;
    }

    @Override
    public Path logFile() {
        return log;
    }

    private List<String> verb(String verb, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(Peers.program("consul").toString(), verb, "-http-addr=http://" + api.address()));
        words.addAll(List.of(arguments));
        return words;
    }
}
