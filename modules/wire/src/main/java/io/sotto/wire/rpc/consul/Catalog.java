package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of {@code Catalog}. */
public final class Catalog {
    private Catalog() {}

    /** Reads of no datacenter in particular. */
    public record ListDatacenters(@Embedded QueryOptions options) {}

    public record Nodes(List<Node> nodes, @Embedded QueryMeta meta) {
        public Nodes {
            nodes = Nil.copy(nodes);
        }
    }

    /** The tags of all instances of each service. */
    public record Services(
            Map<String, List<String>> services, @Embedded QueryMeta meta) {
        public Services {
            services = Nil.copy(services);
        }
    }

    public record ServiceNodes(
            List<ServiceNode> serviceNodes, @Embedded QueryMeta meta) {
        public ServiceNodes {
            serviceNodes = Nil.copy(serviceNodes);
        }
    }

    /** An instance of a service and the node that it is on, in one. */
    public record ServiceNode(
            @Name("ID") String id,
            String node,
            String address,
            String datacenter,
            Map<String, String> taggedAddresses,
            Map<String, String> nodeMeta,
            String serviceKind,
            @Name("ServiceID") String serviceId,
            String serviceName,
            List<String> serviceTags,
            String serviceAddress,
            Map<String, NodeService.ServiceAddress> serviceTaggedAddresses,
            NodeService.Weights serviceWeights,
            Map<String, String> serviceMeta,
            int servicePort,
            boolean serviceEnableTagOverride,
            ServiceProxy serviceProxy,
            NodeService.ServiceConnect serviceConnect,
            @Unsigned long createIndex,
            @Unsigned long modifyIndex) {
        public ServiceNode {
            taggedAddresses = Nil.copy(taggedAddresses);
            nodeMeta = Nil.copy(nodeMeta);
            serviceTags = Nil.copy(serviceTags);
            serviceTaggedAddresses = Nil.copy(serviceTaggedAddresses);
            serviceMeta = Nil.copy(serviceMeta);
        }
    }

    /** A node and its services by their ids; empty for a node that is not known. */
    public record NodeServices(
            Optional<ServicesOfNode> nodeServices, @Embedded QueryMeta meta) {}

    public record ServicesOfNode(Node node, Map<String, NodeService> services) {
        public ServicesOfNode {
            services = Nil.copy(services);
        }
    }

    /** A node and the list of its services; the node is all empty where it is not known. */
    public record NodeServiceList(
            ServiceListOfNode nodeServices, @Embedded QueryMeta meta) {}

    public record ServiceListOfNode(Node node, List<NodeService> services) {
        public ServiceListOfNode {
            services = Nil.copy(services);
        }
    }

    /**
     * Registers a node, and with it a service, a check or several.
     *
     * @param id the node's
     * @param skipNodeUpdate whether the node itself is left as it is if it is known
     * @param token of the access control list; empty for none
     */
    public record Register(
            String datacenter,
            @Name("ID") String id,
            String node,
            String address,
            Map<String, String> taggedAddresses,
            Map<String, String> nodeMeta,
            Optional<NodeService> service,
            Optional<HealthCheck> check,
            List<HealthCheck> checks,
            boolean skipNodeUpdate,
            String token,
            @Unsigned long createIndex,
            @Unsigned long modifyIndex) {
        public Register {
            taggedAddresses = Nil.copy(taggedAddresses);
            nodeMeta = Nil.copy(nodeMeta);
            checks = Nil.copy(checks);
        }

        /** Registers a node alone. */
        public static Register node(
                String datacenter,
                String id,
                String node,
                String address,
                Map<String, String> taggedAddresses,
                Map<String, String> nodeMeta,
                String token) {
            return new Register(
                    datacenter,
                    id,
                    node,
                    address,
                    taggedAddresses,
                    nodeMeta,
                    Optional.empty(),
                    Optional.empty(),
                    Nil.list(),
                    false,
                    token,
                    0,
                    0);
        }

        /** The same node with a service and its checks; one check goes by itself, as real agents have it. */
        public Register with(NodeService added, List<HealthCheck> itsChecks) {
            boolean isOne = itsChecks.size() == 1;
            return new Register(
                    datacenter,
                    id,
                    node,
                    address,
                    taggedAddresses,
                    nodeMeta,
                    Optional.of(added),
                    isOne ? Optional.of(itsChecks.get(0)) : Optional.empty(),
                    isOne || itsChecks.isEmpty() ? Nil.list() : itsChecks,
                    true,
                    token,
                    0,
                    0);
        }

        /** The same node with a check of it. */
        public Register with(HealthCheck added) {
            return new Register(
                    datacenter,
                    id,
                    node,
                    address,
                    taggedAddresses,
                    nodeMeta,
                    Optional.empty(),
                    Optional.of(added),
                    Nil.list(),
                    true,
                    token,
                    0,
                    0);
        }

        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Register[datacenter=" + datacenter + ", node=" + node + ", address=" + address + ", service="
                    + service + ", check=" + check + ", checks=" + checks + "]";
        }
    }

    /** Takes a node out of the catalog, or only a service or a check of it. */
    public record Deregister(
            String datacenter,
            String node,
            @Name("ServiceID") String serviceId,
            @Name("CheckID") String checkId,
            String token) {
        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Deregister[datacenter=" + datacenter + ", node=" + node + ", serviceId=" + serviceId + ", checkId="
                    + checkId + "]";
        }
    }
}
