package io.sotto.agent.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is Nomad's in a configuration file: the {@code server { … }} block, whose gossip key and join list mean what Consul's
 * top-level keys mean, a few keys that Nomad calls otherwise, and the defaults of its servers: their ports, and the timing of
 * pools that span sites. A file with such a block is of profile {@code nomad}, unless a later one says otherwise.
 *
 * <p>Source: Nomad specification, sections 1 and 2.
 */
final class NomadServer {
    private static final String JOIN = "server_join";
    private static final Place PRESET = new Place("profile nomad", 0);

    /** Nomad's keys that have another name here. */
    private static final Map<String, String> PATHS = Map.of(
            "name", "node-name",
            "ports.rpc", "ports.server",
            "ports.serf", "ports.serf-lan",
            "advertise.serf", "advertise-addr");

    private NomadServer() {}

    /** Where a key of Nomad's is kept, if it has another name here. */
    static Optional<String> path(String spelling) {
        return Optional.ofNullable(PATHS.get(spelling));
    }

    static void read(Node.Table block, List<Fault> faults, List<String> warnings, Map<String, Node> settings) {
        for (Map.Entry<String, Node> entry : block.entries().entrySet()) {
            String key = entry.getKey();
            Node node = entry.getValue();
            switch (key) {
                case "enabled" -> {
                    put("server", "bool", node instanceof Node.Bool, key, node, faults, settings);
                    if (node instanceof Node.Bool bool && bool.value()) {
                        settings.put("profile", new Node.Text("nomad", node.place()));
                    }
                }
                case "encrypt" -> put("encrypt", "string", node instanceof Node.Text, key, node, faults, settings);
                case "retry_join", "start_join" ->
                    put(key.replace('_', '-'), "slice", isTexts(node), key, node, faults, settings);
                case "retry_interval" -> put("retry-interval", "string", isDuration(node), key, node, faults, settings);
                case "retry_max" -> put("retry-max", "int", node instanceof Node.Whole, key, node, faults, settings);
                case JOIN -> join(node, faults, settings);
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

    private static void join(Node node, List<Fault> faults, Map<String, Node> settings) {
        for (Node block : node instanceof Node.Sequence list ? list.elements() : List.of(node)) {
            if (!(block instanceof Node.Table table)) {
                faults.add(Fault.at(Fault.Kind.TYPE, node.place(), Schema.wrongType("server." + JOIN, "map", node)));
                return;
            }
            table.entries().forEach((key, value) -> {
                String shown = JOIN + "." + key;
                switch (key) {
                    case "retry_join", "start_join" ->
                        put(key.replace('_', '-'), "slice", isTexts(value), shown, value, faults, settings);
                    case "retry_interval" ->
                        put("retry-interval", "string", isDuration(value), shown, value, faults, settings);
                    case "retry_max" ->
                        put("retry-max", "int", value instanceof Node.Whole, shown, value, faults, settings);
                    default ->
                        faults.add(Fault.at(Fault.Kind.KEY, value.place(), "invalid config key server." + shown));
                }
            });
        }
    }

    /** What servers of Nomad do unless they are told otherwise, for what {@code layers} do not say. */
    static Map<String, Node> preset(Layers layers) {
        boolean isNomad = layers.get("profile")
                .filter(node -> node instanceof Node.Text text && text.value().equalsIgnoreCase("nomad"))
                .isPresent();
        Map<String, Node> preset = new LinkedHashMap<>();
        if (isNomad) {
            preset.put("ports.http", whole(4646));
            preset.put("ports.server", whole(4647));
            preset.put("ports.serf-lan", whole(4648));
            preset.put("gossip-lan.gossip-interval", text("500ms"));
            preset.put("gossip-lan.gossip-nodes", whole(4));
            preset.put("gossip-lan.probe-interval", text("5s"));
            preset.put("gossip-lan.probe-timeout", text("3s"));
            preset.put("gossip-lan.suspicion-mult", whole(6));
            preset.put("gossip-lan.push-pull-interval", text("60s"));
            preset.keySet().removeIf(path -> layers.get(path).isPresent());
        }
        return preset;
    }

    private static Node whole(long value) {
        return new Node.Whole(value, "int", PRESET);
    }

    private static Node text(String value) {
        return new Node.Text(value, PRESET);
    }

    private static boolean isTexts(Node node) {
        return node instanceof Node.Sequence list && list.elements().stream().allMatch(Node.Text.class::isInstance);
    }

    private static boolean isDuration(Node node) {
        return node instanceof Node.Text text && Durations.parse(text.value()).isPresent();
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
