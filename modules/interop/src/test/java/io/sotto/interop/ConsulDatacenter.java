package io.sotto.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Three real Consul servers that elect a leader, and the agents that a test adds. */
final class ConsulDatacenter implements AutoCloseable {
    static final int SERVERS = 3;

    private final String name;
    private final Path directory;
    private final Optional<String> key;
    private final List<ConsulProcess> servers;
    private final Pool pool;

    private ConsulDatacenter(String name, Optional<String> key) {
        this.name = name;
        this.directory = NodeFiles.directory("consul " + name);
        this.key = key;
        this.pool = new Pool("consul, " + name);
        this.servers = IntStream.rangeClosed(1, SERVERS)
                .mapToObj(i -> new ConsulProcess(
                        "server-" + i, Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.SERVER, key))
                .toList();
    }

    /** Starts the servers; they may still be electing. */
    static ConsulDatacenter start(String name, Optional<String> key) {
        ConsulDatacenter datacenter = new ConsulDatacenter(name, key);
        datacenter.servers.forEach(datacenter.pool::start);
        return datacenter;
    }

    /** Adds a real client agent. */
    ConsulProcess client(String client) {
        ConsulProcess process =
                new ConsulProcess(client, Site.ipv4(Site.CONSUL_PORT), directory, ConsulProcess.Role.CLIENT, key);
        pool.start(process, seeds());
        return process;
    }

    /** Adds a sotto agent. */
    AgentProcess sotto(String agent) {
        AgentProcess process = newSotto(agent);
        pool.start(process, seeds());
        return process;
    }

    /** A sotto agent that is not started and no part of the pool. */
    AgentProcess newSotto(String agent) {
        return new AgentProcess(agent, Site.ipv4(Site.CONSUL_PORT), directory.resolve("sotto"), "consul-client", key);
    }

    /** The servers' gossip addresses, which client agents are told. */
    List<String> seeds() {
        return servers.stream().map(server -> server.site().address()).toList();
    }

    String name() {
        return name;
    }

    Pool pool() {
        return pool;
    }

    List<ConsulProcess> servers() {
        return servers;
    }

    /** A server, for questions that any can answer. */
    ConsulProcess server() {
        return servers.get(0);
    }

    /** The log of every real agent and of every sotto agent, by node. */
    List<LogLines> logs() {
        List<LogLines> logs = new ArrayList<>();
        pool.running().forEach(node -> logs.add(LogLines.of(node)));
        return logs;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        pool.close();
    }
}
