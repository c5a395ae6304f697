package io.sotto.agent.demo;

import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsLoader;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.runtime.AgentNode;
import io.sotto.agent.runtime.Build;
import io.sotto.agent.runtime.StartFailure;
import io.sotto.cluster.JoinOutcome;
import io.sotto.cluster.Member;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/**
 * The agents of the demo: real ones, each with an actor system of its own, on loopback and on free ports, in a rhythm ten
 * times faster than a LAN's so that nobody has to wait. Used by the demo's thread only.
 */
final class DemoAgents implements AutoCloseable {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int NO_HTTP = -1;

    private final Patience patience;
    private final Build build;
    private final Map<String, AgentNode> running = new LinkedHashMap<>();

    DemoAgents(Patience patience, Build build) {
        this.patience = patience;
        this.build = build;
    }

    /** What an agent of this demo is given. */
    static LoadResult.Loaded settings(String name, String key, int gossipPort, int httpPort) throws NotObserved {
        return settings(name, key, gossipPort, httpPort, Map.of());
    }

    /** The same with further flags. */
    private static LoadResult.Loaded settings(
            String name, String key, int gossipPort, int httpPort, Map<String, String> flags) throws NotObserved {
        SettingsRequest request = new SettingsRequest(List.of(), Optional.empty(), List.of(), Map.of(), true)
                .withFlag("node-name", name)
                .withFlag("encrypt", key)
                .withFlag("ports.serf-lan", Integer.toString(gossipPort))
                .withFlag("ports.http", Integer.toString(httpPort))
                .withFlag("gossip-lan.gossip-interval", "50ms")
                .withFlag("gossip-lan.probe-interval", "250ms")
                .withFlag("gossip-lan.probe-timeout", "50ms")
                .withFlag("gossip-lan.suspicion-mult", "3");
        for (Map.Entry<String, String> flag : flags.entrySet()) {
            request = request.withFlag(flag.getKey(), flag.getValue());
        }
        LoadResult result = new SettingsLoader(() -> name, () -> key).load(request);
        if (result instanceof LoadResult.Refused refused) {
            throw new NotObserved(String.join("; ", FaultReport.blocks(refused.faults())));
        }
        return (LoadResult.Loaded) result;
    }

    /** Starts one without an HTTP API. */
    AgentNode start(String name, String key, int gossipPort) throws NotObserved {
        return start(
                name,
                settings(name, key, gossipPort, NO_HTTP),
                UUID.randomUUID().toString());
    }

    /** Starts one and waits until it listens. */
    AgentNode start(String name, LoadResult.Loaded settings, String nodeId) throws NotObserved {
        try {
            AgentNode node = AgentNode.create(
                    settings, nodeId, build, new DemoControl(() -> get(name).leave()));
            running.put(name, node);
            return patience.of(node.listen(), "the start of " + name);
        } catch (StartFailure failure) {
            throw new NotObserved("the start of " + name + ": " + failure.reason());
        }
    }

    /** Starts one without a key, with further settings of its own. */
    AgentNode startPlain(String name, Map<String, String> flags) throws NotObserved {
        return start(
                name, settings(name, "", 0, NO_HTTP, flags), UUID.randomUUID().toString());
    }

    /** Where an agent gossips. */
    InetSocketAddress address(String name) throws NotObserved {
        return get(name).pool().self().address().socket().orElseThrow(() -> new NotObserved(name + " has no address"));
    }

    /** Has one agent join another, which must succeed. */
    void join(String name, String seed) throws NotObserved {
        String target = get(seed).pool().self().address().toString();
        JoinOutcome outcome = patience.of(get(name).pool().join(List.of(target)), "the join of " + name);
        if (!outcome.succeeded()) {
            throw new NotObserved(String.valueOf(outcome.failures()));
        }
    }

    AgentNode get(String name) {
        AgentNode node = running.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no agent " + name);
        }
        return node;
    }

    /** Ends one without a word to the others. */
    void kill(String name) throws NotObserved {
        AgentNode node = get(name);
        running.remove(name);
        patience.of(node.stop(Duration.ZERO), "the end of " + name);
    }

    /** Whether {@code observer} lists {@code member} with this status. */
    boolean sees(String observer, String member, Member.Status status) {
        return get(observer)
                .pool()
                .member(member)
                .filter(found -> found.status() == status)
                .isPresent();
    }

    /** Whether each of these lists each of these as alive. */
    boolean allSeeAll(List<String> names) {
        return names.stream()
                .allMatch(observer -> names.stream().allMatch(name -> sees(observer, name, Member.Status.ALIVE)));
    }

    /** {@code north: alive, east: alive, west: failed}, as {@code observer} lists them. */
    String seenBy(String observer) {
        return String.join(
                ", ",
                get(observer).pool().members().stream()
                        .map(member -> member.name() + ": " + member.status().word())
                        .toList());
    }

    /** Ends all. */
    @Override
    public void close() {
        List<CompletableFuture<Done>> ends = running.values().stream()
                .map(node -> node.stop(Duration.ZERO).toCompletableFuture())
                .toList();
        running.clear();
        CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
