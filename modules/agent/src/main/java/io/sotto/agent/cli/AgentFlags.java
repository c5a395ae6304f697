package io.sotto.agent.cli;

import io.sotto.agent.config.SettingsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The flags of {@code sotto agent}, by name and by the setting each stands for. */
final class AgentFlags {
    /** Flag, placeholder or empty for a switch, setting, help. */
    private static final String[][] SETTINGS = {
        {"node", "name", "node-name", "Name of this node, unique in its pool. Default: the host's name."},
        {"node-id", "uuid", "node-id", "A UUID for this node. Default: made once and kept in the data directory."},
        {"datacenter", "name", "datacenter", "Datacenter of this node. Default dc1."},
        {"data-dir", "path", "data-dir", "Directory for the keyring and the node's id."},
        {"bind", "address", "bind-addr", "IP address that gossip listens on. Default 0.0.0.0."},
        {
            "advertise",
            "address",
            "advertise-addr",
            "IP address that others are told. Default: the bind address, or a private one."
        },
        {"client", "address", "client-addr", "IP address that the HTTP API listens on. Default 127.0.0.1."},
        {"http-port", "port", "ports.http", "Port of the HTTP API; -1 turns it off. Default 8500."},
        {
            "https-port",
            "port",
            "ports.https",
            "Port of the HTTP API over TLS, by custom 8501; -1, the default, turns it off."
        },
        {"serf-lan-port", "port", "ports.serf-lan", "Port of LAN gossip, UDP and TCP. Default 8301; 7946 for serf."},
        {
            "encrypt",
            "key",
            "encrypt",
            "Gossip key in base64, or - to read it from standard input. A key here is visible to other users of this"
                    + " machine."
        },
        {"encrypt-file", "path", "encrypt-file", "File that holds the gossip key in base64; only its owner may read it."
        },
        {"disable-keyring-file", "", "disable-keyring-file", "Keep keys in memory only."},
        {"join", "address", "start-join", "Address to join at start, which must answer. May be repeated."},
        {"retry-join", "address", "retry-join", "Address or DNS name to join until it answers. May be repeated."},
        {"retry-interval", "duration", "retry-interval", "Longest pause between two tries. Default 30s."},
        {"retry-max", "count", "retry-max", "Tries before giving up; 0 is without end. Default 0."},
        {"serf-wan-port", "port", "ports.serf-wan", "Port of WAN gossip, UDP and TCP; -1 for none. Default 8302."},
        {"serf-wan-bind", "address", "serf-wan", "IP address that WAN gossip listens on. Default: that of -bind."},
        {"advertise-wan", "address", "advertise-addr-wan", "IP address that members of the WAN pool are told."},
        {"join-wan", "address", "start-join-wan", "Address to join by WAN at start; servers only. May be repeated."},
        {"retry-join-wan", "address", "retry-join-wan", "Address to join by WAN until it answers. May be repeated."},
        {"retry-interval-wan", "duration", "retry-interval-wan", "Longest pause between two WAN tries. Default 30s."},
        {"retry-max-wan", "count", "retry-max-wan", "WAN tries before giving up; 0 is without end. Default 0."},
        {"rejoin", "", "rejoin-after-leave", "Look for the known members at start even after a leave."},
        {"node-meta", "key:value", "node-meta", "A value for the catalog. May be repeated."},
        {"tag", "key=value", "tags", "A gossip tag. May be repeated."},
        {"profile", "serf|consul-client|observer|nomad", "profile", "Tags to show. Default consul-client."},
        {"claims", "guarded|upstream", "claims", "How much to believe strangers."},
        {"log-level", "trace|debug|info|warn|err", "log-level", "How much the log says. Default info."},
        {"server", "", "server", "Serve client agents of a datacenter without Consul servers."},
        {"server-port", "port", "ports.server", "TCP port of the RPC server. Default 8300."},
        {"ui", "", "ui", "Serve the web page at /ui, as it is unless ui = false."},
        {"domain", "name", "tls.domain", "Last part of the names in servers' certificates. Default consul."},
    };

