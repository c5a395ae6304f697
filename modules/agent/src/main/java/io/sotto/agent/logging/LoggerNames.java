package io.sotto.agent.logging;

import java.util.regex.Pattern;

/**
 * What a logger is called in the log: the real agent's names, so that searches and alerts written for it find the lines.
 *
 * <p>A logger that is already called {@code agent…} keeps its name. Source: agent specification, section 4.
 */
final class LoggerNames {
    /** Class name prefixes, longest first where one contains another. */
    private static final String[][] NAMES = {
        {"io.sotto.agent.http", "agent.http"},
        {"io.sotto.agent", "agent"},
        {"io.sotto.gossip.wan", "agent.server.memberlist.wan"},
        {"io.sotto.gossip", "agent.client.memberlist.lan"},
        {"io.sotto.membership", "agent.client.memberlist.lan"},
        {"io.sotto.cluster.FloodJoin", "agent.server"},
        {"io.sotto.cluster.client", "agent.anti_entropy"},
        {"io.sotto.cluster.server", "agent.server"},
        {"io.sotto.cluster", "agent.client.serf.lan"},
        {"io.sotto.rpc.tls", "agent.tlsutil"},
        {"io.sotto.rpc", "agent.server.rpc"},
        {"org.apache.pekko", "agent.pekko"},
    };

    private static final Pattern WAN = Pattern.compile("/sotto-[0-9]+-wan(/|$)");

    private LoggerNames() {}

    /** @param source the path of the actor that speaks, or empty: of a WAN pool's actors it has the pool's name */
    static String shown(String name, String source) {
        String shown = shown(name);
        return WAN.matcher(source).find()
                ? shown.replace("agent.client.", "agent.server.").replace(".lan", ".wan")
                : shown;
    }

    static String shown(String name) {
        if (name.equals("agent") || name.startsWith("agent.") || name.equals("audit")) {
            return name;
        }
        for (String[] pair : NAMES) {
            if (name.equals(pair[0]) || name.startsWith(pair[0] + ".")) {
                return pair[1];
            }
        }
        return "agent." + name;
    }
}
