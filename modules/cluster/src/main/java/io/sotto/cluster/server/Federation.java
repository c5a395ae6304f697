package io.sotto.cluster.server;

import io.sotto.cluster.Pool;
import io.sotto.rpc.RpcCaller;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What ties a server to those of other datacenters.
 *
 * @param wan the pool of all of them
 * @param servers calls the servers of a datacenter
 * @param provesServers whether those calls go by TLS to proven servers only, without which no key goes there
 */
public record Federation(Pool wan, Function<String, RpcCaller> servers, BooleanSupplier provesServers) {}
