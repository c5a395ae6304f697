package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueType;
import io.sotto.gossip.FloodSettings;
import io.sotto.gossip.PlaintextUntil;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.gossip.rotation.RotationSettings;
import io.sotto.gossip.snapshot.SnapshotSettings;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.GuardSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.admission.AdmissionRule;
import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.membership.admission.ConsulLanRule;
import io.sotto.rpc.tls.TlsFiles;
import io.sotto.rpc.tls.TlsWatch;
import io.sotto.wire.Octets;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A {@code sotto} section as the values that pools take. Reading it touches no network but may look up this host's name.
 *
 * @param lan the LAN pool
 * @param wan the WAN pool, if this node is a member of one
 * @param datacenter of this node
 * @param tags what the node says of itself at its start
 * @param isServer whether it shows a server's tags
 * @param rpc the calls that it makes and takes
 * @param tls where its certificates are, and what they are for
 * @param watch how those files are watched
 * @param network buffers and batches of the sockets
 * @param leaveOnShutdown whether the node leaves its pools when the actor system shuts down
 */
record SottoSettings(
        PoolSettings lan,
        Optional<WanSettings> wan,
        String datacenter,
        Map<String, String> tags,
        boolean isServer,
        RpcSettings rpc,
        TlsFiles tls,
        TlsWatch watch,
        NetworkSettings network,
        boolean leaveOnShutdown) {
    /** Source: gossip specification, section 8. */
    private static final int LABEL_MAX_BYTES = 255;

    private static final int PORT_MAX = 65_535;

    private static final String UNRELEASED = "0.1.0";

    /**
     * @throws ConfigException for a missing key, a wrong type, or a value that cannot be
     */
    static SottoSettings of(Config section) {
        Profile profile = checked(section, "profile", () -> Profile.parse(section.getString("profile")));
        String ownName = nonEmpty(section, "node-name").orElseGet(SottoSettings::hostName);
        String nodeName = profile == Profile.NOMAD ? NomadMember.name(ownName, NomadMember.region(section)) : ownName;
        String datacenter = section.getString("datacenter").toLowerCase(Locale.ROOT);
        String nodeId =
                nonEmpty(section, "node-id").orElseGet(() -> UUID.randomUUID().toString());
        Map<String, String> tags = checked(
                section,
                "tags",
                () -> served(
                        section,
                        profile,
                        profile.tags(datacenter, nodeId, version(), "", tags(section.getConfig("tags")))));
        boolean hasWan = WanSettings.isOn(section, profile);
        Octets meta = checked(
                section, "tags", () -> Tags.encode(hasWan ? WanSettings.findable(section, profile, tags) : tags));
        Octets wanMeta = checked(section, "tags", () -> Tags.encode(tags));
        Optional<GossipKey> key = KeySources.read(section);
        AdmissionRule admission = profile.belongsToDatacenter()
                ? new ConsulLanRule(nodeName, nodeId, datacenter, "")
                : AdmissionRule.acceptAll();
        SerfSettings serf = checked(section, "gossip.events", () -> serf(profile, section.getConfig("gossip.events")));
        AllowedNetworks networks = checked(
                section, "allowed-networks", () -> AllowedNetworks.parse(section.getStringList("allowed-networks")));
        SwimSettings swim = checked(
                section,
                "gossip.lifeguard",
                () -> cautious(
                        checked(
                                section,
                                "gossip-lan",
                                () -> swim(
                                        profile == Profile.NOMAD ? SwimSettings.wan() : SwimSettings.lan(),
                                        section.getConfig("gossip-lan"))),
                        section.getConfig("gossip.lifeguard")));
        GuardSettings guard = checked(section, "gossip.guard", () -> guard(section.getConfig("gossip.guard")));
        PoolRules rules = new PoolRules(
                nodeName, swim, serf, admission, networks, claims(section).policy(guard, swim.probeInterval()));
        PoolSettings lan = PoolSettings.of("lan", rules, checked(section, "ports.serf-lan", () -> bind(section)))
                .withMeta(meta)
                .withVersions(profile.versions())
                .withAdvertise(advertised(section))
                .withKeys(keys(section, key, profile == Profile.NOMAD ? "server/serf.keyring" : "serf/local.keyring"))
                .withLabel(label(section, "label", section.getString("label")))
                .withOtherLabels(section.getStringList("label-accept").stream()
                        .map(text -> label(section, "label-accept", text))
                        .toList())
                .withAllowed(new AllowList(networks, AllowList.Scope.EVERYTHING))
                .withJoining(new PoolSettings.Joining(
                        section.getStringList("start-join"),
                        section.getStringList("retry-join"),
                        section.getDuration("retry-interval"),
                        section.getInt("retry-max")))
                .withDatapath(checked(
                        section,
                        "gossip",
                        () -> DatapathSettings.from(
                                section.getConfig("gossip.datapath"),
                                DatapathSettings.limits(section.getConfig("gossip.limits")))))
                .withStreams(checked(
                        section, "gossip.stream", () -> StreamSettings.from(section.getConfig("gossip.stream"))))
                .withFlood(
                        checked(section, "gossip.flood", () -> FloodSettings.from(section.getConfig("gossip.flood"))))
                .withClaims(claims(section))
                .withGuard(guard)
                .withCoordinates(
                        section.getBoolean("disable-coordinates")
                                ? PoolSettings.NetworkCoordinates.OFF
                                : PoolSettings.NetworkCoordinates.KEPT)
                .withSnapshot(
                        snapshot(section, profile == Profile.NOMAD ? "server/serf.snapshot" : "serf/local.snapshot"))
                .withRotation(checked(
                        section, "key-rotation", () -> RotationSettings.from(section.getConfig("key-rotation"))))
                .withPlaintextUntil(PlaintextUntil.from(section, "plaintext-until"));
        Optional<WanSettings> wan = hasWan
                ? Optional.of(WanSettings.of(
                        section,
                        profile,
                        lan.withMeta(wanMeta)
                                .withKeys(keys(section, key.map(GossipKey::copy), "serf/remote.keyring"))
                                .withSnapshot(snapshot(section, "serf/remote.snapshot")),
                        datacenter))
                : Optional.empty();
        return new SottoSettings(
                lan,
                wan,
                datacenter,
                Tags.decode(meta),
                section.getBoolean("server") || profile == Profile.NOMAD,
                checked(section, "rpc", () -> RpcSettings.from(section, profile)),
                checked(section, "tls", () -> TlsFiles.of(section.getConfig("tls"), datacenter)),
                checked(section, "tls", () -> TlsWatch.of(section.getConfig("tls"))),
                checked(section, "gossip.network", () -> NetworkSettings.from(section.getConfig("gossip.network"))),
                section.getBoolean("leave-on-shutdown"));
    }

    /** With those of a server, if it is to be one. */
    private static Map<String, String> served(Config section, Profile profile, Map<String, String> tags) {
        if (profile == Profile.NOMAD) {
            return NomadMember.tags(section, tags, advertised(section), bind(section));
        }
        if (!section.getBoolean("server")) {
            return tags;
        }
        if (profile != Profile.CONSUL_CLIENT) {
            throw new ConfigException.BadValue(
                    section.getValue("server").origin(), "server", "takes profile consul-client or nomad");
        }
        int port = section.getInt("ports.server");
        if (port < 1 || port > PORT_MAX) {
            throw new ConfigException.BadValue(
                    section.getValue("ports.server").origin(), "ports.server", "must be from 1 to 65535");
        }
        return Profile.ofServer(tags, port, hasAuthorities(section));
    }

    private static boolean hasAuthorities(Config section) {
        return Stream.of("tls.ca-file", "tls.ca-path")
                .anyMatch(path ->
                        section.hasPath(path) && !section.getString(path).isEmpty());
    }

    private static InetSocketAddress bind(Config section) {
        InetAddress address = address(section, "bind-addr")
                .orElseThrow(() ->
                        new ConfigException.BadValue(section.origin(), "bind-addr", "must be an address of this host"));
        return new InetSocketAddress(address, section.getInt("ports.serf-lan"));
    }

    private static KeySettings keys(Config section, Optional<GossipKey> key, String file) {
        boolean isKept = section.getBoolean("persist") && !section.getBoolean("disable-keyring-file");
        Optional<Path> ring = isKept ? nonEmpty(section, "data-dir").map(dir -> Path.of(dir, file)) : Optional.empty();
        return new KeySettings(
                key,
                ring,
                section.getBoolean("encrypt-verify-incoming"),
                section.getBoolean("encrypt-verify-outgoing"),
                section.getBoolean("keyring-file-mode-check"));
    }

    private static Octets label(Config section, String path, String text) {
        Octets label = Octets.utf8(text);
        if (label.length() > LABEL_MAX_BYTES) {
            throw new ConfigException.BadValue(
                    section.getValue(path).origin(), path, "a label takes at most " + LABEL_MAX_BYTES + " bytes");
        }
        return label;
    }

    private static SnapshotSettings snapshot(Config section, String file) {
        return new SnapshotSettings(
                nonEmpty(section, "data-dir").map(dir -> Path.of(dir, file)), section.getBoolean("rejoin-after-leave"));
    }

    static SwimSettings swim(SwimSettings profile, Config gossip) {
        return profile.withGossip(gossip.getDuration("gossip-interval"), gossip.getInt("gossip-nodes"))
                .withProbe(gossip.getDuration("probe-interval"), gossip.getDuration("probe-timeout"))
                .withSuspicionMult(gossip.getInt("suspicion-mult"))
                .withRetransmitMult(gossip.getInt("retransmit-mult"))
                .withPushPullInterval(gossip.getDuration("push-pull-interval"));
    }

    private static SerfSettings serf(Profile profile, Config events) {
        SerfSettings serf = profile == Profile.SERF ? SerfSettings.serf() : SerfSettings.consul();
        EventSettings usual = serf.events();
        return serf.withEvents(usual.with(
                bytes(events, "user-event-max"),
                bytes(events, "query-max"),
                bytes(events, "answer-max"),
                usual.resolveNameConflicts() && events.getBoolean("resolve-name-conflicts")));
    }

    private static int bytes(Config config, String path) {
        return (int) Math.min(Integer.MAX_VALUE, config.getBytes(path));
    }

    static SwimSettings cautious(SwimSettings swim, Config lifeguard) {
        return swim.withCaution(swim.caution()
                .with(
                        lifeguard.getDuration("patience"),
                        lifeguard.getInt("ping-repeats"),
                        lifeguard.getInt("sure-percent")));
    }

    private static GuardSettings guard(Config guard) {
        return new GuardSettings(
                guard.getLong("incarnation-jump-max"),
                guard.getInt("candidates-max"),
                guard.getInt("candidates-per-address-max"),
                guard.getInt("candidate-rate"),
                guard.getInt("candidate-burst"),
                guard.getInt("sources-max"),
                guard.getInt("arrivals-max"));
    }

    private static Claims claims(Config section) {
        return switch (section.getString("claims")) {
            case "guarded" -> Claims.GUARDED;
            case "upstream" -> Claims.UPSTREAM;
            default ->
                throw new ConfigException.BadValue(
                        section.getValue("claims").origin(), "claims", "must be \"guarded\" or \"upstream\"");
        };
    }

    private static Optional<InetAddress> advertised(Config section) {
        Optional<InetAddress> given = address(section, "advertise-addr");
        if (given.isPresent()) {
            return given;
        }
        InetAddress bind = address(section, "bind-addr").orElseThrow();
        return bind.isAnyLocalAddress() ? Optional.of(PrivateAddress.find(bind)) : Optional.empty();
    }

    static Optional<InetAddress> address(Config section, String path) {
        return nonEmpty(section, path).map(text -> {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new ConfigException.BadValue(
                        section.getValue(path).origin(), path, "\"" + text + "\" is no address", e);
            }
        });
    }

    private static Map<String, String> tags(Config tags) {
        Map<String, String> map = new HashMap<>();
        tags.root().forEach((name, value) -> {
            if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
                throw new ConfigException.WrongType(value.origin(), "tags." + name + " must be a string");
            }
            map.put(name, String.valueOf(value.unwrapped()));
        });
        return map;
    }

    static <T> T checked(Config section, String path, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException.BadValue(section.getValue(path).origin(), path, String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> nonEmpty(Config section, String path) {
        String text = section.getString(path);
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** The version in the jar's manifest; classes that were never packaged have none. */
    private static String version() {
        String packaged = Sotto.class.getPackage().getImplementationVersion();
        return packaged == null ? UNRELEASED : packaged;
    }
}
