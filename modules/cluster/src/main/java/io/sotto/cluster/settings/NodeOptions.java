package io.sotto.cluster.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Settings in code: who a node is, where it listens, whom it joins, and what it shows of itself.
 *
 * <p>Each method sets the path that it is named after; units, defaults and bounds are in docs/reference/settings.md.
 *
 * @param <B> what each method gives back
 */
public interface NodeOptions<B> extends Options<B> {
    /** {@code node-name}: the name of this node, unique in its pools. */
    default B nodeName(String value) {
        return set("node-name", value);
    }

    /** {@code datacenter}: the datacenter this node is in: lower-case letters, digits, - and _. */
    default B datacenter(String value) {
        return set("datacenter", value);
    }

    /**
     * {@code profile}: what the node says of itself in its tags: {@code consul-client}, {@code serf}, {@code nomad} or
     * {@code observer}.
     */
    default B profile(String value) {
        return set("profile", value);
    }

    /**
     * {@code region}: with profile nomad, the region that this node is alone in or shares with other sotto nodes:
     * letters, digits, - and _.
     */
    default B region(String value) {
        return set("region", value);
    }

    /** {@code acl-token}: the token with which a client agent's node is registered; a secret. */
    default B aclToken(String value) {
        return set("acl-token", value);
    }

    /** {@code node-id}: a UUID for the profiles of Consul. */
    default B nodeId(String value) {
        return set("node-id", value);
    }

    /** {@code tags}: further tags, name = value; the tag "sotto" is set by every sotto member itself. */
    default B tags(Map<String, String> values) {
        return set("tags", values);
    }

    /** {@code claims}: how far strangers are believed: {@code guarded} or {@code upstream}. */
    default B claims(String value) {
        return set("claims", value);
    }

    /** {@code data-dir}: a directory for the keyring, the snapshot and the node id. */
    default B dataDir(String value) {
        return set("data-dir", value);
    }

    /** {@code bind-addr}: the address that UDP and TCP listen on. */
    default B bindAddr(String value) {
        return set("bind-addr", value);
    }

    /** {@code advertise-addr}: the address that others are told to use. */
    default B advertiseAddr(String value) {
        return set("advertise-addr", value);
    }

    /** {@code ports.serf-lan}: UDP and TCP of the LAN pool, 0 to 65535; 0 takes a free one. */
    default B portsSerfLan(int value) {
        return set("ports.serf-lan", value);
    }

    /**
     * {@code ports.serf-wan}: UDP and TCP of the WAN pool, where there is one, 0 to 65535; 0 takes a free one, -1 is
     * to have no WAN pool.
     */
    default B portsSerfWan(int value) {
        return set("ports.serf-wan", value);
    }

    /** {@code ports.server}: TCP of the RPC port with {@code server}, 1 to 65535. */
    default B portsServer(int value) {
        return set("ports.server", value);
    }

    /** {@code server}: be a server for the client agents of a Consul datacenter that has no Consul servers. */
    default B server(boolean on) {
        return set("server", on);
    }

    /**
     * {@code allowed-networks}: networks such as "10.0.0.0/8" or "fd00::/8" whose packets, connections and members are
     * accepted; all others are dropped and counted.
     */
    default B allowedNetworks(List<String> values) {
        return set("allowed-networks", values);
    }

    /** {@code allowed-networks-wan}: the same for the WAN pool. */
    default B allowedNetworksWan(List<String> values) {
        return set("allowed-networks-wan", values);
    }

    /** {@code wan.enabled}: be a member of the WAN pool; not set: with {@code server} only. */
    default B wanEnabled(boolean on) {
        return set("wan.enabled", on);
    }

    /**
     * {@code wan.flood-interval}: how often servers of the LAN pool that are missing in the WAN pool are looked for
     * and joined.
     */
    default B wanFloodInterval(Duration time) {
        return set("wan.flood-interval", time);
    }

    /** {@code serf-wan}: the address that the WAN pool listens on. */
    default B serfWan(String value) {
        return set("serf-wan", value);
    }

    /** {@code advertise-addr-wan}: the address that members of the WAN pool are told to use. */
    default B advertiseAddrWan(String value) {
        return set("advertise-addr-wan", value);
    }

    /** {@code start-join-wan}: whom to join in the WAN pool at the start; when none answers, the start fails. */
    default B startJoinWan(List<String> values) {
        return set("start-join-wan", values);
    }

    /** {@code retry-join-wan}: whom to join in the WAN pool, tried again and again. */
    default B retryJoinWan(List<String> values) {
        return set("retry-join-wan", values);
    }

    /** {@code retry-interval-wan}: the longest pause between two rounds of {@code retry-join-wan}. */
    default B retryIntervalWan(Duration time) {
        return set("retry-interval-wan", time);
    }

    /** {@code retry-max-wan}: how many rounds {@code retry-join-wan} tries; 0 is without end. */
    default B retryMaxWan(int value) {
        return set("retry-max-wan", value);
    }

    /**
     * {@code start-join}: addresses or DNS names, with or without a port, to join at start; when none answers, start
     * fails.
     */
    default B startJoin(List<String> values) {
        return set("start-join", values);
    }

    /** {@code retry-join}: the same, tried again and again. */
    default B retryJoin(List<String> values) {
        return set("retry-join", values);
    }

    /** {@code retry-interval}: the longest pause between two rounds of {@code retry-join}. */
    default B retryInterval(Duration time) {
        return set("retry-interval", time);
    }

    /** {@code retry-max}: how many rounds retry-join tries; 0 is without end. */
    default B retryMax(int value) {
        return set("retry-max", value);
    }

    /**
     * {@code rejoin-after-leave}: a node that restarts looks for the members that its snapshot in data-dir names,
     * unless it had left on purpose.
     */
    default B rejoinAfterLeave(boolean on) {
        return set("rejoin-after-leave", on);
    }

    /** {@code disable-coordinates}: keep no network coordinates: tell others nothing of round trips, and estimate none. */
    default B disableCoordinates(boolean on) {
        return set("disable-coordinates", on);
    }

    /**
     * {@code leave-on-shutdown}: leave the pools when the actor system shuts down, so that others see this node as
     * left rather than failed.
     */
    default B leaveOnShutdown(boolean on) {
        return set("leave-on-shutdown", on);
    }

    /**
     * {@code health.join-required}: a node with a join list has started, and is ready, once it has met another member.
     */
    default B healthJoinRequired(boolean on) {
        return set("health.join-required", on);
    }

    /** {@code health.certificate-margin}: how long before the end of its own certificate a node is no longer ready. */
    default B healthCertificateMargin(Duration value) {
        return set("health.certificate-margin", value);
    }

    /** {@code health.answer-within}: how long the actors of a node that lives may take to answer. */
    default B healthAnswerWithin(Duration value) {
        return set("health.answer-within", value);
    }
}
