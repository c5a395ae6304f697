package io.sotto.bench.fuzz;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An agent's metrics at one moment, from Prometheus' text form. */
record Metrics(Map<String, Double> values) {
    Metrics {
        values = Map.copyOf(values);
    }

    static Metrics parse(String text) {
        Map<String, Double> values = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            int space = line.lastIndexOf(' ');
            if (space > 0 && line.charAt(0) != '#') {
                values.put(
                        line.substring(0, space).replace("_total", ""), Double.parseDouble(line.substring(space + 1)));
            }
        }
        return new Metrics(values);
    }

    /**
     * The sum of all values of one name, whatever their labels.
     *
     * @throws IllegalStateException when there is none: a figure that is not told is not 0
     */
    long sum(String dotted) {
        String name = dotted.replace('.', '_');
        List<Double> found = values.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .map(Map.Entry::getValue)
                .toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("the agent does not tell " + dotted);
        }
        return (long) found.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The values of one name by one of their labels, without those that are 0. */
    Map<String, Long> by(String dotted, String label) {
        Map<String, Long> found = new TreeMap<>();
        values.forEach((key, value) -> {
            int at = key.indexOf(label + "=\"");
            if (key.startsWith(dotted.replace('.', '_') + "{") && at > 0 && value != 0) {
                int from = at + label.length() + 2;
                found.merge(key.substring(from, key.indexOf('"', from)), value.longValue(), Long::sum);
            }
        });
        return found;
    }

    long received() {
        return sum("sotto.gossip.datagrams.received");
    }

    long accepted() {
        return sum("sotto.gossip.datagrams.accepted");
    }

    Map<String, Long> rejected() {
        return by("sotto.gossip.datagrams.rejected", "reason");
    }

    long rejectedInAll() {
        return sum("sotto.gossip.datagrams.rejected");
    }

    long dropped() {
        return sum("sotto.gossip.datagrams.dropped");
    }

    long waiting() {
        return sum("sotto.gossip.datagrams.waiting");
    }

    /** Failures of actors, however they ended. */
    long actorFailures() {
        return sum("sotto.gossip.actors.restarted")
                + sum("sotto.gossip.actors.resumed")
                + sum("sotto.gossip.actors.stopped");
    }
}
