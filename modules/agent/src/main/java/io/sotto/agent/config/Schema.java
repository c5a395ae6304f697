package io.sotto.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which keys exist, of which type, and under which path of {@code sotto}; reads one file's table by it.
 *
 * <p>Three sorts of keys are known: those with a type here, those of Consul that sotto lacks ({@link LackingKeys}: a
 * warning), and, in sotto's own form, whatever else stands in a {@code reference.conf}.
 */
final class Schema {
    /** How a file spells its keys. */
    enum Style {
        /** {@code node_name}, at the top of the file. */
        CONSUL,
        /** {@code node-name}, under {@code sotto}. */
        SOTTO
    }

    enum Type {
        TEXT("string"),
        BOOL("bool"),
        WHOLE("int"),
        NUMBER("float64"),
        DURATION("string"),
        TEXTS("slice"),
        TEXT_MAP("map");

        final String goType;

        Type(String goType) {
            this.goType = goType;
        }
    }

    private static final Map<String, Type> KEYS = keys();

    private final Config reference;
    private final List<Fault> faults;
    private final List<String> warnings;

    /** @param reference the {@code sotto} section of all modules' {@code reference.conf} */
    Schema(Config reference, List<Fault> faults, List<String> warnings) {
        this.reference = reference;
        this.faults = faults;
        this.warnings = warnings;
    }

    static Type type(String path) {
        Type type = KEYS.get(path);
        if (type == null) {
            throw new IllegalArgumentException("no setting " + path);
        }
        return type;
    }

    /** The settings of one table by path; faults and warnings go to the lists given at construction. */
    Map<String, Node> read(Node.Table root, Style style) {
        Map<String, Node> settings = new LinkedHashMap<>();
        read(root, style, "", "", settings);
        return settings;
    }

