package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Codec;
import java.util.List;
import java.util.Optional;

/** The methods of Consul's RPC port that agents use. Source: RPC specification, section 5. */
public final class ConsulMethods {
    public static final ConsulMethod<Nothing, Nothing> STATUS_PING =
            ConsulMethod.read("Status.Ping", Codec.of(Nothing.class), Codec.of(Nothing.class));

    public static final ConsulMethod<DatacenterRequest, String> STATUS_LEADER =
            ConsulMethod.read("Status.Leader", Codec.of(DatacenterRequest.class), Codec.text());

    public static final ConsulMethod<DatacenterRequest, List<String>> STATUS_PEERS =
            ConsulMethod.read("Status.Peers", Codec.of(DatacenterRequest.class), Codec.listOf(Codec.text()));

    public static final ConsulMethod<Nothing, Status.RaftStats> STATUS_RAFT_STATS =
            ConsulMethod.read("Status.RaftStats", Codec.of(Nothing.class), Codec.of(Status.RaftStats.class));

    public static final ConsulMethod<Catalog.ListDatacenters, List<String>> CATALOG_LIST_DATACENTERS =
            ConsulMethod.read(
                    "Catalog.ListDatacenters", Codec.of(Catalog.ListDatacenters.class), Codec.listOf(Codec.text()));

    public static final ConsulMethod<DatacenterRequest, Catalog.Nodes> CATALOG_LIST_NODES =
            ConsulMethod.read("Catalog.ListNodes", Codec.of(DatacenterRequest.class), Codec.of(Catalog.Nodes.class));

    public static final ConsulMethod<DatacenterRequest, Catalog.Services> CATALOG_LIST_SERVICES = ConsulMethod.read(
            "Catalog.ListServices", Codec.of(DatacenterRequest.class), Codec.of(Catalog.Services.class));

    public static final ConsulMethod<ServiceRequest, Catalog.ServiceNodes> CATALOG_SERVICE_NODES = ConsulMethod.read(
            "Catalog.ServiceNodes", Codec.of(ServiceRequest.class), Codec.of(Catalog.ServiceNodes.class));

    public static final ConsulMethod<NodeRequest, Catalog.NodeServices> CATALOG_NODE_SERVICES = ConsulMethod.read(
            "Catalog.NodeServices", Codec.of(NodeRequest.class), Codec.of(Catalog.NodeServices.class));

    public static final ConsulMethod<NodeRequest, Catalog.NodeServiceList> CATALOG_NODE_SERVICE_LIST =
            ConsulMethod.read(
                    "Catalog.NodeServiceList", Codec.of(NodeRequest.class), Codec.of(Catalog.NodeServiceList.class));

    public static final ConsulMethod<Catalog.Register, Nothing> CATALOG_REGISTER =
            ConsulMethod.write("Catalog.Register", Codec.of(Catalog.Register.class), Codec.of(Nothing.class));

    public static final ConsulMethod<Catalog.Deregister, Nothing> CATALOG_DEREGISTER =
            ConsulMethod.write("Catalog.Deregister", Codec.of(Catalog.Deregister.class), Codec.of(Nothing.class));

    public static final ConsulMethod<ServiceRequest, Health.ServiceNodes> HEALTH_SERVICE_NODES = ConsulMethod.read(
            "Health.ServiceNodes", Codec.of(ServiceRequest.class), Codec.of(Health.ServiceNodes.class));

    public static final ConsulMethod<NodeRequest, Health.HealthChecks> HEALTH_NODE_CHECKS =
            ConsulMethod.read("Health.NodeChecks", Codec.of(NodeRequest.class), Codec.of(Health.HealthChecks.class));

    public static final ConsulMethod<ServiceRequest, Health.HealthChecks> HEALTH_SERVICE_CHECKS = ConsulMethod.read(
            "Health.ServiceChecks", Codec.of(ServiceRequest.class), Codec.of(Health.HealthChecks.class));