    /** Flags of the real agent that do nothing here; those that end in = take a value. */
    private static final String[] LACKING = {
        "allow-write-http-from=",
        "alt-domain=",
        "bootstrap",
        "bootstrap-expect=",
        "check_output_max_size=",
        "config-entry=",
        "default-query-time=",
        "disable-host-node-id",
        "dns-port=",
        "enable-local-script-checks",
        "enable-script-checks",
        "grpc-port=",
        "log-file=",
        "log-json",
        "log-rotate-bytes=",
        "log-rotate-duration=",
        "log-rotate-max-files=",
        "max-query-time=",
        "non-voting-server",
        "pid-file=",
        "primary-gateway=",
        "protocol=",
        "raft-protocol=",
        "recursor=",
        "segment=",
        "serf-allowed-cidrs-lan=",
        "serf-allowed-cidrs-wan=",
        "serf-lan-bind=",
        "syslog",
        "ui-content-path=",
        "ui-dir="
    };

    private AgentFlags() {}

    static FlagSet flags() {
        FlagSet set = new FlagSet()
                .value("config-file", "path", "A configuration file: .conf, .json or .hcl. May be repeated.")
                .value("config-dir", "path", "A directory of configuration files, read in name order. May be repeated.")
                .value("config-format", "json|hcl|conf", "Syntax of configuration files whatever they are called.")
                .value("hcl", "fragment", "A piece of HCL that wins over files and flags. May be repeated.")
                .toggle("dev", "Try it out: loopback only, a fresh key, nothing kept.");
        for (String[] flag : SETTINGS) {
            if (flag[1].isEmpty()) {
                set.toggle(flag[0], flag[3]);
            } else {
                set.value(flag[0], flag[1], flag[3]);
            }
        }
        for (String name : LACKING) {
            if (name.endsWith("=")) {
                set.value(name.substring(0, name.length() - 1), "", "");
            } else {
                set.toggle(name, "");
            }
        }
        return set;
    }

    static SettingsRequest request(ParsedFlags flags) throws UsageException {
        if (!flags.arguments().isEmpty()) {
            throw new UsageException(
                    "unexpected argument \"" + flags.arguments().get(0) + "\"");
        }
        List<String> paths = new ArrayList<>();
        for (ParsedFlags.Given flag : flags.given()) {
            if (flag.name().equals("config-file") || flag.name().equals("config-dir")) {
                paths.add(flag.value());
            }
        }
        SettingsRequest request =
                new SettingsRequest(paths, format(flags), flags.values("hcl"), Map.of(), flags.on("dev"));
        for (String[] setting : SETTINGS) {
            for (String value : flags.values(setting[0])) {
                request = request.withFlag(setting[2], value);
            }
        }
        return request;
    }

    /** Warnings for flags of the real agent that do nothing here. */
    static List<String> lacking(ParsedFlags flags) {
        List<String> warnings = new ArrayList<>();
        for (String name : LACKING) {
            String bare = name.endsWith("=") ? name.substring(0, name.length() - 1) : name;
            if (flags.has(bare)) {
                warnings.add("flag -" + bare + " is known to the real agent but does nothing in sotto: ignored");
            }
        }
        return warnings;
    }

    static Optional<SettingsRequest.Format> format(ParsedFlags flags) throws UsageException {
        String word = flags.value("config-format", "");
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "" -> Optional.empty();
            case "json" -> Optional.of(SettingsRequest.Format.JSON);
            case "hcl" -> Optional.of(SettingsRequest.Format.HCL);
            case "conf" -> Optional.of(SettingsRequest.Format.CONF);
            default ->
                throw new UsageException(
                        "invalid value \"" + word + "\" for flag -config-format: use json, hcl or conf");
        };
    }
}
