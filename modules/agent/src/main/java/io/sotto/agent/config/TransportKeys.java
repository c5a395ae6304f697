package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Consul's keys for TLS, for the bounds of ports and for access, flat and in their stanzas, as settings under
 * {@code sotto.tls}, {@code sotto.rpc}, {@code sotto.http} and {@code sotto.acl}.
 *
 * <p>A file's keys are kept by their spelling until all files are read, since one file's stanza wins over another's flat
 * key whatever their order; between Consul's spellings and sotto's own path the one that was written later wins. Source:
 * TLS specification, section 1; RPC specification, sections 1 and 9.
 */
final class TransportKeys {
    private static final String SPELLED = "consul:";
    private static final String HOSTNAME = "tls.verify-server-hostname";
    private static final String SUITES = "tls.cipher-suites";
    private static final String INCOMING = "tls.verify-incoming";
    private static final String INCOMING_RPC = "tls.verify-incoming-rpc";
    private static final String INCOMING_HTTPS = "tls.verify-incoming-https";
    private static final String STANZA_RPC = "tls.internal_rpc.verify_incoming";
    private static final String STANZA_HTTPS = "tls.https.verify_incoming";

    /** What belongs to the stanzas of listeners that sotto does not have. */
    private static final String[] LEAVES = {
        "ca_file",
        "ca_path",
        "cert_file",
        "key_file",
        "tls_cipher_suites",
        "tls_min_version",
        "tls_prefer_server_cipher_suites",
        "verify_incoming",
        "verify_outgoing"
    };

    /**
     * One setting.
     *
     * @param path under {@code sotto}
     * @param stanza its spelling in the stanza's parts; empty if it has none
     * @param flat its other spelling, or several with spaces between
     */
    private record Key(String path, Schema.Type type, String stanza, String flat) {
        /** The strongest first. */
        List<String> spellings() {
            return stanza.isEmpty()
                    ? List.of(flat.split(" "))
                    : List.of("tls.internal_rpc." + stanza, "tls.defaults." + stanza, flat);
        }
    }

    private static final List<Key> KEYS = List.of(
            tls("ca-file", Schema.Type.TEXT, "ca_file"),
            tls("ca-path", Schema.Type.TEXT, "ca_path"),
            tls("cert-file", Schema.Type.TEXT, "cert_file"),
            tls("key-file", Schema.Type.TEXT, "key_file"),
            tls("verify-incoming", Schema.Type.BOOL, "verify_incoming"),
            tls("verify-outgoing", Schema.Type.BOOL, "verify_outgoing"),
            tls("verify-server-hostname", Schema.Type.BOOL, "verify_server_hostname"),
            tls("min-version", Schema.Type.TEXT, "tls_min_version"),
            tls("cipher-suites", Schema.Type.TEXT, "tls_cipher_suites"),
            new Key("tls.domain", Schema.Type.TEXT, "", "domain"),
            new Key("acl-token", Schema.Type.TEXT, "", "acl.tokens.agent acl_agent_token acl_token"),
            new Key("acl.enabled", Schema.Type.BOOL, "", "acl.enabled"),
            new Key("acl.default-policy", Schema.Type.TEXT, "", "acl.default_policy acl_default_policy"),
            new Key("acl.tokens.default", Schema.Type.TEXT, "", "acl.tokens.default acl_token"),
            new Key(
                    "acl.tokens.initial-management",
                    Schema.Type.TEXT,
                    "",
                    "acl.tokens.initial_management acl.tokens.master acl_master_token"),
            new Key(
                    "acl.tokens.agent-recovery",
                    Schema.Type.TEXT,
                    "",
                    "acl.tokens.agent_recovery acl.tokens.agent_master acl_agent_master_token"),
            // Ours: agents of Consul's that are no servers take no calls.
            new Key("rpc.enabled", Schema.Type.BOOL, "", "rpc_enabled"),
            new Key("rpc.port", Schema.Type.WHOLE, "", "rpc_port"),
            new Key("upshift.quiet", Schema.Type.DURATION, "", "upshift_quiet"),
            new Key("rpc.handshake-timeout", Schema.Type.DURATION, "", "limits.rpc_handshake_timeout"),
            new Key("rpc.max-connections-per-address", Schema.Type.WHOLE, "", "limits.rpc_max_conns_per_client"),
            new Key("rpc.rate", Schema.Type.NUMBER, "", "limits.rpc_rate"),
            new Key("rpc.max-burst", Schema.Type.WHOLE, "", "limits.rpc_max_burst"),
            new Key("http.kv-max-value-size", Schema.Type.WHOLE, "", "limits.kv_max_value_size"),
            new Key("rpc.hold-timeout", Schema.Type.DURATION, "", "performance.rpc_hold_timeout"),
            new Key(INCOMING_RPC, Schema.Type.BOOL, "", "verify_incoming_rpc"),
            new Key(INCOMING_HTTPS, Schema.Type.BOOL, "", "verify_incoming_https"),
            new Key("http.max-connections-per-address", Schema.Type.WHOLE, "", "limits.http_max_conns_per_client"),
            new Key("http.handshake-timeout", Schema.Type.DURATION, "", "limits.https_handshake_timeout"));

