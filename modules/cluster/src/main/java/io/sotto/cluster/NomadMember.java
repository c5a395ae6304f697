package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a member of a Nomad gossip pool says of itself: real servers take only servers in, so it shows a server's tags, in a
 * region of its own, where it is no one's peer. Pure. Source: Nomad specification, section 4.
 */
final class NomadMember {
    /** The region that real servers are in unless they are told otherwise. */
    private static final String USUAL_REGION = "global";
    /**
     * Real servers leave out what the oldest server of any region does not know, by this tag: sotto's own version would
     * switch their features off. So this is the latest that is known.
     */
    private static final String BUILD = "1.11.3";

    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final int PORT_MAX = 65_535;

    private NomadMember() {}

    /** The region in a {@code sotto} section. */
    static String region(Config section) {
        String region = section.getString("region");
        if (!REGION.matcher(region).matches()) {
            throw bad(section, "region", "must be letters, digits, - and _");
        }
        if (region.equals(USUAL_REGION)) {
            throw bad(
                    section,
                    "region",
                    "cannot be \"" + USUAL_REGION
                            + "\", the region of real servers unless they are told otherwise: they"
                            + " would count this node as one of their peers");
        }
        return region;
    }

    /** Members of all regions share a pool. */
    static String name(String nodeName, String region) {
        return nodeName + "." + region;
    }

    /**
     * The tags of a server, besides {@code tags}.
     *
     * @param address that others are told, if it is another than that which is listened on
     */
    static Map<String, String> tags(
            Config section, Map<String, String> tags, Optional<InetAddress> address, InetSocketAddress bind) {
        int port = section.getInt("ports.server");
        if (port < 1 || port > PORT_MAX) {
            throw bad(section, "ports.server", "must be from 1 to " + PORT_MAX);
        }
        Map<String, String> server = new TreeMap<>(tags);
        server.put("role", "nomad");
        server.put("region", region(section));
        server.put("build", BUILD);
        server.put("vsn", "1");
        server.put("mvn", "1");
        server.put("raft_vsn", "2");
        server.put("port", Integer.toString(port));
        server.put("rpc_addr", address.orElse(bind.getAddress()).getHostAddress());
        return server;
    }

    private static ConfigException bad(Config section, String path, String reason) {
        return new ConfigException.BadValue(section.getValue(path).origin(), path, reason);
    }
}
