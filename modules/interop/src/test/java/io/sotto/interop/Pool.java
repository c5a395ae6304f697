package io.sotto.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** The nodes of one pool, and what each of them is expected to be seen as by every one that runs. */
final class Pool implements AutoCloseable {
    private static final String ALIVE = "alive";
    private static final Duration POLL = Duration.ofMillis(250);

    private final String name;
    private final List<PoolNode> nodes = new ArrayList<>();
    private final Map<PoolNode, String> expected = new LinkedHashMap<>();
    /** Members that were gone when a node started: it never hears of them, as newcomers do not. */
    private final Map<PoolNode, Set<PoolNode>> neverMet = new LinkedHashMap<>();

    Pool(String name) {
        this.name = name;
    }

    /** Adds a node, to be started with the seeds of the pool so far. */
    void start(PoolNode node) {
        start(node, seeds());
    }

    /** Adds a node and starts it with these seeds. */
    void start(PoolNode node, List<String> seeds) {
        if (!nodes.contains(node)) {
            nodes.add(node);
        }
        expected.put(node, ALIVE);
        neverMet.put(node, gone());
        neverMet.values().forEach(strangers -> strangers.remove(node));
        node.start(seeds);
    }

    /** The gossip addresses of up to two running nodes. */
    List<String> seeds() {
        return nodes.stream()
                .filter(PoolNode::isRunning)
                .limit(2)
                .map(node -> node.site().address())
                .toList();
    }

    int size() {
        return nodes.size();
    }

    List<PoolNode> running() {
        return nodes.stream().filter(PoolNode::isRunning).toList();
    }

    void kill(PoolNode node) {
        node.kill();
        expected.put(node, "failed");
    }

    void leave(PoolNode node) {
        node.leave();
        expected.put(node, "left");
    }

    /** For what somebody else did to a node. */
    void expect(PoolNode node, String status) {
        expected.put(node, status);
    }

    /** What a running node should list. */
    Set<MemberLine> expectedOf(PoolNode observer) {
        Set<PoolNode> strangers = neverMet.getOrDefault(observer, Set.of());
        Set<MemberLine> lines = new HashSet<>();
        expected.forEach((node, status) -> {
            if (!strangers.contains(node)) {
                lines.add(new MemberLine(node.name(), node.site().address(), status));
            }
        });
        return lines;
    }

    private List<PoolNode> alive() {
        return nodes.stream().filter(node -> ALIVE.equals(expected.get(node))).toList();
    }

    private Set<PoolNode> gone() {
        Set<PoolNode> gone = new HashSet<>(nodes);
        alive().forEach(gone::remove);
        return gone;
    }

    /** Waits until every running node lists exactly what is expected: names, addresses, status. */
    void awaitAgreement(String step, Duration bound) {
        long started = System.nanoTime();
        Awaitility.await(name + ": " + step).atMost(bound).pollInterval(POLL).untilAsserted(() -> {
            for (PoolNode observer : running()) {
                assertThat(observer.members())
                        .as("the pool as %s sees it", observer.name())
                        .containsExactlyInAnyOrderElementsOf(expectedOf(observer));
            }
        });
        Timings.add(name, step, Duration.ofNanos(System.nanoTime() - started), bound);
    }

    @Override
    public void close() {
        nodes.forEach(PoolNode::close);
    }
}
