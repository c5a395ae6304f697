package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real {@code consul} agent, server or client, without the parts that a test has no use for. */
final class ConsulProcess extends ConfiguredNode<ConsulProcess> {
    enum Role {
        SERVER,
        CLIENT
    }

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    ConsulProcess(String name, Site site, Path directory, Role role, Optional<String> key) {
        super(name, site, directory, key);
        with("ports", Map.of("dns", -1, "grpc", -1, "serf_wan", -1));
        with("log_level", "INFO");
        with("disable_update_check", true);
        with("performance", Map.of("raft_multiplier", 5));
        with("retry_interval", "1s");
        if (role == Role.SERVER) {
            with("server", true);
            with("bootstrap_expect", 3);
        }
    }

    @Override
    ConsulProcess self() {
        return this;
    }

    @Override
    public void start(List<String> seeds) {
        NodeProcess started = launch(seeds);
        started.awaitReady(START_PATIENCE, () -> assertThat(members()).isNotEmpty());
    }

    /** Starts it and does not wait. */
    NodeProcess launch(List<String> seeds) {
        List<String> words = new ArrayList<>(List.of(Peers.program("consul").toString(), "agent"));
        configuration().forEach(file -> words.add("-config-file=" + file));
        seeds.forEach(seed -> words.add("-retry-join=" + seed));
        return run(words);
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
        process().orElseThrow().awaitExit();
    }

    /** {@code consul keyring}, whatever comes of it. */
    Command keyring(String... arguments) {
        return Command.run(verb("keyring", arguments));
    }

    /** What {@code consul WORD...} prints; it must succeed. */
    String says(String... verb) {
        List<String> words = new ArrayList<>(List.of(Peers.program("consul").toString()));
        words.addAll(List.of(verb));
        words.add("-http-addr=http://" + api().address());
        return Command.output(words);
    }

    /** {@code consul force-leave}. */
    void forceLeave(String member) {
        Command.output(verb("force-leave", member));
    }

    private List<String> verb(String verb, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(Peers.program("consul").toString(), verb, "-http-addr=http://" + api().address()));
        words.addAll(List.of(arguments));
        return words;
    }
}
