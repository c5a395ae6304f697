package io.sotto.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** {@code sotto upshift KIND run} against one agent, as a process, and the steps that it tells of. */
final class UpshiftRun {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final NodeProcess process;

    private UpshiftRun(NodeProcess process) {
        this.process = process;
    }

    /** @param flags after {@code sotto upshift KIND run} */
    static UpshiftRun start(HttpNode agent, Path directory, String kind, String... flags) {
        List<String> words = new ArrayList<>(List.of(
                kind, "run", "-format", "json", "-http-addr", agent.api().address()));
        words.addAll(List.of(flags));
        String name = "upshift-" + kind + "-" + COUNT.incrementAndGet();
        return new UpshiftRun(NodeProcess.start(
                name, directory.resolve(name + ".log"), SottoProgram.verb("upshift", words.toArray(String[]::new))));
    }

    /** {@code sotto upshift KIND status} of one agent. */
    static JsonNode status(HttpNode agent, String kind) {
        return NodeFiles.parse(Command.run(SottoProgram.verb(
                        "upshift",
                        kind,
                        "status",
                        "-format",
                        "json",
                        "-http-addr",
                        agent.api().address()))
                .out());
    }

    /** The exit code, once it has ended. */
    int awaitEnd() {
        return process.awaitExit(PATIENCE);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Ends the verb, and not what it follows. */
    void stop() {
        process.terminate();
        process.awaitExit();
    }

    /** Waits for a step of which this holds. */
    JsonNode awaitStep(String what, Predicate<JsonNode> test) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() -> {
                    if (!process.isAlive() && steps().stream().noneMatch(test)) {
                        throw new AssertionError("the verb has ended:\n" + process.log());
                    }
                })
                .until(() -> steps().stream().anyMatch(test));
        return steps().stream().filter(test).findFirst().orElseThrow();
    }

    /** All that it has told of so far, whole lines only. */
    List<JsonNode> steps() {
        String log = process.log();
        return log.substring(0, log.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(NodeFiles::parse)
                .toList();
    }

    JsonNode last() {
        List<JsonNode> steps = steps();
        return steps.get(steps.size() - 1);
    }

    /** All that it has said, for whoever reads of a failure. */
    String log() {
        return process.log();
    }
}
