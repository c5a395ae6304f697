package io.sotto.agent.config;

import io.sotto.agent.access.AccessSettings;
import io.sotto.cluster.Profile;
import io.sotto.membership.Claims;
import io.sotto.wire.crypto.GossipKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an agent was told before it starts, checked and complete. Immutable; holds a secret, which never shows in
 * its text.
 *
 * @param nodeName the member's name; the host's name unless set
 * @param nodeId a UUID, or empty: then the one kept in the data directory, or a new one
 * @param datacenter lower-case; letters, digits, {@code -} and {@code _}
 * @param dataDir where keyring, snapshot and node id are kept; empty only with {@code -dev}
 * @param bindAddr the literal IP address that gossip listens on; may be a wildcard
 * @param advertiseAddr the literal IP address that others are told; empty: the bind address or a private one
 * @param clientAddrs the literal IP addresses on which the HTTP API listens, at least one
 * @param encrypt the gossip key from the configuration; a keyring file, if there is one, wins over it
 * @param encryptVerifyIncoming refuse gossip in plain text
 * @param encryptVerifyOutgoing encrypt what is sent
 * @param disableKeyringFile keep keys in memory only
 * @param keyringFileModeCheck refuse a ring that others than its owner may read or write
 * @param join whom to join
 * @param ports where to listen
 * @param logLevel how much to log
 * @param claims how much to believe strangers
 * @param profile which tags to show
 * @param server whether server mode was asked for
 * @param leaveOnTerminate leave the pool on SIGTERM
 * @param skipLeaveOnInterrupt do not leave the pool on SIGINT
 * @param rejoinAfterLeave look for the pool of an earlier life even after leaving it
 * @param disableCoordinates keep no network coordinates
 * @param nodeMeta names and values for the catalog
 * @param tags further gossip tags
 * @param gossipLan the LAN pool's rhythm
 * @param wan the WAN pool
 * @param transport what is proved on the RPC port and that of HTTPS, and how
 * @param web where the HTTP API listens
 * @param access whom it answers
 * @param dev whether {@code -dev} was given
 */
public record AgentSettings(
        String nodeName,
        Optional<String> nodeId,
        String datacenter,
        Optional<Path> dataDir,
        String bindAddr,
        Optional<String> advertiseAddr,
        List<String> clientAddrs,
        Optional<GossipKey> encrypt,
        boolean encryptVerifyIncoming,
        boolean encryptVerifyOutgoing,
        boolean disableKeyringFile,
        boolean keyringFileModeCheck,
        Join join,
        Ports ports,
        LogLevel logLevel,
        Claims claims,
        Profile profile,
        boolean server,
        boolean leaveOnTerminate,
        boolean skipLeaveOnInterrupt,
        boolean rejoinAfterLeave,
        boolean disableCoordinates,
        Map<String, String> nodeMeta,
        Map<String, String> tags,
        GossipRhythm gossipLan,
        Wan wan,
        Transport transport,
        Web web,
        AccessSettings access,
        boolean dev) {

    public AgentSettings {
        clientAddrs = List.copyOf(clientAddrs);
        nodeMeta = Map.copyOf(nodeMeta);
        tags = Map.copyOf(tags);
    }

    /** The literal IP addresses of plain HTTP, at least one. */
    public List<String> httpAddrs() {
        return web.httpAddrs.isEmpty() ? clientAddrs : web.httpAddrs;
    }

    /** The same of HTTPS. */
    public List<String> httpsAddrs() {
        return web.httpsAddrs.isEmpty() ? clientAddrs : web.httpsAddrs;
    }

    /** How much the agent logs. */
    public enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /**
     * Whom to join.
     *
     * @param start addresses that must answer at start
     * @param retry addresses or DNS names that are tried until one answers
     * @param retryInterval the longest pause between two rounds of {@code retry}
     * @param retryMax rounds before giving up; 0 is without end
     */
    public record Join(List<String> start, List<String> retry, Duration retryInterval, int retryMax) {
        public Join {
            start = List.copyOf(start);
            retry = List.copyOf(retry);
        }
    }

    /**
     * Where to listen.
     *
     * @param http the HTTP API's port; -1 for none, 0 for any free one
     * @param serfLan the LAN pool's port, UDP and TCP; 0 for any free one
     * @param server the RPC port of a server
     */
    public record Ports(int http, int serfLan, int server) {}

    /**
     * TLS on the RPC port, as far as the agent itself tells of it; the cluster module reads the settings whole.
     *
     * @param caFile a bundle of trusted authorities
     * @param caPath a directory of them; does nothing beside {@code caFile}
     * @param certFile this node's certificate; together with {@code keyFile} or not at all
     * @param keyFile its key
     * @param verifyIncoming whoever calls by RPC must prove that it has a certificate of those authorities
     * @param verifyIncomingHttps and whoever calls by HTTPS
     * @param verifyOutgoing whoever is called must
     * @param verifyServerHostname and that it is a server's
     * @param domain the last part of servers' names
     */
    public record Transport(
            Optional<Path> caFile,
            Optional<Path> caPath,
            Optional<Path> certFile,
            Optional<Path> keyFile,
            boolean verifyIncoming,
            boolean verifyIncomingHttps,
            boolean verifyOutgoing,
            boolean verifyServerHostname,
            String domain) {}

    /**
     * Where the HTTP API listens, besides what {@link Ports} and {@code clientAddrs} say.
     *
     * @param httpAddrs literal IP addresses of plain HTTP; none: {@code clientAddrs}
     * @param httpsAddrs the same of HTTPS
     * @param httpsPort -1 for none, 0 for any free one
     */
    public record Web(List<String> httpAddrs, List<String> httpsAddrs, int httpsPort) {
        public Web {
            httpAddrs = List.copyOf(httpAddrs);
            httpsAddrs = List.copyOf(httpsAddrs);
        }
    }

    /**
     * The pool of the servers of all datacenters.
     *
     * @param enabled whether this agent is a member of it
     * @param port its port, UDP and TCP; 0 for any free one, -1 where there is none
     * @param bindAddr the literal IP address that it listens on; empty: the bind address
     * @param advertiseAddr the literal IP address that its members are told; empty: as in the LAN pool
     * @param join whom to join
     * @param rhythm its rhythm
     */
    public record Wan(
            boolean enabled,
            int port,
            Optional<String> bindAddr,
            Optional<String> advertiseAddr,
            Join join,
            GossipRhythm rhythm) {}

    /** The rhythm of a pool. Source: gossip specification, section 15. */
    public record GossipRhythm(
            Duration gossipInterval,
            int gossipNodes,
            Duration probeInterval,
            Duration probeTimeout,
            int suspicionMult,
            int retransmitMult) {}
}
