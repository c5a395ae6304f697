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

/** A {@code sotto agent}, configured by a JSON file as Consul's users write it, and seeds by {@code -retry-join}. */
final class AgentProcess implements PoolNode {
    /** A JVM on a busy machine takes its time. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(45);

    private final String name;
    private final Site site;
    private final Path directory;
    private final Path log;
    private final HttpApi api;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private Optional<NodeProcess> process = Optional.empty();

    /**
     * @param directory where its log, its configuration and its data go, under its name
     * @param profile whose kind of pool it joins
     */
    AgentProcess(String name, Site site, Path directory, String profile, Optional<String> key) {
        this.name = name;
        this.site = site;
        this.directory = directory.resolve(name);
        this.log = directory.resolve(name + ".log");
        this.api = new HttpApi(site.control());
        settings.put("node_name", name);
        settings.put("data_dir", this.directory.resolve("data").toString());
        settings.put("bind_addr", site.ip());
        settings.put("client_addr", site.control());
        settings.put("ports", Map.of("http", HttpApi.PORT, "serf_lan", site.port()));
        settings.put("profile", profile);
        key.ifPresent(secret -> settings.put("encrypt", secret));
    }

    /** Adds a setting by its name in Consul's files. */
    AgentProcess with(String setting, Object value) {
        settings.put(setting, value);
        return this;
    }

    /** Has it read this file too, before its own. */
    AgentProcess reading(Path file) {
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
        List<String> flags = new ArrayList<>();
        seeds.forEach(seed -> flags.addAll(List.of("-retry-join", seed)));
        NodeProcess started = launch(flags);
        started.awaitReady(START_PATIENCE, () -> assertThat(members()).isNotEmpty());
    }

    /** Starts it with these flags and does not wait. */
    NodeProcess launch(List<String> flags) {
        Path file = NodeFiles.write(directory.resolve("agent.json"), settings);
        List<String> arguments = new ArrayList<>();
        files.forEach(other -> arguments.addAll(List.of("-config-file", other.toString())));
        arguments.addAll(List.of("-config-file", file.toString()));
        arguments.addAll(flags);
        NodeProcess started = NodeProcess.start(name, log, SottoProgram.agent(arguments));
        process = Optional.of(started);
        return started;
    }

    /** Starts it with these flags; it must end with 1 and say all of this. */
    void assertRefused(List<String> flags, String... reasons) {
        int exit = launch(flags).awaitExit();
        assertThat(log()).as("what %s says", name).contains(reasons);
        assertThat(exit).as("exit code of %s", name).isEqualTo(1);
    }

    @Override
    public Set<MemberLine> members() {
        return api.members();
    }

    /** Where it keeps what its next life must know. */
    Path snapshot() {
        return directory.resolve("data/serf/local.snapshot");
    }

    /** Where it keeps its keys. */
    Path ring() {
        return directory.resolve("data/serf/local.keyring");
    }

    /** The pool as {@code sotto members} prints it. */
    Set<MemberLine> membersByVerb() {
        return MemberLine.ofVerb(NodeFiles.parse(Command.output(verb("members", "-format", "json"))));
    }

    @Override
    public void leave() {
        Command.output(verb("leave"));
        assertThat(process.orElseThrow().awaitExit())
                .as("exit code after a leave")
                .isZero();
    }

    /** {@code sotto rpc call}, whatever comes of it. */
    Command rpc(String method, String request) {
        return Command.run(verb("rpc", "call", "-format", "json", method, request));
    }

    /** {@code sotto force-leave}. */
    void forceLeave(String member) {
        Command.output(verb("force-leave", member));
    }

    /** Ends by SIGTERM, which is a graceful leave too. Returns the exit code. */
    int terminate() {
        NodeProcess running = process.orElseThrow();
        running.terminate();
        return running.awaitExit();
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
        List<String> words = new ArrayList<>(List.of("-http-addr", api.address()));
        words.addAll(List.of(arguments));
        return SottoProgram.verb(verb, words.toArray(String[]::new));
    }
}