    private static final Map<String, Schema.Type> SPELLINGS = spellings();

    private final Layers layers;
    private final List<Fault> faults;
    private final List<String> warnings;

    TransportKeys(Layers layers, List<Fault> faults, List<String> warnings) {
        this.layers = layers;
        this.faults = faults;
        this.warnings = warnings;
    }

    /** The type of a key as Consul's files spell it, with dots between levels; empty for any other. */
    static Optional<Schema.Type> type(String spelling) {
        return Optional.ofNullable(SPELLINGS.get(spelling));
    }

    /** Where {@link Layers} keeps what stands under this spelling. */
    static String path(String spelling) {
        return SPELLED + spelling;
    }

    /** Whether a table of this name holds such keys. */
    static boolean isTable(String spelling) {
        return SPELLINGS.keySet().stream().anyMatch(key -> key.startsWith(spelling + "."));
    }

    /** The keys under a stanza for HTTPS or gRPC, which {@link LackingKeys} knows. */
    static Map<String, String> lacking() {
        Map<String, String> lacking = new LinkedHashMap<>();
        for (String listener : List.of("https", "grpc")) {
            for (String leaf : LEAVES) {
                boolean isSwitch = leaf.startsWith("verify_") || leaf.startsWith("tls_prefer");
                String key = "tls." + listener + "." + leaf;
                if (!key.equals(STANZA_HTTPS)) {
                    lacking.put(key, isSwitch ? "bool" : "string");
                }
            }
        }
        return lacking;
    }

    /** The settings under {@code sotto} that follow, with the places where they were written. */
    Map<String, Node> resolve() {
        Map<String, Node> settings = new LinkedHashMap<>();
        for (Key key : KEYS) {
            written(key).ifPresent(found -> {
                if (layers.isLaterThan(path(found.spelling), key.path)) {
                    settings.put(key.path, translated(key.path, found));
                }
            });
        }
        tellPortsApart(settings);
        keepConsulsDefault(settings);
        return settings;
    }

    /** The stanza of one port says for that port whether callers must prove themselves; all else is for both. */
    private void tellPortsApart(Map<String, Node> settings) {
        Optional<Node> rpc =
                layers.get(path(STANZA_RPC)).filter(node -> layers.isLaterThan(path(STANZA_RPC), INCOMING));
        Optional<Node> https =
                layers.get(path(STANZA_HTTPS)).filter(node -> layers.isLaterThan(path(STANZA_HTTPS), INCOMING));
        Optional<Node> one = rpc.or(() -> https);
        if (one.isEmpty()) {
            return;
        }
        Optional<Node> both = layers.get(path("tls.defaults.verify_incoming"))
                .or(() -> layers.get(path("verify_incoming")))
                .or(() -> layers.get(INCOMING));
        settings.put(INCOMING, new Node.Bool(false, one.get().place()));
        rpc.or(() -> both).filter(TransportKeys::isOn).ifPresent(node -> settings.put(INCOMING_RPC, node));
        https.or(() -> both).filter(TransportKeys::isOn).ifPresent(node -> settings.put(INCOMING_HTTPS, node));
    }

    /** A value with the spelling under which it stands. */
    private record Written(String spelling, Node node) {}