    private void read(Node.Table table, Style style, String shown, String path, Map<String, Node> settings) {
        for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
            String key = entry.getKey();
            Node node = entry.getValue();
            String shownKey = shown + key;
            boolean spelled = key.indexOf(style == Style.CONSUL ? '-' : '_') < 0;
            String own = path + (style == Style.CONSUL ? key.replace('_', '-') : key);
            String full = style == Style.CONSUL ? NomadServer.path(shownKey).orElse(own) : own;
            Optional<Type> transport = style == Style.CONSUL ? TransportKeys.type(shownKey) : Optional.empty();
            Type type = spelled && isOf(style, full) ? KEYS.get(full) : null;
            if (transport.isPresent()) {
                typed(shownKey, full, transport.get(), node, style)
                        .ifPresent(value -> settings.put(TransportKeys.path(shownKey), value));
            } else if (type != null && full.equals("server") && isTable(node)) {
                NomadServer.read(merged(node), faults, warnings, settings);
            } else if (type != null) {
                typed(shownKey, full, type, node, style).ifPresent(value -> settings.put(full, value));
            } else if (spelled && isPrefix(style, full)) {
                if (isTable(node)) {
                    read(merged(node), style, shownKey + ".", full + ".", settings);
                } else {
                    faults.add(Fault.at(Fault.Kind.TYPE, node.place(), wrongType(shownKey, "map", node)));
                }
            } else if (style == Style.CONSUL && LackingKeys.has(shownKey)) {
                lacking(shownKey, node);
            } else if (style == Style.CONSUL || !furtherSetting(full, node)) {
                faults.add(Fault.at(Fault.Kind.KEY, node.place(), "invalid config key " + shownKey));
            }
        }
    }

    private Optional<Node> typed(String shown, String path, Type type, Node node, Style style) {
        boolean fits = switch (type) {
            case TEXT -> node instanceof Node.Text;
            case BOOL -> node instanceof Node.Bool || (style == Style.SOTTO && Words.isSwitch(node));
            case WHOLE -> node instanceof Node.Whole;
            case NUMBER -> node instanceof Node.Whole || node instanceof Node.Fraction;
            case DURATION -> node instanceof Node.Text || (style == Style.SOTTO && node instanceof Node.Whole);
            case TEXTS -> node instanceof Node.Sequence;
            case TEXT_MAP -> isTable(node);
        };
        if (!fits) {
            faults.add(Fault.at(Fault.Kind.TYPE, node.place(), wrongType(shown, type.goType, node)));
            return Optional.empty();
        }
        return switch (type) {
            case BOOL -> Optional.of(Words.toBool(node));
            case DURATION -> duration(shown, node);
            case TEXTS -> elements(shown, (Node.Sequence) node);
            case TEXT_MAP -> entries(shown, path, merged(node));
            case TEXT, WHOLE, NUMBER -> Optional.of(node);
        };
    }

    private Optional<Node> duration(String shown, Node node) {
        String text = node instanceof Node.Whole millis ? millis.value() + "ms" : ((Node.Text) node).value();
        if (Durations.parse(text).isEmpty()) {
            faults.add(Fault.at(
                    Fault.Kind.SETTING,
                    node.place(),
                    shown + ": invalid duration \"" + text + "\"; write a number and a unit, such as 30s or 1m30s"));
            return Optional.empty();
        }
        return Optional.of(new Node.Text(text, node.place()));
    }

    private Optional<Node> elements(String shown, Node.Sequence list) {
        List<Node> good = new ArrayList<>();
        for (int i = 0; i < list.elements().size(); i++) {
            Node element = list.elements().get(i);
            if (element instanceof Node.Text) {
                good.add(element);
            } else {
                faults.add(Fault.at(
                        Fault.Kind.TYPE, element.place(), wrongType(shown + "[" + i + "]", "string", element)));
            }
        }
        return Optional.of(new Node.Sequence(good, list.place()));
    }

    private Optional<Node> entries(String shown, String path, Node.Table table) {
        for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
            if (!(entry.getValue() instanceof Node.Text)) {
                String name = shown + "[" + entry.getKey() + "]";
                faults.add(Fault.at(
                        Fault.Kind.TYPE, entry.getValue().place(), wrongType(name, "string", entry.getValue())));
            }
        }
        return path.isEmpty() ? Optional.empty() : Optional.of(table);
    }

    private void lacking(String shown, Node node) {
        Optional<String> expected = LackingKeys.mismatch(shown, node);
        if (expected.isPresent()) {
            faults.add(Fault.at(Fault.Kind.TYPE, node.place(), wrongType(shown, expected.get(), node)));
        } else {
            warnings.add(lackingText(shown, node));
        }
    }

    /** The warning for a key that the real product has and sotto has not. */
    static String lackingText(String key, Node node) {
        return "config key " + key + " is known to the real agent but does nothing in sotto: ignored (" + node.place()
                + ")";
    }

    /** Whether a {@code reference.conf} has this key; its value then reaches its module as it is. */
    private boolean furtherSetting(String path, Node node) {
        ConfigValue known = reference.hasPath(path) ? reference.getValue(path) : null;
        if (known instanceof ConfigObject && node instanceof Node.Table table) {
            if (path.endsWith("-dispatcher")) {
                return true;
            }
            read(table, Style.SOTTO, path + ".", path + ".", new LinkedHashMap<>());
            return true;
        }
        return known != null && !(known instanceof ConfigObject) && !(node instanceof Node.Table);
    }

    /** The text for a value of the wrong type, as Go's decoder words it. */
    static String wrongType(String key, String expected, Node node) {
        if (expected.equals("slice")) {
            return "'" + key + "': source data must be an array or slice, got " + node.goType();
        }
        return "'" + key + "' expected type '" + expected + "', got unconvertible type '" + node.goType() + "'";
    }

    private static boolean isPrefix(Style style, String path) {
        boolean isTransport = style == Style.CONSUL
                ? TransportKeys.isTable(path.replace('-', '_')) || LackingKeys.isTable(path.replace('-', '_'))
                : path.equals("tls")
                        || path.equals("rpc")
                        || path.equals("upshift")
                        || path.equals("wan")
                        || path.equals("http");
        return isTransport
                || path.equals("ports")
                || path.equals("addresses")
                || path.equals("acl")
                || path.equals("acl.tokens")
                || path.equals("gossip-lan")
                || path.equals("gossip-wan");
    }

    /** Whether files of this form set it by this path: Consul's spell what is sotto's TLS and RPC otherwise. */
    private static boolean isOf(Style style, String path) {
        return style == Style.SOTTO || !TransportKeys.paths().contains(path);
    }

    /** A table, or the list of tables that repeated HCL blocks give. */
    private static boolean isTable(Node node) {
        if (node instanceof Node.Sequence list) {
            return !list.elements().isEmpty() && list.elements().stream().allMatch(Node.Table.class::isInstance);
        }
        return node instanceof Node.Table;
    }

    private static Node.Table merged(Node node) {
        if (node instanceof Node.Table table) {
            return table;
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        ((Node.Sequence) node).elements().forEach(part -> entries.putAll(((Node.Table) part).entries()));
        return new Node.Table(entries, node.place());
    }

    private static Map<String, Type> keys() {
        Map<String, Type> keys = new LinkedHashMap<>();
        String[] texts = {
            "node-name",
            "node-id",
            "datacenter",
            "data-dir",
            "bind-addr",
            "advertise-addr",
            "advertise-addr-wan",
            "serf-wan",
            "client-addr",
            "addresses.http",
            "addresses.https",
            "encrypt",
            "encrypt-file",
            "encrypt-source",
            "label",
            "log-level",
            "claims",
            "plaintext-until",
            "profile",
            "region"
        };
        for (String key : texts) {
            keys.put(key, Type.TEXT);
        }
        String[] switches = {
            "encrypt-verify-incoming",
            "encrypt-verify-outgoing",
            "server",
            "wan.enabled",
            "disable-keyring-file",
            "persist",
            "ui",
            "keyring-file-mode-check",
            "leave-on-terminate",
            "skip-leave-on-interrupt",
            "rejoin-after-leave",
            "disable-coordinates",
            "disable-remote-exec"
        };
        for (String key : switches) {
            keys.put(key, Type.BOOL);
        }
        String[] numbers = {
            "retry-max",
            "member-history-max",
            "retry-max-wan",
            "ports.http",
            "ports.https",
            "acl.max-failures",
            "acl.max-addresses",
            "ports.serf-lan",
            "ports.serf-wan",
            "ports.server",
            "gossip-lan.gossip-nodes",
            "gossip-lan.suspicion-mult",
            "gossip-lan.retransmit-mult",
            "gossip-wan.gossip-nodes",
            "gossip-wan.suspicion-mult",
            "gossip-wan.retransmit-mult"
        };
        for (String key : numbers) {
            keys.put(key, Type.WHOLE);
        }
        String[] durations = {
            "retry-interval",
            "retry-interval-wan",
            "gossip-lan.gossip-interval",
            "gossip-lan.probe-interval",
            "gossip-lan.probe-timeout",
            "gossip-lan.push-pull-interval",
            "gossip-wan.gossip-interval",
            "gossip-wan.probe-interval",
            "gossip-wan.probe-timeout"
        };
        for (String key : durations) {
            keys.put(key, Type.DURATION);
        }
        TransportKeys.own().forEach(keys::put);
        keys.put("retry-join", Type.TEXTS);
        keys.put("start-join", Type.TEXTS);
        keys.put("retry-join-wan", Type.TEXTS);
        keys.put("start-join-wan", Type.TEXTS);
        keys.put("label-accept", Type.TEXTS);
        keys.put("node-meta", Type.TEXT_MAP);
        keys.put("tags", Type.TEXT_MAP);
        keys.put("http.allowed-hosts", Type.TEXTS);
        return keys;
    }
}
