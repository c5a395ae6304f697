package io.sotto.example;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * Runs the museum: three gates in this process, each a node of its own. {@code -once} lets some visitors in, replaces the gossip
 * key while more come, and ends; the exit code says whether every gate counts all of them. Otherwise it goes on until Ctrl-C and
 * does what is typed: {@code north 3} lets three in through that gate, {@code rotate} replaces the key.
 */
final class Museum {
    private static final List<String> GATES = List.of("north", "east", "south");
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_MILLIS = 50;

    private final List<GateNode> gates = new ArrayList<>();
    private final long begunNanos = System.nanoTime();
    private int came;

    private Museum() {}

    public static void main(String[] args) throws Exception {
        // Before there are other threads, which would all have to wait for it.
        LoggerFactory.getILoggerFactory();
        Museum museum = new Museum();
        try {
            museum.open(Path.of(System.getProperty("museum.papers", "target/museum")));
            if (List.of(args).contains("-once")) {
                System.exit(museum.runOnce() ? 0 : 1);
            }
            museum.serve();
        } finally {
            museum.close();
        }
    }

    private void open(Path folder) throws Exception {
        Papers papers = Papers.in(folder.toAbsolutePath(), GATES, Instant.now());
        say("key and certificates are in " + papers.folder());
        String life = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        for (String name : GATES) {
            GateNode gate = GateNode.start(name, papers, life);
            gates.add(gate);
            say(name + " is open, at " + result(gate.started()));
            if (gate != gates.get(0)) {
                gate.join(result(gates.get(0).started()));
            }
            await("the gates to see " + name, () -> gates.stream().allMatch(each -> each.gates() == gates.size()));
        }
        say("every gate sees the others; gossip is sealed, calls are by TLS with certificates on both sides");
    }

    private boolean runOnce() throws Exception {
        enter("north", 3);
        enter("east", 4);
        enter("south", 5);
        boolean before = everyGateCountsAll();

        CompletionStage<?> rotation =
                gates.get(0).rotateKey(step -> say("gossip key: " + step.toLowerCase(Locale.ROOT)));
        for (String name : GATES) {
            enter(name, 10);
        }
        result(rotation);
        boolean after = everyGateCountsAll();
        close();
        say(before && after ? "passed: " + came + " visitors, counted once each by every gate" : "FAILED");
        return before && after;
    }

    private void serve() throws Exception {
        say("type \"north 3\" to let three in, \"rotate\" for another gossip key; Ctrl-C closes the museum");
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = typed.readLine(); line != null; line = typed.readLine()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words[0].equals("rotate")) {
                result(gates.get(0).rotateKey(step -> say("gossip key: " + step.toLowerCase(Locale.ROOT))));
            } else if (GATES.contains(words[0]) && words.length == 2 && words[1].matches("[0-9]{1,6}")) {
                enter(words[0], Integer.parseInt(words[1]));
                everyGateCountsAll();
            } else {
                say("try \"north 3\" or \"rotate\"");
            }
        }
        // Nobody types, as under a supervisor: serve until somebody ends the process.
        Thread.currentThread().join();
    }

    private void enter(String name, int visitors) {
        say(visitors + " visitors at " + name);
        came += visitors;
        gates.stream().filter(gate -> gate.name().equals(name)).forEach(gate -> gate.enter(visitors));
    }

    /** Waits until it is so, and says what each gate counts. */
    private boolean everyGateCountsAll() throws Exception {
        boolean right = true;
        try {
            await("every gate to count " + came, () -> gates.stream().allMatch(gate -> total(gate) == came));
        } catch (TimeoutException e) {
            say(String.valueOf(e.getMessage()));
            right = false;
        }
        for (GateNode gate : gates) {
            Tally tally = result(gate.tally());
            say("  " + gate.name() + " counts " + tally.total() + ": " + tally.byGate());
        }
        return right;
    }

    private static long total(GateNode gate) {
        try {
            return result(gate.tally()).total();
        } catch (Exception e) {
            throw new IllegalStateException(gate.name() + " does not answer", e);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new TimeoutException("waited " + PATIENCE_SECONDS + " s in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private void close() throws Exception {
        for (GateNode gate : gates) {
            gate.end();
        }
        for (GateNode gate : gates) {
            result(gate.end());
        }
    }

    /** Waiting is for a main thread; actors never do. */
    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void say(String what) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
        System.out.printf(Locale.ROOT, "%7.3f %s%n", millis / 1000.0, what);
    }
}