    public static final ConsulMethod<Health.ChecksInState, Health.HealthChecks> HEALTH_CHECKS_IN_STATE =
            ConsulMethod.read(
                    "Health.ChecksInState", Codec.of(Health.ChecksInState.class), Codec.of(Health.HealthChecks.class));

    public static final ConsulMethod<Kvs.Apply, Boolean> KVS_APPLY =
            ConsulMethod.write("KVS.Apply", Codec.of(Kvs.Apply.class), Codec.bool());

    public static final ConsulMethod<Kvs.Get, Kvs.Entries> KVS_GET =
            ConsulMethod.read("KVS.Get", Codec.of(Kvs.Get.class), Codec.of(Kvs.Entries.class));

    public static final ConsulMethod<Kvs.Get, Kvs.Entries> KVS_LIST =
            ConsulMethod.read("KVS.List", Codec.of(Kvs.Get.class), Codec.of(Kvs.Entries.class));

    public static final ConsulMethod<Kvs.ListKeys, Kvs.Keys> KVS_LIST_KEYS =
            ConsulMethod.read("KVS.ListKeys", Codec.of(Kvs.ListKeys.class), Codec.of(Kvs.Keys.class));

    public static final ConsulMethod<Sessions.Apply, String> SESSION_APPLY =
            ConsulMethod.write("Session.Apply", Codec.of(Sessions.Apply.class), Codec.text());

    public static final ConsulMethod<Sessions.Get, Sessions.Listing> SESSION_GET =
            ConsulMethod.read("Session.Get", Codec.of(Sessions.Get.class), Codec.of(Sessions.Listing.class));

    public static final ConsulMethod<Sessions.Get, Sessions.Listing> SESSION_RENEW =
            ConsulMethod.read("Session.Renew", Codec.of(Sessions.Get.class), Codec.of(Sessions.Listing.class));

    public static final ConsulMethod<Sessions.Get, Sessions.Listing> SESSION_LIST =
            ConsulMethod.read("Session.List", Codec.of(Sessions.Get.class), Codec.of(Sessions.Listing.class));

    public static final ConsulMethod<NodeRequest, Sessions.Listing> SESSION_NODE_SESSIONS =
            ConsulMethod.read("Session.NodeSessions", Codec.of(NodeRequest.class), Codec.of(Sessions.Listing.class));

    public static final ConsulMethod<Coordinates.Update, Nothing> COORDINATE_UPDATE =
            ConsulMethod.write("Coordinate.Update", Codec.of(Coordinates.Update.class), Codec.of(Nothing.class));

    public static final ConsulMethod<DatacenterRequest, Coordinates.Listing> COORDINATE_LIST_NODES = ConsulMethod.read(
            "Coordinate.ListNodes", Codec.of(DatacenterRequest.class), Codec.of(Coordinates.Listing.class));

    public static final ConsulMethod<NodeRequest, Coordinates.Listing> COORDINATE_NODE =
            ConsulMethod.read("Coordinate.Node", Codec.of(NodeRequest.class), Codec.of(Coordinates.Listing.class));

    public static final ConsulMethod<Nothing, List<Coordinates.OfDatacenter>> COORDINATE_LIST_DATACENTERS =
            ConsulMethod.read(
                    "Coordinate.ListDatacenters",
                    Codec.of(Nothing.class),
                    Codec.listOf(Codec.of(Coordinates.OfDatacenter.class)));

    public static final ConsulMethod<Internal.EventFire, Internal.EventFired> INTERNAL_EVENT_FIRE = ConsulMethod.write(
            "Internal.EventFire", Codec.of(Internal.EventFire.class), Codec.of(Internal.EventFired.class));

    public static final ConsulMethod<Internal.Keyring, Internal.KeyringAnswers> INTERNAL_KEYRING_OPERATION =
            ConsulMethod.write(
                    "Internal.KeyringOperation",
                    Codec.of(Internal.Keyring.class),
                    Codec.of(Internal.KeyringAnswers.class));

