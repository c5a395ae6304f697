package io.sotto.membership;

import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time and a lossy network of datagrams between {@link SimNode}s: the machines of this module and nothing else. */
final class SimPool {
    private static final Duration LATENCY = Duration.ofMillis(1);

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();
    final Random random;
    private final double loss;
    private Instant now = Members.NOW;
    private long lastNumber;

    SimPool(Random random, double loss) {
        this.random = random;
        this.loss = loss;
    }

    Instant now() {
        return now;
    }

    /** A node that joins through {@code seed}, if there is one; takes the place of a dead one of its name. */
    SimNode start(String name, int host, String seed) {
        var node = new SimNode(name, host, this);
        nodes.put(name, node);
        node.start();
        SimNode contact = nodes.get(seed);
        if (contact != null && contact != node) {
            node.join(contact);
        }
        return node;
    }

    SimNode node(String name) {
        SimNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node;
    }

    Iterable<SimNode> nodes() {
        return nodes.values();
    }

    void send(String from, String to, SwimMessage message) {
        if (random.nextDouble() >= loss) {
            after(LATENCY, () -> {
                SimNode target = nodes.get(to);
                if (target != null && target.isUp()) {
                    target.receive(from, message);
                }
            });
        }
    }

    void after(Duration delay, Runnable action) {
        queue.add(new Due(now.plus(delay), ++lastNumber, action));
    }

    void run(Duration duration) {
        Instant end = now.plus(duration);
        for (Due due = queue.peek(); due != null && !due.at.isAfter(end); due = queue.peek()) {
            queue.remove(due);
            now = due.at;
            due.action.run();
        }
        now = end;
    }

    private record Due(Instant at, long number, Runnable action) {}
}
