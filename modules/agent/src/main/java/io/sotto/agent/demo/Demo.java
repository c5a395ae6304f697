package io.sotto.agent.demo;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.json.Json;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import io.sotto.agent.runtime.Signals;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import io.sotto.wire.crypto.GossipKey;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * The script of {@code sotto demo}. Runs on the caller's thread; {@link #end} may be called from any other and ends it.
 *
 * <p>Every step observes what it tells: the members that agents list, the bytes that a socket caught, the error that a
 * stranger got. Source: ours.
 */
public final class Demo {
    /** How the demo runs. */
    public enum Ending {
        /** Ends by itself after the last step. */
        ONCE,
        /** Stays up until it is told to end. */
        STAY_UP
    }

    private static final Duration STEP_PATIENCE = Duration.ofSeconds(20);
    /** Plaintext is refused only once nobody has taken any in for a while. */
    private static final Duration UPSHIFT_PATIENCE = Duration.ofMinutes(1);

    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final int KEY_BYTES = 32;
    private static final String NORTH = "north";
    private static final String EAST = "east";
    private static final String WEST = "west";
    private static final String STRANGER = "stranger";
    private static final List<String> ALL = List.of(NORTH, EAST, WEST);

    private final Narrator narrator;
    private final Ending ending;
    private final Build build;
    private final Clock clock;
    private final Patience patience;
    private final Patience longPatience;
    private final KeyScenes keys;
    private final UpshiftScenes upshifts;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final String key;
    private int westPort;

    private Demo(Narrator narrator, Ending ending, Build build, Clock clock) {
        this.narrator = narrator;
        this.ending = ending;
        this.build = build;
        this.clock = clock;
        this.patience = new Patience(clock, STEP_PATIENCE);
        this.longPatience = new Patience(clock, UPSHIFT_PATIENCE);
        this.keys = new KeyScenes(narrator, patience, clock);
        this.upshifts = new UpshiftScenes(narrator, patience, longPatience, clock, new SecureRandom());
        this.key = freshKey();
    }

    /**
     * A demo that tells its story on {@code out}.
     *
     * @param json one JSON object a line instead of text
     */
    public static Demo create(boolean json, Ending ending, Build build, PrintStream out) {
        Narrator.Format format = json ? Narrator.Format.JSON : Narrator.Format.TEXT;
        return new Demo(Narrator.create(format, out), ending, build, Clock.systemUTC());
    }

    /** Runs a demo as the whole of a process: silences the agents' logs, and ends on SIGINT and SIGTERM. */
    public static boolean runUntilEnded(boolean json, Ending ending, Build build, PrintStream out) {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Demo demo = create(json, ending, build, out);
        Signals.deliverTo(signal -> demo.end());
        return demo.run();
    }

    /** Ends a demo that runs, at its next glance. */
    public void end() {
        patience.cancel();
        longPatience.cancel();
        ended.countDown();
    }

    /** Runs all steps; true if each was observed. */
    public boolean run() {
        Instant begun = clock.instant();
        try (upshifts;
                DemoAgents agents = new DemoAgents(patience, build)) {
            for (Step step : Step.values()) {
                narrator.begin(step);
                try {
                    run(step, agents);
                    if (step == Step.START) {
                        upshifts.begin(agents);
                    }
                } catch (NotObserved missed) {
                    narrator.missed(step, missed.reason());
                    return false;
                } catch (RuntimeException fault) {
                    narrator.missed(step, fault.toString());
                    return false;
                }
            }
            close(agents, Duration.between(begun, clock.instant()));
        }
        return true;
    }

    private void run(Step step, DemoAgents agents) throws NotObserved {
        switch (step) {
            case START -> start(agents);
            case CONVERGE -> converge(agents);
            case DATAGRAM -> datagram(agents);
            case WRONG_KEY -> wrongKey(agents);
            case KILL -> kill(agents);
            case RETURN -> comeBack(agents);
            case ROTATE -> keys.rotate(agents, ALL, key, freshKey());
            case UPSHIFT_TLS -> upshifts.tls(agents);
            case UPSHIFT_GOSSIP -> upshifts.gossip(agents);
        }
    }

    private void start(DemoAgents agents) throws NotObserved {
        Instant begun = clock.instant();
        String nodeId = UUID.randomUUID().toString();
        agents.start(NORTH, DemoAgents.settings(NORTH, key, 0, 0), nodeId);
        agents.start(EAST, key, 0);
        agents.start(WEST, key, 0);
        AgentNode north = agents.get(NORTH);
        narrator.show(DemoBanner.lines(north, NORTH, nodeId, build));
        narrator.observed(
                Step.START,
                Duration.between(begun, clock.instant()),
                "three agents listen; they share a fresh 32-byte key, of which only the id "
                        + GossipKey.parse(key).id() + " is ever shown",
                Map.of(
                        "http",
                        Json.of(http(north)),
                        "key_id",
                        Json.of(GossipKey.parse(key).id())));
    }