    public static final ConsulMethod<DatacenterRequest, Internal.Dump> INTERNAL_NODE_DUMP =
            ConsulMethod.read("Internal.NodeDump", Codec.of(DatacenterRequest.class), Codec.of(Internal.Dump.class));

    public static final ConsulMethod<NodeRequest, Internal.Dump> INTERNAL_NODE_INFO =
            ConsulMethod.read("Internal.NodeInfo", Codec.of(NodeRequest.class), Codec.of(Internal.Dump.class));

    public static final ConsulMethod<Txn.Apply, Txn.Outcome> TXN_APPLY =
            ConsulMethod.write("Txn.Apply", Codec.of(Txn.Apply.class), Codec.of(Txn.Outcome.class));

    public static final ConsulMethod<DatacenterRequest, Operator.RaftConfiguration> OPERATOR_RAFT_GET_CONFIGURATION =
            ConsulMethod.read(
                    "Operator.RaftGetConfiguration",
                    Codec.of(DatacenterRequest.class),
                    Codec.of(Operator.RaftConfiguration.class));

    public static final ConsulMethod<DatacenterRequest, Operator.HealthOfServers> OPERATOR_SERVER_HEALTH =
            ConsulMethod.read(
                    "Operator.ServerHealth",
                    Codec.of(DatacenterRequest.class),
                    Codec.of(Operator.HealthOfServers.class));

    public static final ConsulMethod<DatacenterRequest, ConnectCa.Roots> CONNECT_CA_ROOTS =
            ConsulMethod.read("ConnectCA.Roots", Codec.of(DatacenterRequest.class), Codec.of(ConnectCa.Roots.class));

    public static final ConsulMethod<DatacenterRequest, ConnectCa.Queries> PREPARED_QUERY_LIST = ConsulMethod.read(
            "PreparedQuery.List", Codec.of(DatacenterRequest.class), Codec.of(ConnectCa.Queries.class));

    private static final List<ConsulMethod<?, ?>> ALL = List.of(
            STATUS_PING,
            STATUS_LEADER,
            STATUS_PEERS,
            STATUS_RAFT_STATS,
            CATALOG_LIST_DATACENTERS,
            CATALOG_LIST_NODES,
            CATALOG_LIST_SERVICES,
            CATALOG_SERVICE_NODES,
            CATALOG_NODE_SERVICES,
            CATALOG_NODE_SERVICE_LIST,
            CATALOG_REGISTER,
            CATALOG_DEREGISTER,
            HEALTH_SERVICE_NODES,
            HEALTH_NODE_CHECKS,
            HEALTH_SERVICE_CHECKS,
            HEALTH_CHECKS_IN_STATE,
            KVS_APPLY,
            KVS_GET,
            KVS_LIST,
            KVS_LIST_KEYS,
            SESSION_APPLY,
            SESSION_GET,
            SESSION_RENEW,
            SESSION_LIST,
            SESSION_NODE_SESSIONS,
            COORDINATE_UPDATE,
            COORDINATE_LIST_NODES,
            COORDINATE_NODE,
            COORDINATE_LIST_DATACENTERS,
            INTERNAL_EVENT_FIRE,
            INTERNAL_KEYRING_OPERATION,
            INTERNAL_NODE_DUMP,
            INTERNAL_NODE_INFO,
            TXN_APPLY,
            OPERATOR_RAFT_GET_CONFIGURATION,
            OPERATOR_SERVER_HEALTH,
            CONNECT_CA_ROOTS,
            PREPARED_QUERY_LIST);

    private ConsulMethods() {}

    /** All of them. */
    public static List<ConsulMethod<?, ?>> all() {
        return ALL;
    }

    /** The method with this name, in exactly this spelling. */
    public static Optional<ConsulMethod<?, ?>> find(String name) {
        return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
    }
}
