package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A {@code sotto agent}, configured by a JSON file as Consul's users write it, and seeds by {@code -retry-join}. */
final class AgentProcess extends ConfiguredNode<AgentProcess> {
    /** A JVM on a busy machine takes its time. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(45);

    /**
     * @param directory where its log, its configuration and its data go, under its name
     * @param profile whose kind of pool it joins
     */
    AgentProcess(String name, Site site, Path directory, String profile, Optional<String> key) {
        super(name, site, directory, key);
        with("ports", Map.of("http", HttpApi.PORT, "serf_lan", site.port()));
        with("profile", profile);
    }

    @Override
    AgentProcess self() {
        return this;
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
        List<String> arguments = new ArrayList<>();
        configuration().forEach(file -> arguments.addAll(List.of("-config-file", file.toString())));
        arguments.addAll(flags);
        return run(SottoProgram.agent(arguments));
    }

    /** Starts it with these flags; it must end with 1 and say all of this. */
    void assertRefused(List<String> flags, String... reasons) {
        int exit = launch(flags).awaitExit();
        assertThat(log()).as("what %s says", name()).contains(reasons);
        assertThat(exit).as("exit code of %s", name()).isEqualTo(1);
    }

    /** The pool as {@code sotto members} prints it. */
    Set<MemberLine> membersByVerb() {
        return MemberLine.ofVerb(NodeFiles.parse(Command.output(verb("members", "-format", "json"))));
    }

    @Override
    public void leave() {
        Command.output(verb("leave"));
        assertThat(process().orElseThrow().awaitExit())
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
        NodeProcess running = process().orElseThrow();
        running.terminate();
        return running.awaitExit();
    }

    private List<String> verb(String verb, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-http-addr", api().address()));
        words.addAll(List.of(arguments));
        return SottoProgram.verb(verb, words.toArray(String[]::new));
    }
}
