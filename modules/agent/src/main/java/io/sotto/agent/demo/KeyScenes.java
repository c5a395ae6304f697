package io.sotto.agent.demo;

import io.sotto.agent.json.Json;
import io.sotto.cluster.ClusterKeyring;
import io.sotto.cluster.KeyringReport;
import io.sotto.wire.crypto.GossipKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The two steps of the demo that change keys under a pool that goes on: after each single change every agent must list every
 * agent as alive, at once and not after a while. Used by the demo's thread only.
 */
final class KeyScenes {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final String RED = "red";
    private static final List<String> PLAIN = List.of(RED, "green", "blue");

    private final Narrator narrator;
    private final Patience patience;
    private final Clock clock;

    KeyScenes(Narrator narrator, Patience patience, Clock clock) {
        this.narrator = narrator;
        this.patience = patience;
        this.clock = clock;
    }

    /** One agent has all of them put a new key on their rings, seal with it, and forget the old one. */
    void rotate(DemoAgents agents, List<String> names, String oldKey, String newKey) throws NotObserved {
        Instant begun = clock.instant();
        ClusterKeyring rings = agents.get(names.get(0)).pool().clusterKeyring();
        GossipKey before = GossipKey.parse(oldKey);
        GossipKey after = GossipKey.parse(newKey);
        List<String> lines = new ArrayList<>();
        lines.add("install " + after.id() + ":  " + done(rings.install(after, 0), agents, names));
        lines.add("use     " + after.id() + ":  " + done(rings.use(after, 0), agents, names));
        lines.add("remove  " + before.id() + ":  " + done(rings.remove(before, 0), agents, names));
        KeyringReport report = patience.of(rings.status(), "the list of keys");
        if (!report.keyCounts().equals(Map.of(after, names.size()))
                || !report.primaryCounts().equals(Map.of(after, names.size()))) {
            throw new NotObserved("not every ring holds the new key alone: " + report);
        }
        Capture.of(agents.address(names.get(0)), names.get(0), after, clock);
        narrator.show(lines);
        narrator.observed(
                Step.ROTATE,
                Duration.between(begun, clock.instant()),
                "every ring holds " + after.id() + " alone, and nobody lost sight of anybody",
                Map.of("old_key_id", Json.of(before.id()), "new_key_id", Json.of(after.id())));
    }

    /** Three agents without a key get one by reload, then send sealed only, then take sealed only. */
    void upshift(DemoAgents agents, String key) throws NotObserved {
        Instant begun = clock.instant();
        for (String name : PLAIN) {
            agents.start(name, "", 0);
        }
        for (String name : PLAIN.subList(1, PLAIN.size())) {
            agents.join(name, RED);
        }
        patience.until(() -> agents.allSeeAll(PLAIN), () -> "red sees " + agents.seenBy(RED));
        if (!Capture.answersPlaintext(agents.address(RED), RED, SILENCE)) {
            throw new NotObserved("red did not answer a ping in plain text, without a key");
        }
        List<String> lines = new ArrayList<>();
        lines.add("without a key red answers anybody's ping");
        move(agents, key, new DemoAgents.Demands(false, false));
        lines.add("a key, and plain text still sent and taken:  " + agents.seenBy(RED));
        move(agents, key, new DemoAgents.Demands(false, true));
        lines.add("all that is sent is sealed:                  " + agents.seenBy(RED));
        move(agents, key, new DemoAgents.Demands(true, true));
        lines.add("only what is sealed is taken:                " + agents.seenBy(RED));
        narrator.show(lines);
        if (Capture.answersPlaintext(agents.address(RED), RED, SILENCE)) {
            throw new NotObserved("red still answers a ping in plain text, which it must not");
        }
        Capture.of(agents.address(RED), RED, GossipKey.parse(key), clock);
        for (String name : PLAIN) {
            agents.kill(name);
        }
        narrator.observed(
                Step.UPSHIFT,
                Duration.between(begun, clock.instant()),
                "nine reloads, no restart, nobody lost; the plain ping gets no answer any more",
                Map.of("members", Json.of(PLAIN)));
    }

    private void move(DemoAgents agents, String key, DemoAgents.Demands demands) throws NotObserved {
        for (String name : PLAIN) {
            agents.reload(name, key, demands);
            requireAll(agents, PLAIN);
        }
    }

    private String done(CompletionStage<KeyringReport> operation, DemoAgents agents, List<String> names)
            throws NotObserved {
        KeyringReport report = patience.of(operation, "the answers of all rings");
        if (!report.isDoneEverywhere()) {
            throw new NotObserved("not done by all: " + report);
        }
        requireAll(agents, names);
        return "done by " + report.answers().size() + " of " + report.members();
    }

    private static void requireAll(DemoAgents agents, List<String> names) throws NotObserved {
        if (!agents.allSeeAll(names)) {
            throw new NotObserved("a member was lost: " + names.get(0) + " sees " + agents.seenBy(names.get(0)));
        }
    }
}
