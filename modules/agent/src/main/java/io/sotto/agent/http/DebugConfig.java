package io.sotto.agent.http;

import io.sotto.agent.access.AccessSettings;
import io.sotto.agent.access.Level;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings in force as {@code DebugConfig} shows them: those of Consul's fields that mean something to sotto, under
 * Consul's names, sorted, durations as Go prints them. The key is always {@code hidden}. Pure. Source: golden/http-agent.
 */
public final class DebugConfig {
    private static final String HIDDEN = "hidden";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Map<String, Json> fields = new TreeMap<>();

    private DebugConfig() {}

    /**
     * Builds the object.
     *
     * @param settings as loaded
     * @param nodeId the id in force
     * @param version with {@code prerelease} as in {@link AgentFacts}
     * @param advertised the literal address that others are told
     */
    public static Json of(AgentSettings settings, String nodeId, String version, String prerelease, String advertised) {
        DebugConfig config = new DebugConfig();
        config.identity(settings, nodeId, version, prerelease);
        config.network(settings, advertised);
        config.gossip(settings);
        config.wan(settings, advertised);
        config.transport(settings);
        config.access(settings.access());
        return new Json.Fields(config.fields);
    }

    private void identity(AgentSettings settings, String nodeId, String version, String prerelease) {
        put("Datacenter", settings.datacenter());
        put("PrimaryDatacenter", settings.datacenter());
        put("NodeName", settings.nodeName());
        put("NodeID", nodeId);
        fields.put("NodeMeta", Json.of(new TreeMap<>(settings.nodeMeta())));
        put("SegmentName", "");
        put("Version", version);
        put("VersionPrerelease", prerelease);
        put("Revision", "");
        put("DataDir", settings.dataDir().map(Path::toString).orElse(""));
        fields.put("DevMode", Json.of(settings.dev()));
        fields.put("ServerMode", Json.of(settings.server()));
        fields.put("LeaveOnTerm", Json.of(settings.leaveOnTerminate()));
        fields.put("SkipLeaveOnInt", Json.of(settings.skipLeaveOnInterrupt()));
        fields.put("RejoinAfterLeave", Json.of(settings.rejoinAfterLeave()));
        fields.put("DisableCoordinates", Json.of(settings.disableCoordinates()));
        fields.put(
                "Logging", Json.of(Map.of("LogLevel", settings.logLevel().name().toUpperCase(Locale.ROOT))));
    }

    private void network(AgentSettings settings, String advertised) {
        int gossipPort = settings.ports().serfLan();
        put("BindAddr", settings.bindAddr());
        put("AdvertiseAddrLAN", advertised);
        put("SerfBindAddrLAN", tcp(settings.bindAddr(), gossipPort));
        put("SerfAdvertiseAddrLAN", tcp(advertised, gossipPort));
        fields.put("SerfPortLAN", Json.of(gossipPort));
        fields.put("ClientAddrs", Json.of(settings.clientAddrs()));
        int port = settings.ports().http();
        fields.put("HTTPPort", Json.of(port));
        List<String> listeners = new ArrayList<>();
        if (port >= 0) {
            settings.httpAddrs().forEach(address -> listeners.add(tcp(address, port)));
        }
        fields.put("HTTPAddrs", Json.of(listeners));
        int secure = settings.web().httpsPort();
        List<String> secureListeners = new ArrayList<>();
        if (secure >= 0) {
            settings.httpsAddrs().forEach(address -> secureListeners.add(tcp(address, secure)));
        }
        fields.put("HTTPSAddrs", Json.of(secureListeners));
        fields.put("HTTPSPort", Json.of(secure));
        fields.put("GRPCPort", Json.of(-1));
        fields.put("DNSPort", Json.of(-1));
        AgentSettings.Join join = settings.join();
        fields.put("StartJoinAddrsLAN", Json.of(join.start()));
        fields.put("RetryJoinLAN", Json.of(join.retry()));
        put("RetryJoinIntervalLAN", duration(join.retryInterval()));
        fields.put("RetryJoinMaxAttemptsLAN", Json.of(join.retryMax()));
    }

    private void gossip(AgentSettings settings) {
        put("EncryptKey", HIDDEN);
        fields.put("EncryptVerifyIncoming", Json.of(settings.encryptVerifyIncoming()));
        fields.put("EncryptVerifyOutgoing", Json.of(settings.encryptVerifyOutgoing()));
        fields.put("DisableKeyringFile", Json.of(settings.disableKeyringFile()));
        AgentSettings.GossipRhythm rhythm = settings.gossipLan();
        put("GossipLANGossipInterval", duration(rhythm.gossipInterval()));
        fields.put("GossipLANGossipNodes", Json.of(rhythm.gossipNodes()));
        put("GossipLANProbeInterval", duration(rhythm.probeInterval()));
        put("GossipLANProbeTimeout", duration(rhythm.probeTimeout()));
        fields.put("GossipLANSuspicionMult", Json.of(rhythm.suspicionMult()));
        fields.put("GossipLANRetransmitMult", Json.of(rhythm.retransmitMult()));
    }