    private Optional<Written> written(Key key) {
        List<Written> found = new ArrayList<>();
        for (String spelling : key.spellings()) {
            layers.get(path(spelling)).ifPresent(node -> found.add(new Written(spelling, node)));
        }
        if (found.size() > 1) {
            Written flat = found.get(found.size() - 1);
            Written strongest = found.get(0);
            if (flat.spelling.equals(key.flat) && !value(flat.node).equals(value(strongest.node))) {
                faults.add(Fault.at(
                        Fault.Kind.SETTING,
                        flat.node.place(),
                        flat.spelling + " and " + strongest.spelling + " (" + strongest.node.place()
                                + ") contradict each other: keep one"));
            }
        }
        return found.stream().findFirst();
    }

    private Node translated(String path, Written written) {
        if (path.equals("tls.min-version") && written.node instanceof Node.Text text) {
            return new Node.Text(text.value().replace("TLSv1_", "tls1"), text.place());
        }
        if (path.equals("tls.domain") && written.node instanceof Node.Text text) {
            String name = text.value();
            return new Node.Text(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, text.place());
        }
        if (path.equals(SUITES) && written.node instanceof Node.Text text) {
            List<Node> suites = new ArrayList<>();
            for (String suite : text.value().split(",", -1)) {
                if (!suite.isBlank()) {
                    suites.add(new Node.Text(suite.strip(), text.place()));
                }
            }
            return new Node.Sequence(suites, text.place());
        }
        return written.node;
    }

    /** Files in Consul's form mean what they mean to Consul, be it the weaker thing; sotto's own check names by default. */
    private void keepConsulsDefault(Map<String, Node> settings) {
        boolean checks = Optional.ofNullable(settings.get(HOSTNAME))
                .or(() -> layers.get(HOSTNAME))
                .map(TransportKeys::isOn)
                .orElse(false);
        Optional<Node> on = Optional.ofNullable(settings.get("tls.verify-outgoing"))
                .filter(TransportKeys::isOn)
                .or(() -> Optional.ofNullable(settings.get("tls.ca-file")))
                .or(() -> Optional.ofNullable(settings.get("tls.ca-path")));
        boolean isSetHere =
                settings.containsKey(HOSTNAME) || layers.get(HOSTNAME).isEmpty();
        if (!checks && on.isPresent() && isSetHere) {
            Node where = Objects.requireNonNullElse(settings.get(HOSTNAME), on.get());
            settings.putIfAbsent(HOSTNAME, new Node.Bool(false, where.place()));
            warnings.add(
                    "verify_server_hostname is off: any certificate of the CA passes for a server's, a client's too; "
                            + "turn it on once the servers' certificates have the name server.<datacenter>.<domain> ("
                            + where.place() + ")");
        }
    }

    /** How messages name a setting: as it was written. */
    String spelling(String path) {
        for (Key key : KEYS) {
            if (key.path.equals(path)) {
                for (String spelling : key.spellings()) {
                    if (layers.isLaterThan(path(spelling), path)) {
                        return spelling;
                    }
                }
            }
        }
        return path;
    }

    /** How a setting would be written beside {@code other}. */
    String likeSpelled(String path, String other) {
        String leaf = path.substring(path.indexOf('.') + 1);
        String spelled = spelling(other);
        int dot = spelled.lastIndexOf('.');
        return spelled.equals(other) ? path : spelled.substring(0, dot + 1) + leaf.replace('-', '_');
    }

    /** The types of the same settings in sotto's own files. */
    static Map<String, Schema.Type> own() {
        Map<String, Schema.Type> types = new LinkedHashMap<>();
        KEYS.forEach(key -> types.put(key.path, key.path.equals(SUITES) ? Schema.Type.TEXTS : key.type));
        return types;
    }

    /** All paths under {@code sotto} that a key of Consul's can set. */
    static List<String> paths() {
        return KEYS.stream().map(Key::path).toList();
    }

    private static boolean isOn(Node node) {
        return node instanceof Node.Bool bool && bool.value();
    }

    private static Object value(Node node) {
        if (node instanceof Node.Text text) {
            return text.value();
        }
        return node instanceof Node.Bool bool ? bool.value() : node;
    }

    private static Key tls(String name, Schema.Type type, String spelling) {
        return new Key("tls." + name, type, spelling, spelling);
    }

    private static Map<String, Schema.Type> spellings() {
        Map<String, Schema.Type> types = new LinkedHashMap<>();
        for (Key key : KEYS) {
            key.spellings().forEach(spelling -> types.put(spelling, key.type));
        }
        types.put(STANZA_HTTPS, Schema.Type.BOOL);
        return Map.copyOf(types);
    }
}
