package io.sotto.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.cluster.Profile;
import io.sotto.membership.Claims;
import io.sotto.wire.crypto.GossipKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns merged settings into {@link AgentSettings}: checks each value and the contradictions between them, and goes on
 * after a fault so that all are found. Texts are the real agent's where it has one.
 *
 * <p>Over 400 lines: one rule after the other, over the same settings.
 */
final class Validation {
    private static final int NAME_MAX_CHARS = 255;
    /** Source: gossip specification, section 8. */
    private static final int LABEL_MAX_BYTES = 255;

    private static final int HISTORY_MAX = 1_000_000;
    /** The port of plain Serf members. Source: gossip specification, section 20. */
    private static final int SERF_PORT = 7946;

    private final Layers layers;
    private final TransportKeys transport;
    private final Config defaults;
    private final Supplier<String> hostName;
    private final List<Fault> faults;
    private final List<String> warnings;

    Validation(
            Layers layers,
            TransportKeys transport,
            Config defaults,
            Supplier<String> hostName,
            List<Fault> faults,
            List<String> warnings) {
        this.layers = layers;
        this.transport = transport;
        this.defaults = defaults;
        this.hostName = hostName;
        this.faults = faults;
        this.warnings = warnings;
    }

    /** The settings, or empty if there is any fault, old or new. */
    Optional<AgentSettings> settings(boolean dev) {
        checkPlaintextUntil();
        Profile profile = choice("profile", Validation::profile, "serf, consul-client, observer or nomad")
                .orElse(Profile.CONSUL_CLIENT);
        String nodeName = nodeName();
        PoolChecks pools = new PoolChecks(this);
        AgentSettings settings = new AgentSettings(
                nodeName,
                nodeId(),
                datacenter(),
                dataDir(dev),
                address("bind-addr").orElse(""),
                advertiseAddr(),
                clientAddrs(),
                encrypt(),
                bool("encrypt-verify-incoming"),
                bool("encrypt-verify-outgoing"),
                bool("disable-keyring-file") || !bool("persist"),
                bool("keyring-file-mode-check"),
                pools.lanJoin(),
                ports(profile),
                choice("log-level", Validation::logLevel, "").orElse(AgentSettings.LogLevel.INFO),
                choice("claims", Validation::claims, "guarded or upstream").orElse(Claims.GUARDED),
                profile,
                bool("server"),
                bool("leave-on-terminate"),
                bool("skip-leave-on-interrupt"),
                bool("rejoin-after-leave"),
                bool("disable-coordinates"),
                map("node-meta"),
                map("tags"),
                pools.lanRhythm(),
                pools.wan(bool("server")),
                new TransportChecks(layers, defaults, transport, faults, warnings).settings(),
                web(),
                new AccessChecks(layers, defaults, transport, faults).settings(nodeName),
                dev);
        checkHttps(settings);
        checkLabels();
        whole("member-history-max", 1, HISTORY_MAX);
        return faults.isEmpty() ? Optional.of(settings) : Optional.empty();
    }

    /** They go to the cluster module as they are. */
    private void checkLabels() {
        layers.get("label").ifPresent(node -> checkLabel("label", node));
        if (layers.get("label-accept").orElse(null) instanceof Node.Sequence list) {
            list.elements().forEach(node -> checkLabel("label_accept", node));
        }
    }

    private void checkLabel(String key, Node node) {
        if (((Node.Text) node).value().getBytes(StandardCharsets.UTF_8).length > LABEL_MAX_BYTES) {
            faults.add(Fault.at(
                    Fault.Kind.SETTING, node.place(), key + ": a label takes at most " + LABEL_MAX_BYTES + " bytes"));
        }
    }

    private String nodeName() {
        String name = text("node-name").trim();
        if (name.isEmpty()) {
            name = hostName.get();
        }
        if (name.length() > NAME_MAX_CHARS || name.chars().anyMatch(Character::isISOControl)) {
            fault("node-name", "node_name must be at most " + NAME_MAX_CHARS + " printable characters");
        } else if (!name.chars().allMatch(c -> isAsciiAlphanumeric(c) || c == '-')) {
            warnings.add("Node name \"" + name + "\" will not be discoverable via DNS due to invalid characters. Valid"
                    + " characters include all alpha-numerics and dashes.");
        }
        return name;
    }

