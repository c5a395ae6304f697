package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real {@code serf} agent. */
final class SerfProcess implements PoolNode {
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);
    private static final int RPC_PORT = 7373;

    private final Path program;
    private final String name;
    private final Site site;
    private final Path log;
    private final Optional<String> key;
    private final List<String> flags = new ArrayList<>();
    private Optional<NodeProcess> process = Optional.empty();

    SerfProcess(Path program, String name, Site site, Path directory, Optional<String> key) {
        this.program = program;
        this.name = name;
        this.site = site;
        this.log = directory.resolve(name + ".log");
        this.key = key;
    }

    /** Adds a flag of {@code serf agent}. */
    SerfProcess with(String flag) {
        flags.add(flag);
        return this;
    }

    /** Runs a verb against this agent, which must succeed; returns what it printed. */
    String verb(String verb, String... arguments) {
        return Command.output(words(verb, arguments));
    }

    /** Runs a verb against this agent, whatever comes of it. */
    Command tryVerb(String verb, String... arguments) {
        return Command.run(words(verb, arguments));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public void start(List<String> seeds) {
        List<String> words = new ArrayList<>(List.of(
                program.toString(),
                "agent",
                "-node=" + name,
                "-bind=" + site.address(),
                "-rpc-addr=" + rpcAddress(),
                "-log-level=debug",
                "-tag=kind=serf"));
        key.ifPresent(secret -> words.add("-encrypt=" + secret));
        words.addAll(flags);
        seeds.forEach(seed -> words.add("-join=" + seed));
        NodeProcess started = NodeProcess.start(name, log, words);
        process = Optional.of(started);
        started.awaitReady(START_PATIENCE, () -> assertThat(members()).isNotEmpty());
    }

    @Override
    public Set<MemberLine> members() {
        return MemberLine.ofVerb(NodeFiles.parse(verb("members", "-format=json")));
    }

    @Override
    public void leave() {
        verb("leave");
        process.orElseThrow().awaitExit();
    }

    /** {@code serf force-leave}. */
    void forceLeave(String member) {
        verb("force-leave", member);
    }

    @Override
    public Optional<NodeProcess> process() {
        return process;
    }

    @Override
    public Path logFile() {
        return log;
    }

    /** Whether this machine's kernel has the address that IPv6 tests need. */
    static boolean hasIpv6() {
        return Files.exists(Path.of("/proc/net/if_inet6"));
    }

    private List<String> words(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of(program.toString(), verb, "-rpc-addr=" + rpcAddress()));
        words.addAll(List.of(arguments));
        return words;
    }

    private String rpcAddress() {
        return Site.address(site.control(), RPC_PORT);
    }
}
