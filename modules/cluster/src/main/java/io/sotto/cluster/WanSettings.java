package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.datapath.AllowList;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SwimSettings;
import io.sotto.membership.admission.AdmissionRule;
import io.sotto.membership.admission.AllowedNetworks;
import io.sotto.membership.admission.ConsulWanRule;
import io.sotto.wire.Octets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The WAN pool of a {@code sotto} section: as the LAN pool, but for its name, its port, its rhythm, its members, and whom it
 * joins. Source: gossip specification, sections 15 and 19.2.
 *
 * @param pool the pool itself
 * @param floodInterval how often the servers of the LAN pool are looked for in it
 */
record WanSettings(PoolSettings pool, Duration floodInterval) {
    /** Where a member of the LAN pool tells the port of its WAN pool. */
    static final String JOIN_PORT_TAG = "wan_join_port";

    private static final String ENABLED = "wan.enabled";
    private static final String PORT = "ports.serf-wan";
    private static final String BIND = "serf-wan";
    private static final String ADVERTISE = "advertise-addr-wan";
    private static final String ROTATION = "key-rotation.every";
    private static final String SPENT = "key-rotation.nonce-budget.action";
    private static final int PORT_MAX = 65_535;

    /** Whether this node is to be a member of a WAN pool. */
    static boolean isOn(Config section, Profile profile) {
        if (profile == Profile.NOMAD) {
            // Its one pool spans all regions.
            return false;
        }
        boolean isServer = section.getBoolean("server");
        boolean isAsked = section.hasPath(ENABLED) ? section.getBoolean(ENABLED) : isServer;
        int port = section.getInt(PORT);
        if (port < -1 || port > PORT_MAX) {
            throw bad(section, PORT, "must be from -1 to " + PORT_MAX);
        }
        if (!isAsked || port < 0) {
            return false;
        }
        if (!isServer && profile != Profile.SERF) {
            throw bad(section, ENABLED, "takes server = true, or profile serf: other members admit servers only");
        }
        boolean isBySpent = section.getString(SPENT).equalsIgnoreCase("rotate");
        if (isBySpent || !section.getDuration(ROTATION).isZero()) {
            throw bad(
                    section,
                    isBySpent ? SPENT : ROTATION,
                    "would make the key of the LAN pool another than that of the WAN pool: replace keys with the verb keyring,"
                            + " or set ports.serf-wan = -1");
        }
        return true;
    }

    /** The tags by which servers of the LAN pool find this one's WAN pool. */
    static Map<String, String> findable(Config section, Profile profile, Map<String, String> tags) {
        int port = section.getInt(PORT);
        if (profile == Profile.SERF || port == 0) {
            return tags;
        }
        Map<String, String> all = new TreeMap<>(tags);
        all.put(JOIN_PORT_TAG, Integer.toString(port));
        return all;
    }

    /**
     * @param like the LAN pool, with the tags, the keys and the snapshot of this one
     * @param datacenter this node's
     */
    static WanSettings of(Config section, Profile profile, PoolSettings like, String datacenter) {
        AllowedNetworks networks = SottoSettings.checked(
                section,
                "allowed-networks-wan",
                () -> AllowedNetworks.parse(section.getStringList("allowed-networks-wan")));
        SwimSettings swim = SottoSettings.checked(
                section,
                "gossip.lifeguard",
                () -> SottoSettings.cautious(
                        SottoSettings.checked(
                                section,
                                "gossip-wan",
                                () -> SottoSettings.swim(SwimSettings.wan(), section.getConfig("gossip-wan"))),
                        section.getConfig("gossip.lifeguard")));
        PoolRules rules = new PoolRules(
                like.rules().self() + "." + datacenter,
                swim,
                like.rules().serf(),
                profile == Profile.SERF ? AdmissionRule.acceptAll() : new ConsulWanRule(),
                networks,
                like.claims().policy(like.guard(), swim.probeInterval()));
        InetAddress bind =
                SottoSettings.address(section, BIND).orElse(like.bind().getAddress());
        PoolSettings lan = like.withRules(rules);
        PoolSettings wan = lan.named("wan", new InetSocketAddress(bind, section.getInt(PORT)))
                .withAdvertise(SottoSettings.address(section, ADVERTISE)
                        .or(like::advertise)
                        .or(() -> bind.isAnyLocalAddress() ? Optional.of(PrivateAddress.find(bind)) : Optional.empty()))
                // As real members have it: the pool between datacenters has no label.
                .withLabel(Octets.empty())
                .withOtherLabels(List.of())
                .withAllowed(new AllowList(networks, AllowList.Scope.EVERYTHING))
                .withStreams(patient(like.streams(), swim.tcpTimeout()))
                .withJoining(new PoolSettings.Joining(
                        section.getStringList("start-join-wan"),
                        section.getStringList("retry-join-wan"),
                        section.getDuration("retry-interval-wan"),
                        section.getInt("retry-max-wan")));
        Duration flood = section.getDuration("wan.flood-interval");
        if (flood.isNegative() || flood.isZero()) {
            throw bad(section, "wan.flood-interval", "must be longer than 0");
        }
        return new WanSettings(wan, flood);
    }

    /** Those who dial here give themselves so long; to end their streams before would be to lose what they bring. */
    private static StreamSettings patient(StreamSettings streams, Duration least) {
        return streams.totalTimeout().compareTo(least) >= 0 ? streams : streams.withTotalTimeout(least);
    }

    private static ConfigException bad(Config section, String path, String text) {
        return new ConfigException.BadValue(
                section.hasPath(path) ? section.getValue(path).origin() : section.origin(), path, text);
    }
}