    private Optional<String> nodeId() {
        String id = text("node-id").toLowerCase(Locale.ROOT);
        if (!id.isEmpty() && !id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            fault("node-id", "node_id \"" + id + "\" is not a UUID");
        }
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    private String datacenter() {
        String datacenter = text("datacenter").toLowerCase(Locale.ROOT);
        if (datacenter.isEmpty()) {
            fault("datacenter", "datacenter cannot be empty");
        } else if (!datacenter.chars().allMatch(c -> isAsciiAlphanumeric(c) || c == '-' || c == '_')) {
            fault("datacenter", "datacenter cannot be \"" + datacenter + "\". Please use only [a-z0-9-_]");
        }
        return datacenter;
    }

    private Optional<Path> dataDir(boolean dev) {
        String directory = text("data-dir");
        if (directory.isEmpty()) {
            if (!dev && faults.stream().noneMatch(Validation::hidesSettings)) {
                fault("data-dir", "data_dir cannot be empty");
            }
            return Optional.empty();
        }
        Path path = Path.of(directory);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            fault("data-dir", "data_dir \"" + directory + "\" is not a directory");
        } else if (Files.exists(path)
                && !(Files.isReadable(path) && Files.isWritable(path) && Files.isExecutable(path))) {
            fault(
                    "data-dir",
                    "data_dir \"" + directory + "\": " + whyUnusable(path) + "; sotto must read and write it");
        }
        return Optional.of(path);
    }

    private static String whyUnusable(Path directory) {
        try {
            return Files.getFileStore(directory).isReadOnly() ? "read-only file system" : "permission denied";
        } catch (IOException e) {
            return "permission denied";
        }
    }

    /** Whether a setting may only seem to be missing, because its file could not be read. */
    private static boolean hidesSettings(Fault fault) {
        return fault.kind() == Fault.Kind.ACCESS || fault.kind() == Fault.Kind.SYNTAX;
    }

    Optional<String> address(String path) {
        return literal(path, text(path)).map(address -> text(path));
    }

    private Optional<String> advertiseAddr() {
        if (text("advertise-addr").isEmpty()) {
            return Optional.empty();
        }
        Optional<InetAddress> advertised = literal("advertise-addr", text("advertise-addr"));
        if (advertised.isPresent() && advertised.get().isAnyLocalAddress()) {
            fault("advertise-addr", "Advertise address cannot be 0.0.0.0, :: or [::]");
        }
        return advertised.map(address -> text("advertise-addr"));
    }

    private List<String> clientAddrs() {
        return literals("client-addr");
    }

    private List<String> literals(String path) {
        List<String> found = new ArrayList<>();
        for (String address : text(path).trim().split("\\s+", -1)) {
            literal(path, address).ifPresent(good -> found.add(address));
        }
        return found;
    }

    private AgentSettings.Web web() {
        boolean ofHttp = !text("addresses.http").isBlank();
        boolean ofHttps = !text("addresses.https").isBlank();
        return new AgentSettings.Web(
                ofHttp ? literals("addresses.http") : List.of(),
                ofHttps ? literals("addresses.https") : List.of(),
                whole("ports.https", -1, 65_535));
    }

    /** An agent without a certificate starts all the same, as a real one does. */
    private void checkHttps(AgentSettings settings) {
        if (settings.web().httpsPort() >= 0 && settings.transport().certFile().isEmpty()) {
            warnings.add("ports.https is set and there is no certificate: no client will get through; set "
                    + transport.spelling("tls.cert-file") + " and " + transport.spelling("tls.key-file"));
        }
        whole("http.max-connections", 1, Integer.MAX_VALUE);
        whole("http.max-connections-per-address", 1, Integer.MAX_VALUE);
        positive("http.handshake-timeout");
        positive("http.idle-timeout");
    }

    private Optional<InetAddress> literal(String path, String text) {
        Optional<InetAddress> address = Addresses.literal(text);
        if (address.isEmpty()) {
            String key = path.replace('-', '_');
            fault(
                    path,
                    text.contains("{{")
                            ? key + ": sotto has no address templates; write the address that " + text + " stands for"
                            : key + ": invalid ip address: \"" + text + "\"");
        }
        return address;
    }