    /** As a real agent shows it whether it is a member of a WAN pool or not. */
    private void wan(AgentSettings settings, String advertised) {
        AgentSettings.Wan wan = settings.wan();
        String shown = wan.advertiseAddr().orElse(advertised);
        put("AdvertiseAddrWAN", shown);
        put("SerfBindAddrWAN", tcp(wan.bindAddr().orElse(settings.bindAddr()), wan.port()));
        put("SerfAdvertiseAddrWAN", tcp(shown, wan.port()));
        fields.put("SerfPortWAN", Json.of(wan.port()));
        Map<String, String> tagged = new TreeMap<>();
        tagged(tagged, "lan", advertised);
        tagged(tagged, "wan", shown);
        fields.put("TaggedAddresses", Json.of(tagged));
        fields.put("StartJoinAddrsWAN", Json.of(wan.join().start()));
        fields.put("RetryJoinWAN", Json.of(wan.join().retry()));
        put("RetryJoinIntervalWAN", duration(wan.join().retryInterval()));
        fields.put("RetryJoinMaxAttemptsWAN", Json.of(wan.join().retryMax()));
        AgentSettings.GossipRhythm rhythm = wan.rhythm();
        put("GossipWANGossipInterval", duration(rhythm.gossipInterval()));
        fields.put("GossipWANGossipNodes", Json.of(rhythm.gossipNodes()));
        put("GossipWANProbeInterval", duration(rhythm.probeInterval()));
        put("GossipWANProbeTimeout", duration(rhythm.probeTimeout()));
        fields.put("GossipWANSuspicionMult", Json.of(rhythm.suspicionMult()));
        fields.put("GossipWANRetransmitMult", Json.of(rhythm.retransmitMult()));
    }

    private static void tagged(Map<String, String> addresses, String pool, String literal) {
        addresses.put(pool, literal);
        addresses.put(pool + (literal.indexOf(':') < 0 ? "_ipv4" : "_ipv6"), literal);
    }

    private void transport(AgentSettings settings) {
        AgentSettings.Transport transport = settings.transport();
        put("CAFile", transport.caFile().map(Path::toString).orElse(""));
        put("CAPath", transport.caPath().map(Path::toString).orElse(""));
        put("CertFile", transport.certFile().map(Path::toString).orElse(""));
        put("KeyFile", HIDDEN);
        put("DNSDomain", transport.domain().isEmpty() ? "" : transport.domain() + ".");
        fields.put("ServerPort", Json.of(settings.ports().server()));
        fields.put("VerifyIncoming", Json.of(transport.verifyIncoming() && transport.verifyIncomingHttps()));
        fields.put("VerifyIncomingHTTPS", Json.of(transport.verifyIncomingHttps()));
        fields.put("VerifyIncomingRPC", Json.of(transport.verifyIncoming()));
        fields.put("VerifyOutgoing", Json.of(transport.verifyOutgoing()));
        fields.put("VerifyServerHostname", Json.of(transport.verifyServerHostname()));
    }

    /** As a Consul agent tells it: whoever controls nothing allows all. Tokens are never shown. */
    private void access(AccessSettings access) {
        fields.put("ACLsEnabled", Json.of(access.enabled()));
        put("ACLDefaultPolicy", access.enabled() && access.fallback() == Level.DENY ? "deny" : "allow");
    }

    private void put(String name, String value) {
        fields.put(name, Json.of(value));
    }

    private static String tcp(String host, int port) {
        return "tcp://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** As Go prints durations: {@code 200ms}, {@code 1.5s}, {@code 5m0s}, {@code 72h0m0s}. */
    static String duration(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return decimal(nanos, 1_000) + "µs";
        }
        if (nanos < NANOS_PER_SECOND) {
            return decimal(nanos, 1_000_000) + "ms";
        }
        String seconds = decimal(nanos % (60 * NANOS_PER_SECOND), NANOS_PER_SECOND) + "s";
        long minutes = duration.toMinutes();
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long amount, long unit) {
        String fraction = Long.toString(unit + amount % unit).substring(1).replaceAll("0+$", "");
        return amount / unit + (fraction.isEmpty() ? "" : "." + fraction);
    }
}
