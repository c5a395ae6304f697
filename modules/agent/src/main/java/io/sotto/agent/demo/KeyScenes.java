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
 * The step of the demo that changes keys under a pool that goes on: after each single change every agent must list every agent as
 * alive, at once and not after a while. Used by the demo's thread only.
 */
final class KeyScenes {
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
