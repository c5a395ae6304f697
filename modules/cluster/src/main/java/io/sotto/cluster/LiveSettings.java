package io.sotto.cluster;

import com.typesafe.config.Config;
import io.sotto.gossip.PoolChange;
import io.sotto.membership.Caution;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The settings that a running pool follows, but for the key, by path and as text. Immutable; holds nothing secret. */
record LiveSettings(Map<String, String> values) {
    /** Where the key comes from: the places differ, what counts is the key. */
    private static final List<String> KEY_PLACES = List.of("encrypt", "encrypt-file", "encrypt-source");

    private static final List<String> TLS = List.of(
            "tls.ca-file",
            "tls.ca-path",
            "tls.cert-file",
            "tls.key-file",
            "tls.key-passphrase-file",
            "tls.crl-files",
            "tls.verify-incoming",
            "tls.verify-incoming-rpc",
            "tls.verify-incoming-https",
            "tls.verify-outgoing",
            "tls.verify-server-hostname",
            "tls.min-version",
            "tls.cipher-suites",
            "tls.domain");

    private static final String RATE = "rpc.rate";
    private static final String BURST = "rpc.max-burst";

    LiveSettings {
        values = new LinkedHashMap<>(values);
    }

    /**
     * @param change what the LAN pool goes by, and the WAN pool but for its timing
     * @param wan the timing of the WAN pool, if there is one
     * @param section where what no pool has to know stands
     */
    static LiveSettings of(PoolChange change, Optional<SwimSettings> wan, Config section) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("encrypt-verify-incoming", String.valueOf(change.verifyIncoming()));
        values.put("encrypt-verify-outgoing", String.valueOf(change.verifyOutgoing()));
        values.put(
                "plaintext-until",
                change.plaintextUntil()
                        .after()
                        .map(LiveSettings::text)
                        .or(() -> change.plaintextUntil().at().map(String::valueOf))
                        .orElse(""));
        values.put("label", quoted(change.label()));
        values.put(
                "label-accept",
                change.otherLabels().stream().map(LiveSettings::quoted).collect(Collectors.joining(", ", "[", "]")));
        SwimSettings swim = change.swim();
        timing("gossip-lan.", swim, values);
        wan.ifPresent(timing -> timing("gossip-wan.", timing, values));
        Caution caution = swim.caution();
        values.put("gossip.lifeguard.patience", text(caution.patience()));
        values.put("gossip.lifeguard.ping-repeats", String.valueOf(caution.pingRepeats()));
        values.put("gossip.lifeguard.sure-percent", String.valueOf(caution.surePercent()));
        for (String path : TLS) {
            values.put(path, section.hasPath(path) ? String.valueOf(section.getAnyRef(path)) : "");
        }
        values.put(RATE, String.valueOf(section.getDouble(RATE)));
        values.put(BURST, String.valueOf(section.getInt(BURST)));
        return new LiveSettings(values);
    }

    private static void timing(String prefix, SwimSettings swim, Map<String, String> values) {
        values.put(prefix + "gossip-interval", text(swim.gossipInterval()));
        values.put(prefix + "gossip-nodes", String.valueOf(swim.gossipNodes()));
        values.put(prefix + "probe-interval", text(swim.probeInterval()));
        values.put(prefix + "probe-timeout", text(swim.probeTimeout()));
        values.put(prefix + "suspicion-mult", String.valueOf(swim.suspicionMult()));
        values.put(prefix + "retransmit-mult", String.valueOf(swim.retransmitMult()));
        values.put(prefix + "push-pull-interval", text(swim.pushPullInterval()));
    }

    /** Whether calls may be made at another rate there. */
    boolean limitsDiffer(LiveSettings next) {
        return changedIn(next).stream().anyMatch(line -> line.startsWith(RATE + "=") || line.startsWith(BURST + "="));
    }

    /** Whether something under {@code tls} is otherwise there. */
    boolean tlsDiffers(LiveSettings next) {
        return TLS.stream().anyMatch(path -> !Objects.equals(values.get(path), next.values.get(path)));
    }

    /** Whether a reload takes this setting up. */
    boolean has(String path) {
        return values.containsKey(path) || KEY_PLACES.contains(path);
    }

    /** What is otherwise there, with the values there. */
    List<String> changedIn(LiveSettings next) {
        List<String> changed = new ArrayList<>();
        next.values.forEach((path, value) -> {
            if (!value.equals(values.get(path))) {
                changed.add(path + "=" + value);
            }
        });
        return changed;
    }

    private static String quoted(Octets label) {
        return '"' + new String(label.toArray(), StandardCharsets.UTF_8) + '"';
    }

    /** As HOCON has it, in the largest unit that holds it: {@code 1500ms}. */
    static String text(Duration duration) {
        return duration.toNanos() % 1_000_000 != 0
                ? duration.toNanos() + "ns"
                : duration.toMillis() % 1_000 != 0 ? duration.toMillis() + "ms" : duration.toSeconds() + "s";
    }
}
