package io.sotto.agent.runtime;

import java.util.List;
import java.util.Optional;

/**
 * The block that an agent prints when it starts, in the form of the real agent 1.8 with one deliberate change: the encrypt
 * line begins with {@code true} or {@code false}, as the guides promise, and says whether gossip is in truth encrypted (a
 * ring is loaded), where the real one says whether the setting was given. The line of the older guides follows it.
 *
 * <p>Pure. Ports without a listener print -1. Source: agent specification, section 2; golden/banner-*.
 *
 * @param version of this build
 * @param nodeId a UUID
 * @param nodeName as in the member list
 * @param datacenter as in the member list
 * @param server whether the agent is a server; clients have an empty segment
 * @param clientAddrs where the HTTP API listens
 * @param httpPort the HTTP API's port; empty if it does not listen
 * @param httpsPort the same over TLS
 * @param clusterAddr the advertised address
 * @param lanPort the LAN pool's port
 * @param wanPort the WAN pool's port; empty for agents that are no members of one
 * @param gossipEncrypted whether a keyring is loaded
 * @param tlsOutgoing whether what is called must prove itself by a certificate
 * @param tlsIncoming whether callers must
 */
public record Banner(
        String version,
        String nodeId,
        String nodeName,
        String datacenter,
        boolean server,
        List<String> clientAddrs,
        Optional<Integer> httpPort,
        Optional<Integer> httpsPort,
        String clusterAddr,
        int lanPort,
        Optional<Integer> wanPort,
        boolean gossipEncrypted,
        boolean tlsOutgoing,
        boolean tlsIncoming) {

    private static final int LABEL_WIDTH = 18;

    public Banner {
        clientAddrs = List.copyOf(clientAddrs);
    }

    /** The whole block, up to and with the line after which the log streams; ends in a newline. */
    public String render() {
        StringBuilder out = new StringBuilder("==> Starting sotto agent...\n");
        line(out, "Version", "'" + version + "'");
        line(out, "Node ID", "'" + nodeId + "'");
        line(out, "Node name", "'" + nodeName + "'");
        line(out, "Datacenter", "'" + datacenter + "' (Segment: '" + (server ? "<all>" : "") + "')");
        line(out, "Server", server + " (Bootstrap: false)");
        line(
                out,
                "Client Addr",
                "[" + String.join(" ", clientAddrs) + "] (HTTP: " + httpPort.orElse(-1) + ", HTTPS: "
                        + httpsPort.orElse(-1) + ", gRPC: -1, DNS: -1)");
        line(out, "Cluster Addr", clusterAddr + " (LAN: " + lanPort + ", WAN: " + wanPort.orElse(-1) + ")");
        line(
                out,
                "Encrypt",
                gossipEncrypted + " (Gossip: " + gossipEncrypted
                        + ", TLS-Outgoing: " + tlsOutgoing + ", TLS-Incoming: " + tlsIncoming
                        + ", Auto-Encrypt-TLS: false)");
        line(out, "Gossip encrypt", gossipEncrypted + ", RPC-TLS: " + tlsOutgoing + ", TLS-Incoming: " + tlsIncoming);
        return out.append("\n==> Log data will now stream in as it occurs:\n\n").toString();
    }

    /** The line that says that the agent is up: all listeners are bound. */
    public static String running() {
        return "==> sotto agent running!";
    }

    private static void line(StringBuilder out, String label, String value) {
        out.append(" ".repeat(LABEL_WIDTH - label.length()))
                .append(label)
                .append(": ")
                .append(value)
                .append('\n');
    }
}
