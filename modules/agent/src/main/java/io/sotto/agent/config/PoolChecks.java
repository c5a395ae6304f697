package io.sotto.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks what is set for the two gossip pools: whom each joins, its rhythm, and where the WAN pool is. Its keys are Consul's:
 * those of the WAN pool end in {@code -wan}, or stand in {@code gossip-wan}.
 */
final class PoolChecks {
    private static final String WAN = "-wan";
    private static final int PORT_MAX = 65_535;

    private final Validation values;

    PoolChecks(Validation values) {
        this.values = values;
    }

    AgentSettings.Join lanJoin() {
        return join("");
    }

    AgentSettings.GossipRhythm lanRhythm() {
        return rhythm("gossip-lan.");
    }

    /** @param server whether this agent is a server: others are no members of a WAN pool unless they ask for it */
    AgentSettings.Wan wan(boolean server) {
        int port = values.whole("ports.serf-wan", -1, PORT_MAX);
        boolean isOn = port >= 0 && values.isOn("wan.enabled", server);
        Optional<String> advertise = optional("advertise-addr-wan");
        if (advertise
                .flatMap(Addresses::literal)
                .filter(address -> address.isAnyLocalAddress())
                .isPresent()) {
            values.fault("advertise-addr-wan", "Advertise WAN address cannot be 0.0.0.0, :: or [::]");
        }
        AgentSettings.Join join = join(WAN);
        if (!isOn && !(join.start().isEmpty() && join.retry().isEmpty())) {
            values.warn(
                    "start_join_wan and retry_join_wan do nothing: this agent is no member of a WAN pool, as servers are");
        }
        return new AgentSettings.Wan(isOn, port, optional("serf-wan"), advertise, join, rhythm("gossip-wan."));
    }

    private Optional<String> optional(String path) {
        return values.text(path).isEmpty() ? Optional.empty() : values.address(path);
    }

    private AgentSettings.Join join(String ending) {
        return new AgentSettings.Join(
                addresses("start-join" + ending),
                addresses("retry-join" + ending),
                values.positive("retry-interval" + ending),
                values.whole("retry-max" + ending, 0, Integer.MAX_VALUE));
    }

    private List<String> addresses(String path) {
        List<String> found = new ArrayList<>();
        String key = path.replace('-', '_');
        for (Node.Text element : values.elements(path)) {
            String address = element.value().trim();
            if (address.isEmpty()) {
                values.fault(element.place(), key + " holds an empty address");
            } else if (address.contains("provider=")) {
                values.fault(
                        element.place(), key + ": sotto does not ask cloud providers; write addresses or DNS names");
            } else {
                found.add(address);
            }
        }
        return found;
    }

    private AgentSettings.GossipRhythm rhythm(String prefix) {
        AgentSettings.GossipRhythm rhythm = new AgentSettings.GossipRhythm(
                values.positive(prefix + "gossip-interval"),
                values.whole(prefix + "gossip-nodes", 1, 100),
                values.positive(prefix + "probe-interval"),
                values.positive(prefix + "probe-timeout"),
                values.whole(prefix + "suspicion-mult", 1, 100),
                values.whole(prefix + "retransmit-mult", 1, 100));
        if (rhythm.probeTimeout().compareTo(rhythm.probeInterval()) >= 0) {
            String table = prefix.replace('-', '_');
            values.fault(
                    prefix + "probe-timeout", table + "probe_timeout must be shorter than " + table + "probe_interval");
        }
        return rhythm;
    }
}
