package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Nil;
import java.util.List;
import java.util.Map;

/**
 * Reads the instances of one service, or their checks.
 *
 * @param serviceTag the one tag that older clients ask for
 * @param serviceTags tags that instances must all have, where {@code tagFilter} is on
 * @param serviceAddress the address that instances must have; empty for any
 * @param connect whether instances that speak for the service through a proxy are asked for
 * @param ingress whether gateways for the service are asked for
 */
public record ServiceRequest(
        String datacenter,
        Map<String, String> nodeMetaFilters,
        String serviceName,
        String serviceTag,
        List<String> serviceTags,
        String serviceAddress,
        boolean tagFilter,
        QuerySource source,
        boolean connect,
        boolean ingress,
        @Embedded QueryOptions options) {
    public ServiceRequest {
        nodeMetaFilters = Nil.copy(nodeMetaFilters);
        serviceTags = Nil.copy(serviceTags);
    }

    /** All instances. */
    public static ServiceRequest of(String datacenter, String service, QueryOptions options) {
        return new ServiceRequest(
                datacenter, Nil.map(), service, "", Nil.list(), "", false, QuerySource.none(), false, false, options);
    }

    /** The instances that have all of these tags. */
    public ServiceRequest tagged(List<String> tags) {
        return new ServiceRequest(
                datacenter,
                nodeMetaFilters,
                serviceName,
                serviceTag,
                tags,
                serviceAddress,
                !tags.isEmpty(),
                source,
                connect,
                ingress,
                options);
    }
}