    private void converge(DemoAgents agents) throws NotObserved {
        Instant begun = clock.instant();
        for (String name : List.of(EAST, WEST)) {
            agents.join(name, NORTH);
        }
        patience.until(() -> agents.allSeeAll(ALL), () -> "north sees " + agents.seenBy(NORTH));
        Duration took = Duration.between(begun, clock.instant());
        List<String> lines = new ArrayList<>();
        ALL.forEach(name -> lines.add(name + " sees  " + agents.seenBy(name)));
        narrator.show(lines);
        narrator.observed(Step.CONVERGE, took, "each sees all three alive", Map.of("members", Json.of(ALL)));
    }

    private void datagram(DemoAgents agents) throws NotObserved {
        Instant begun = clock.instant();
        InetSocketAddress north = agents.address(NORTH);
        Capture capture = Capture.of(north, NORTH, GossipKey.parse(key), clock);
        List<String> plainWords = HexText.words(capture.plain());
        List<String> sealedWords = HexText.words(capture.sealed());
        List<String> lines = new ArrayList<>();
        lines.add("A socket that holds the key pinged north and caught its answer, ack "
                + capture.message().seqNo() + ":");
        lines.add("");
        lines.add("on the wire, sealed with AES-256-GCM, " + capture.sealed().length() + " bytes:");
        lines.addAll(HexText.dump(capture.sealed()));
        lines.add("the same without encryption, " + capture.plain().length() + " bytes:");
        lines.addAll(HexText.dump(capture.plain()));
        lines.add("");
        lines.add("words that a neighbour reads, sealed: " + (sealedWords.isEmpty() ? "none" : sealedWords)
                + "; plain: " + plainWords);
        narrator.show(lines);
        if (Capture.answersPlaintext(north, NORTH, SILENCE)) {
            throw new NotObserved("north answered a ping in plain text, which it must not");
        }
        narrator.observed(
                Step.DATAGRAM,
                Duration.between(begun, clock.instant()),
                "it opens with the key, and the same ping in plain text got no answer",
                Map.of(
                        "sealed", Json.of(hex(capture.sealed().toArray())),
                        "plain", Json.of(hex(capture.plain().toArray()))));
    }

    private void wrongKey(DemoAgents agents) throws NotObserved {
        Instant begun = clock.instant();
        AgentNode stranger = agents.start(STRANGER, freshKey(), 0);
        JoinOutcome outcome =
                patience.of(stranger.pool().join(List.of(gossip(agents, NORTH))), "the stranger's attempt to join");
        if (outcome.succeeded()) {
            throw new NotObserved("the stranger joined, which it must not");
        }
        String error = outcome.failures().get(0).reason();
        agents.kill(STRANGER);
        for (String name : ALL) {
            if (agents.get(name).pool().member(STRANGER).isPresent()) {
                throw new NotObserved(name + " lists the stranger");
            }
        }
        narrator.show(List.of("the stranger was told:  " + error));
        narrator.observed(
                Step.WRONG_KEY,
                Duration.between(begun, clock.instant()),
                "it did not get in, and no agent lists it",
                Map.of("error", Json.of(error)));
    }

    private void kill(DemoAgents agents) throws NotObserved {
        westPort = agents.address(WEST).getPort();
        agents.kill(WEST);
        Instant begun = clock.instant();
        List<String> others = List.of(NORTH, EAST);
        patience.until(
                () -> others.stream().allMatch(name -> agents.sees(name, WEST, Member.Status.FAILED)),
                () -> "north sees " + agents.seenBy(NORTH) + "; east sees " + agents.seenBy(EAST));
        Duration took = Duration.between(begun, clock.instant());
        narrator.show(List.of("north sees  " + agents.seenBy(NORTH), "east sees   " + agents.seenBy(EAST)));
        narrator.observed(
                Step.KILL,
                took,
                "both others declared west failed, after probes, a suspicion, and time to refute it",
                Map.of("failed", Json.of(WEST)));
    }

    private void comeBack(DemoAgents agents) throws NotObserved {
        Instant begun = clock.instant();
        agents.start(WEST, key, westPort);
        agents.join(WEST, NORTH);
        patience.until(() -> agents.allSeeAll(ALL), () -> "north sees " + agents.seenBy(NORTH));
        narrator.observed(
                Step.RETURN,
                Duration.between(begun, clock.instant()),
                "west is alive again for all: " + agents.seenBy(NORTH),
                Map.of("members", Json.of(ALL)));
    }

    private void close(DemoAgents agents, Duration took) {
        String http = http(agents.get(NORTH));
        if (ending == Ending.ONCE) {
            narrator.closing(
                    "all " + Step.values().length + " steps observed in " + Narrator.seconds(took) + " s",
                    List.of(),
                    Map.of("ok", Json.of(true)));
            return;
        }
        narrator.closing(
                "The agents stay up. Try:",
                List.of(
                        "./sotto members -http-addr=" + http,
                        "./sotto info -http-addr=" + http,
                        "curl 'http://" + http + "/v1/agent/members?pretty'",
                        "curl 'http://" + http + "/v1/agent/self?pretty'",
                        "",
                        "Ctrl-C ends them; nothing is left behind."),
                Map.of("ok", Json.of(true), "http", Json.of(http)));
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String gossip(DemoAgents agents, String name) {
        return agents.get(name).pool().self().address().toString();
    }

    private static String http(AgentNode node) {
        InetSocketAddress address = node.http().get(0);
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static String freshKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
