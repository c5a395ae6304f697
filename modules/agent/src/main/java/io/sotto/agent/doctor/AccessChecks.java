package io.sotto.agent.doctor;

import java.util.ArrayList;
import java.util.List;

/** Who may ask the agent, and as whom members may pose to each other. */
final class AccessChecks {
    private static final String RELOAD = ", then sotto reload";

    private AccessChecks() {}

    static List<Finding> access(AgentSeen agent) {
        List<Finding> findings = new ArrayList<>();
        boolean isOpen = false;
        for (String address : agent.clientAddrs()) {
            String where = "http://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + agent.httpPort();
            if (isLoopback(address)) {
                continue;
            }
            isOpen = true;
            if (!agent.accessControlled()) {
                findings.add(
                        Finding.problem(
                                where,
                                "whoever reaches this address can read the members, change keys and end the agent: access control is off",
                                "client_addr = \"127.0.0.1\", or acl { enabled = true, default_policy = \"deny\" }, then restart the agent"));
            } else {
                findings.add(Finding.warning(
                        where,
                        "tokens cross the network in the clear",
                        "ports { http = -1, https = 8501 } with cert_file and key_file, then restart the agent"));
            }
        }
        if (!isOpen && !agent.clientAddrs().isEmpty() && !agent.accessControlled()) {
            findings.add(Finding.note(
                    agent.name(),
                    "every user of this machine can ask the agent for anything, as with Consul's default",
                    "acl { enabled = true, default_policy = \"deny\" }, then restart the agent"));
        }
        return findings;
    }

    static List<Finding> tls(AgentSeen agent) {
        List<Finding> findings = new ArrayList<>();
        if (!agent.tls()) {
            findings.add(Finding.warning(
                    agent.name(),
                    "its calls to other members are in the clear: TLS is off",
                    "sotto tls ca create && sotto tls cert create " + kind(agent)
                            + ", then ca_file, cert_file and key_file"));
            return findings;
        }
        if (!agent.verifyOutgoing()) {
            findings.add(Finding.warning(
                    "verify_outgoing",
                    "is off: calls to whoever offers no TLS go in the clear",
                    "verify_outgoing = true" + RELOAD));
        } else if (!agent.verifyServerHostname()) {
            findings.add(Finding.problem(
                    "verify_server_hostname",
                    "is off: any member's certificate can pose as a server",
                    "verify_server_hostname = true" + RELOAD));
        }
        if (!agent.verifyIncoming() && agent.server()) {
            findings.add(Finding.problem(
                    "verify_incoming",
                    "is off on a server: whoever reaches its port is served without a certificate",
                    "verify_incoming = true on every server" + RELOAD));
        }
        return findings;
    }

    private static String kind(AgentSeen agent) {
        return (agent.server() ? "-server" : "-client") + " -dc " + agent.datacenter();
    }

    static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
    }
}
