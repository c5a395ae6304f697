package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges settings from several sources, lowest priority first: of scalars the last wins, lists append, maps merge.
 *
 * <p>Source: agent specification, section 1.
 */
final class Layers {
    private final Map<String, Node> merged = new LinkedHashMap<>();
    private final Map<String, Integer> addedBy = new HashMap<>();
    private int count;

    void add(Map<String, Node> layer) {
        count++;
        layer.keySet().forEach(path -> addedBy.put(path, count));
        for (Map.Entry<String, Node> entry : layer.entrySet()) {
            Node before = merged.get(entry.getKey());
            merged.put(entry.getKey(), before == null ? entry.getValue() : join(before, entry.getValue()));
        }
    }

    Optional<Node> get(String path) {
        return Optional.ofNullable(merged.get(path));
    }

    /** Takes these in place of what was there. */
    void replace(Map<String, Node> settings) {
        merged.putAll(settings);
    }

    /** Whether {@code path} is set, and {@code other} is not or by an earlier layer. */
    boolean isLaterThan(String path, String other) {
        return addedBy.getOrDefault(path, 0) > addedBy.getOrDefault(other, 0);
    }

    private static Node join(Node before, Node after) {
        if (before instanceof Node.Sequence first && after instanceof Node.Sequence second) {
            List<Node> elements = new ArrayList<>(first.elements());
            elements.addAll(second.elements());
            return new Node.Sequence(elements, second.place());
        }
        if (before instanceof Node.Table first && after instanceof Node.Table second) {
            Map<String, Node> entries = new LinkedHashMap<>(first.entries());
            entries.putAll(second.entries());
            return new Node.Table(entries, second.place());
        }
        return after;
    }
}
