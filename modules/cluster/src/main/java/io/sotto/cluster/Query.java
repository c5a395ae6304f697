package io.sotto.cluster;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A question to the members of a pool, those that all filters match. Immutable; each method gives a changed copy.
 *
 * <pre>{@code
 * Query.named("load").toTag("role", "^web").within(Duration.ofSeconds(2))
 * }</pre>
 *
 * <p>Source: gossip specification, section 17.6.
 *
 * @param name what the members know the question by; names that begin with {@code _serf_} are Serf's own
 * @param payload name and payload take some hundred bytes together at most
 * @param nodes names of the members asked; empty for all
 * @param tags regular expressions (RE2) that values of tags match; a missing tag counts as an empty value
 * @param acks whether members say that they got the question, whether or not they answer
 * @param relayFactor through how many further members each answer also comes, against loss; 0 to 255
 * @param timeout how long answers count; empty for Serf's default, which grows with the pool
 */
public record Query(
        String name,
        Octets payload,
        List<String> nodes,
        Map<String, String> tags,
        boolean acks,
        int relayFactor,
        Optional<Duration> timeout) {
    private static final int RELAY_FACTOR_MAX = 255;

    public Query {
        nodes = List.copyOf(nodes);
        tags = Map.copyOf(tags);
        if (relayFactor < 0 || relayFactor > RELAY_FACTOR_MAX) {
            throw new IllegalArgumentException("relay factor " + relayFactor + " is not from 0 to 255");
        }
        if (timeout.filter(time -> time.isNegative() || time.isZero()).isPresent()) {
            throw new IllegalArgumentException("timeout " + timeout.get() + " is not positive");
        }
    }

    /** To all members, with acks and without a payload. */
    public static Query named(String name) {
        return new Query(name, Octets.empty(), List.of(), Map.of(), true, 0, Optional.empty());
    }

    public Query with(Octets newPayload) {
        return new Query(name, newPayload, nodes, tags, acks, relayFactor, timeout);
    }

    /** To these members only. */
    public Query toNodes(List<String> newNodes) {
        return new Query(name, payload, newNodes, tags, acks, relayFactor, timeout);
    }

    /** Only to members whose tag matches, besides the other filters. */
    public Query toTag(String tag, String expression) {
        Map<String, String> all = new TreeMap<>(tags);
        all.put(tag, expression);
        return new Query(name, payload, nodes, all, acks, relayFactor, timeout);
    }

    public Query withoutAcks() {
        return new Query(name, payload, nodes, tags, false, relayFactor, timeout);
    }

    public Query relayedBy(int members) {
        return new Query(name, payload, nodes, tags, acks, members, timeout);
    }

    public Query within(Duration newTimeout) {
        return new Query(name, payload, nodes, tags, acks, relayFactor, Optional.of(newTimeout));
    }
}
