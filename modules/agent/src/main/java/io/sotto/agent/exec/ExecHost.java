package io.sotto.agent.exec;

import io.sotto.rpc.consul.ConsulRpc;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What commands of others run on: this node and what it offers them. Immutable.
 *
 * @param node this node's name, under which it writes
 * @param consul calls the servers, with this agent's own token
 * @param starter starts commands
 * @param blocking runs what reads files
 */
record ExecHost(
        String node,
        ConsulRpc consul,
        Program.Starter starter,
        Executor blocking,
        ExecSettings settings,
        ExecCounts counts,
        InstantSource clock) {}
