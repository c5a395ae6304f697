package io.sotto.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes settings back as the {@code sotto} section with which an embedder, here the agent, starts the cluster module. */
final class EffectiveConfig {
    private EffectiveConfig() {}

    static Config of(AgentSettings settings, Layers layers, Config beneath) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("node-name", settings.nodeName());
        values.put("node-id", settings.nodeId().orElse(""));
        values.put("datacenter", settings.datacenter());
        // With -dev nothing is kept, so that a next try begins afresh.
        boolean keepsNothing = settings.dev() && settings.disableKeyringFile();
        values.put(
                "data-dir",
                settings.dataDir()
                        .filter(dir -> !keepsNothing)
                        .map(Path::toString)
                        .orElse(""));
        values.put("bind-addr", settings.bindAddr());
        values.put("advertise-addr", settings.advertiseAddr().orElse(""));
        values.put("client-addr", String.join(" ", settings.clientAddrs()));
        values.put("encrypt", text(layers, "encrypt"));
        values.put("encrypt-verify-incoming", settings.encryptVerifyIncoming());
        values.put("encrypt-verify-outgoing", settings.encryptVerifyOutgoing());
        // Read already, wherever it was; a class of an embedder is asked there.
        values.put("encrypt-file", "");
        values.put("encrypt-source", text(layers, "encrypt-source"));
        values.put("plaintext-until", text(layers, "plaintext-until"));
        values.put("disable-keyring-file", settings.disableKeyringFile());
        values.put("persist", true);
        values.put("label", text(layers, "label"));
        values.put("label-accept", texts(layers, "label-accept"));
        values.put("keyring-file-mode-check", settings.keyringFileModeCheck());
        values.put("start-join", settings.join().start());
        values.put("retry-join", settings.join().retry());
        values.put("retry-interval", nanos(settings.join().retryInterval()));
        values.put("retry-max", settings.join().retryMax());
        values.put("ports.http", settings.ports().http());
        values.put("ports.https", settings.web().httpsPort());
        values.put("addresses.http", String.join(" ", settings.web().httpAddrs()));
        values.put("addresses.https", String.join(" ", settings.web().httpsAddrs()));
        values.put("ports.serf-lan", settings.ports().serfLan());
        values.put("ports.server", settings.ports().server());
        TransportKeys.paths().forEach(path -> layers.get(path).ifPresent(node -> values.put(path, plain(node))));
        List.of("ui", "member-history-max")
                .forEach(path -> layers.get(path).ifPresent(node -> values.put(path, plain(node))));
        values.put("log-level", word(settings.logLevel()));
        values.put("claims", word(settings.claims()));
        values.put("profile", settings.profile().word());
        values.put("server", settings.server());
        values.put("leave-on-terminate", settings.leaveOnTerminate());
        values.put("skip-leave-on-interrupt", settings.skipLeaveOnInterrupt());
        values.put("rejoin-after-leave", settings.rejoinAfterLeave());
        values.put("disable-coordinates", settings.disableCoordinates());
        layers.get("region").ifPresent(node -> values.put("region", plain(node)));
        layers.get("gossip-lan.push-pull-interval")
                .ifPresent(node -> values.put("gossip-lan.push-pull-interval", plain(node)));
        layers.get("disable-remote-exec").ifPresent(node -> values.put("disable-remote-exec", plain(node)));
        settings.nodeMeta().forEach((key, value) -> values.put("node-meta." + ConfigUtil.quoteString(key), value));
        settings.tags().forEach((key, value) -> values.put("tags." + ConfigUtil.quoteString(key), value));
        rhythm("gossip-lan.", settings.gossipLan(), values);
        wan(settings.wan(), values);
        return ConfigFactory.parseMap(values, "the agent's settings")
                .atPath("sotto")
                .withFallback(beneath);
    }

    private static void wan(AgentSettings.Wan wan, Map<String, Object> values) {
        values.put("wan.enabled", wan.enabled());
        values.put("ports.serf-wan", wan.port());
        values.put("serf-wan", wan.bindAddr().orElse(""));
        values.put("advertise-addr-wan", wan.advertiseAddr().orElse(""));
        values.put("start-join-wan", wan.join().start());
        values.put("retry-join-wan", wan.join().retry());
        values.put("retry-interval-wan", nanos(wan.join().retryInterval()));
        values.put("retry-max-wan", wan.join().retryMax());
        rhythm("gossip-wan.", wan.rhythm(), values);
    }

    private static void rhythm(String prefix, AgentSettings.GossipRhythm rhythm, Map<String, Object> values) {
        values.put(prefix + "gossip-interval", nanos(rhythm.gossipInterval()));
        values.put(prefix + "gossip-nodes", rhythm.gossipNodes());
        values.put(prefix + "probe-interval", nanos(rhythm.probeInterval()));
        values.put(prefix + "probe-timeout", nanos(rhythm.probeTimeout()));
        values.put(prefix + "suspicion-mult", rhythm.suspicionMult());
        values.put(prefix + "retransmit-mult", rhythm.retransmitMult());
    }

    private static Object plain(Node node) {
        if (node instanceof Node.Sequence list) {
            return list.elements().stream().map(EffectiveConfig::plain).toList();
        }
        if (node instanceof Node.Bool bool) {
            return bool.value();
        }
        if (node instanceof Node.Whole whole) {
            return whole.value();
        }
        return node instanceof Node.Fraction fraction ? fraction.value() : ((Node.Text) node).value();
    }

    private static String text(Layers layers, String path) {
        return layers.get(path).map(node -> ((Node.Text) node).value()).orElse("");
    }

    private static List<String> texts(Layers layers, String path) {
        return layers.get(path).orElse(null) instanceof Node.Sequence list
                ? list.elements().stream()
                        .map(element -> ((Node.Text) element).value())
                        .toList()
                : List.of();
    }

    private static String nanos(Duration duration) {
        return duration.toNanos() + "ns";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
