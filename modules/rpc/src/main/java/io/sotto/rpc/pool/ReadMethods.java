package io.sotto.rpc.pool;

import java.util.Set;

/**
 * The methods of Consul's servers that only read: a call that may have run can be made again without harm. Whatever is not
 * here counts as a write.
 *
 * <p>Source: RPC specification, section 5.
 */
public final class ReadMethods {
    private static final Set<String> NAMES = Set.of(
            "Status.Ping",
            "Status.Leader",
            "Status.Peers",
            "Status.RaftStats",
            "Catalog.ListDatacenters",
            "Catalog.ListNodes",
            "Catalog.ListServices",
            "Catalog.ServiceNodes",
            "Catalog.NodeServices",
            "Catalog.NodeServiceList",
            "Health.ServiceNodes",
            "Health.NodeChecks",
            "Health.ServiceChecks",
            "Health.ChecksInState",
            "KVS.Get",
            "KVS.List",
            "KVS.ListKeys",
            "Session.Get",
            "Session.List",
            "Session.NodeSessions",
            "Coordinate.ListNodes",
            "Coordinate.Node",
            "Coordinate.ListDatacenters",
            "Internal.NodeDump",
            "Internal.NodeInfo",
            "Operator.RaftGetConfiguration",
            "Operator.ServerHealth",
            "ConnectCA.Roots");

    private ReadMethods() {}

    public static boolean contains(String method) {
        return NAMES.contains(method);
    }
}
