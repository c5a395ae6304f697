package io.sotto.agent.doctor;

import java.util.List;

/**
 * The settings of one agent that decide who can reach and impersonate whom, as its configuration or itself tells them.
 *
 * @param name its name
 * @param datacenter lower-case
 * @param domain the last part of servers' names, without dots around it
 * @param server whether it is a server
 * @param clientAddrs the addresses on which its HTTP API listens without TLS; empty if it does not
 * @param httpPort the port of that
 * @param accessControlled whether requests are judged by their token
 * @param keyed whether its gossip has a key
 * @param refusesPlain {@code encrypt_verify_incoming}
 * @param seals {@code encrypt_verify_outgoing}
 * @param tls whether it holds a certificate or trusts an authority
 * @param verifyIncoming whether callers show a certificate
 * @param verifyOutgoing whether calls go by TLS only
 * @param verifyServerHostname whether only servers' certificates serve
 */
public record AgentSeen(
        String name,
        String datacenter,
        String domain,
        boolean server,
        List<String> clientAddrs,
        int httpPort,
        boolean accessControlled,
        boolean keyed,
        boolean refusesPlain,
        boolean seals,
        boolean tls,
        boolean verifyIncoming,
        boolean verifyOutgoing,
        boolean verifyServerHostname) {
    public AgentSeen {
        clientAddrs = List.copyOf(clientAddrs);
    }
}
