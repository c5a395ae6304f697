package io.sotto.cluster;

import io.sotto.wire.Octets;
import io.sotto.wire.message.Tags;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a node says of itself, part of which changes while it runs. Safe to use from every thread. */
final class LiveTags {
    private final Consumer<Octets> publish;
    private final Map<String, String> tags;

    /**
     * @param first what the pool was started with
     * @param publish tells the pool
     */
    LiveTags(Map<String, String> first, Consumer<Octets> publish) {
        this.tags = new TreeMap<>(first);
        this.publish = publish;
    }

    /** Sets each tag, and takes away those whose value is empty; nothing is told if nothing changes. */
    synchronized void set(Map<String, String> changes) {
        Map<String, String> before = Map.copyOf(tags);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                tags.remove(name);
            } else {
                tags.put(name, value);
            }
        });
        if (!before.equals(tags)) {
            publish.accept(Tags.encode(tags));
        }
    }
}
