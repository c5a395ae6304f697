package io.sotto.agent.config;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks what is set for TLS and the RPC port: that files are there and can be read, and that settings do not contradict each
 * other. What is in the files is judged by whoever loads them. Texts are the real agent's where it has one, after the key.
 * Source: TLS specification, section 1.
 */
final class TransportChecks {
    private static final List<String> VERSIONS = List.of("tls12", "tls13");

    private final Layers layers;
    private final Config defaults;
    private final TransportKeys keys;
    private final List<Fault> faults;
    private final List<String> warnings;

    TransportChecks(Layers layers, Config defaults, TransportKeys keys, List<Fault> faults, List<String> warnings) {
        this.layers = layers;
        this.defaults = defaults;
        this.keys = keys;
        this.faults = faults;
        this.warnings = warnings;
    }

    /** What is set; faults go to the list given at construction. */
    AgentSettings.Transport settings() {
        Optional<Path> caFile = file("tls.ca-file");
        Optional<Path> caPath = directory("tls.ca-path");
        Optional<Path> certificate = file("tls.cert-file");
        Optional<Path> key = file("tls.key-file");
        boolean hasCa = caFile.isPresent() || caPath.isPresent();
        boolean checksNames = bool("tls.verify-server-hostname").orElse(hasCa);
        boolean outgoing = bool("tls.verify-outgoing").orElse(false)
                || bool("tls.verify-server-hostname").orElse(false);
        boolean both = bool("tls.verify-incoming").orElse(false);
        boolean incomingRpc = both || bool("tls.verify-incoming-rpc").orElse(false);
        boolean incomingHttps = both || bool("tls.verify-incoming-https").orElse(false);
        boolean incoming = incomingRpc || incomingHttps;
        String asksForIt =
                both ? "tls.verify-incoming" : incomingRpc ? "tls.verify-incoming-rpc" : "tls.verify-incoming-https";
        if (outgoing && !hasCa) {
            fault(
                    bool("tls.verify-outgoing").orElse(false) ? "tls.verify-outgoing" : "tls.verify-server-hostname",
                    "VerifyOutgoing set, and no CA certificate provided!");
        }
        if (incoming && !hasCa) {
            fault(asksForIt, "VerifyIncoming set but no CA certificates were provided");
        }
        if (certificate.isPresent() != key.isPresent()) {
            String set = certificate.isPresent() ? "tls.cert-file" : "tls.key-file";
            String missing = certificate.isPresent() ? "tls.key-file" : "tls.cert-file";
            fault(set, "it takes " + keys.likeSpelled(missing, set) + " too: a certificate and its key go together");
        } else if (incoming && certificate.isEmpty()) {
            fault(
                    asksForIt,
                    "VerifyIncoming requires either a Cert and Key pair in the configuration file, or auto_encrypt/auto_config be enabled");
        }
        if (caFile.isPresent() && caPath.isPresent()) {
            warnings.add(keys.spelling("tls.ca-path") + " does nothing beside " + keys.spelling("tls.ca-file")
                    + at("tls.ca-path"));
        }
        version();
        return new AgentSettings.Transport(
                caFile,
                caPath,
                certificate,
                key,
                incomingRpc,
                incomingHttps,
                outgoing,
                outgoing && checksNames,
                text("tls.domain"));
    }

    /** TLS 1.0 and 1.1 can be asked for in Consul's files; sotto has neither. */
    private void version() {
        String version = text("tls.min-version");
        if (!version.isEmpty() && !VERSIONS.contains(version)) {
            fault(
                    "tls.min-version",
                    "TLSMinVersion: value " + version + " not supported, please specify one of " + VERSIONS);
        }
    }

    private Optional<Path> file(String path) {
        Optional<Path> file = path(path);
        file.flatMap(TransportChecks::whyNotReadable)
                .ifPresent(reason -> fault(path, "Error loading from " + file.get() + ": " + reason));
        return file;
    }

    private static Optional<String> whyNotReadable(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("open " + file + ": no such file or directory");
        }
        if (Files.isDirectory(file)) {
            return Optional.of("read " + file + ": is a directory");
        }
        return Files.isReadable(file) ? Optional.empty() : Optional.of("open " + file + ": permission denied");
    }

    private Optional<Path> directory(String path) {
        Optional<Path> directory = path(path);
        directory.ifPresent(there -> {
            try (Stream<Path> files = Files.walk(there)) {
                List<Path> found = files.filter(Files::isRegularFile).toList();
                if (found.isEmpty()) {
                    fault(path, "Error loading from CAPath: no CAs found");
                }
                List<String> unreadable = new ArrayList<>();
                found.forEach(file -> whyNotReadable(file).ifPresent(unreadable::add));
                unreadable.forEach(reason -> fault(path, "Error loading from CAPath: " + reason));
            } catch (IOException e) {
                fault(
                        path,
                        "Error loading from CAPath: lstat " + there + ": "
                                + (Files.exists(there) ? "permission denied" : "no such file or directory"));
            }
        });
        return directory;
    }

    private Optional<Path> path(String path) {
        String text = text(path);
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }

    private String text(String path) {
        return layers.get(path)
                .map(node -> ((Node.Text) node).value())
                .orElseGet(() -> defaults.hasPath(path) ? defaults.getString(path) : "");
    }

    private Optional<Boolean> bool(String path) {
        return layers.get(path).map(node -> ((Node.Bool) node).value());
    }

    private void fault(String path, String text) {
        faults.add(Fault.at(
                Fault.Kind.SETTING,
                layers.get(path).map(Node::place).orElse(Place.DEFAULT),
                keys.spelling(path) + ": " + text));
    }

    private String at(String path) {
        return layers.get(path).map(node -> " (" + node.place() + ")").orElse("");
    }
}