    private Optional<GossipKey> encrypt() {
        String base64 = text("encrypt");
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(GossipKey.parse(base64));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            fault(
                    "encrypt",
                    reason.startsWith("illegal base64")
                            ? "encrypt has invalid key: " + reason
                            : "encrypt has invalid key: Failed to configure keyring: Invalid key: " + reason);
            return Optional.empty();
        }
    }

    /** The texts of a list; none if it is not set. */
    List<Node.Text> elements(String path) {
        return layers.get(path).orElse(null) instanceof Node.Sequence list
                ? list.elements().stream().map(Node.Text.class::cast).toList()
                : List.of();
    }

    private AgentSettings.Ports ports(Profile profile) {
        int serfLan = layers.get("ports.serf-lan").isPresent()
                ? whole("ports.serf-lan", 0, 65_535)
                : profile == Profile.SERF ? SERF_PORT : defaults.getInt("ports.serf-lan");
        return new AgentSettings.Ports(whole("ports.http", -1, 65_535), serfLan, whole("ports.server", 1, 65_535));
    }

    String text(String path) {
        return layers.get(path).map(node -> ((Node.Text) node).value()).orElseGet(() -> defaults.getString(path));
    }

    private boolean bool(String path) {
        return layers.get(path).map(node -> ((Node.Bool) node).value()).orElseGet(() -> defaults.getBoolean(path));
    }

    /** Whether a switch is on that may be left unsaid. */
    boolean isOn(String path, boolean unsaid) {
        return layers.get(path).map(node -> ((Node.Bool) node).value()).orElse(unsaid);
    }

    int whole(String path, int least, int most) {
        long value = layers.get(path).map(node -> ((Node.Whole) node).value()).orElseGet(() -> defaults.getLong(path));
        if (value < least || value > most) {
            fault(path, path.replace('-', '_') + " must be from " + least + " to " + most + ", not " + value);
            return least;
        }
        return (int) value;
    }

    Duration positive(String path) {
        Duration value = layers.get(path)
                .flatMap(node -> Durations.parse(((Node.Text) node).value()))
                .orElseGet(() -> defaults.getDuration(path));
        if (value.isZero()) {
            fault(path, path.replace('-', '_') + " must be longer than 0");
        }
        return value;
    }

    private Map<String, String> map(String path) {
        Map<String, String> found = new LinkedHashMap<>();
        if (layers.get(path).orElse(null) instanceof Node.Table table) {
            table.entries().forEach((key, node) -> {
                if (node instanceof Node.Text text) {
                    found.put(key, text.value());
                }
            });
        }
        return found;
    }

    private <T> Optional<T> choice(String path, Function<String, Optional<T>> parse, String allowed) {
        String word = text(path);
        Optional<T> value = parse.apply(word.toLowerCase(Locale.ROOT));
        if (value.isEmpty() && allowed.isEmpty()) {
            fault(
                    path,
                    "Invalid log level: " + word.toUpperCase(Locale.ROOT)
                            + ". Valid log levels are: [TRACE DEBUG INFO WARN ERR]");
        } else if (value.isEmpty()) {
            fault(path, path.replace('-', '_') + " cannot be \"" + word + "\": use " + allowed);
        }
        return value;
    }

    /** The pool reads it itself; here it is only told early, with its place. */
    private void checkPlaintextUntil() {
        String text = text("plaintext-until");
        if (!text.isEmpty() && !isInstant(text) && !isDuration(text)) {
            fault(
                    "plaintext-until",
                    "plaintext_until cannot be \"" + text
                            + "\": use a duration such as 2h, or an instant such as 2026-12-01T06:00:00Z");
        }
    }

    private static boolean isInstant(String text) {
        try {
            return Instant.parse(text).isAfter(Instant.MIN);
        } catch (DateTimeException notAnInstant) {
            return false;
        }
    }

    private static boolean isDuration(String text) {
        try {
            return !ConfigValueFactory.fromAnyRef(text)
                    .atPath("duration")
                    .getDuration("duration")
                    .isNegative();
        } catch (ConfigException notADuration) {
            return false;
        }
    }

    void warn(String text) {
        warnings.add(text);
    }

    void fault(Place place, String text) {
        faults.add(Fault.at(Fault.Kind.SETTING, place, text));
    }

    void fault(String path, String text) {
        faults.add(
                Fault.at(Fault.Kind.SETTING, layers.get(path).map(Node::place).orElse(Place.DEFAULT), text));
    }

    private static Optional<Profile> profile(String word) {
        return switch (word) {
            case "serf" -> Optional.of(Profile.SERF);
            case "consul-client" -> Optional.of(Profile.CONSUL_CLIENT);
            case "observer" -> Optional.of(Profile.OBSERVER);
            case "nomad" -> Optional.of(Profile.NOMAD);
            default -> Optional.empty();
        };
    }

    private static Optional<Claims> claims(String word) {
        return switch (word) {
            case "guarded" -> Optional.of(Claims.GUARDED);
            case "upstream" -> Optional.of(Claims.UPSTREAM);
            default -> Optional.empty();
        };
    }

    private static Optional<AgentSettings.LogLevel> logLevel(String word) {
        return switch (word) {
            case "trace" -> Optional.of(AgentSettings.LogLevel.TRACE);
            case "debug" -> Optional.of(AgentSettings.LogLevel.DEBUG);
            case "info" -> Optional.of(AgentSettings.LogLevel.INFO);
            case "warn", "warning" -> Optional.of(AgentSettings.LogLevel.WARN);
            case "err", "error" -> Optional.of(AgentSettings.LogLevel.ERROR);
            default -> Optional.empty();
        };
    }

    private static boolean isAsciiAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
