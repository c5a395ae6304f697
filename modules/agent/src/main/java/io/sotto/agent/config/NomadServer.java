package io.sotto.agent.config;

import java.util.List;
import java.util.Map;

/**
 * Nomad's {@code server { … }} block: its gossip key and its join list mean what Consul's top-level keys mean.
 *
 * <p>Source: gossip specification, Nomad, section 1.
 */
final class NomadServer {
    private NomadServer() {}

    static void read(Node.Table block, List<Fault> faults, List<String> warnings, Map<String, Node> settings) {
        for (Map.Entry<String, Node> entry : block.entries().entrySet()) {
            String key = entry.getKey();
            Node node = entry.getValue();
            switch (key) {
                case "enabled" -> put("server", "bool", node instanceof Node.Bool, key, node, faults, settings);
                case "encrypt" -> put("encrypt", "string", node instanceof Node.Text, key, node, faults, settings);
                case "bootstrap_expect" -> {
                    if (node instanceof Node.Whole) {
                        warnings.add(Schema.lackingText("server." + key, node));
                    } else {
                        faults.add(Fault.at(
                                Fault.Kind.TYPE, node.place(), Schema.wrongType("server." + key, "int", node)));
                    }
                }
                default -> faults.add(Fault.at(Fault.Kind.KEY, node.place(), "invalid config key server." + key));
            }
        }
    }

    private static void put(
            String path,
            String expected,
            boolean fits,
            String key,
            Node node,
            List<Fault> faults,
            Map<String, Node> settings) {
        if (fits) {
            settings.put(path, node);
        } else {
            faults.add(Fault.at(Fault.Kind.TYPE, node.place(), Schema.wrongType("server." + key, expected, node)));
        }
    }
}
