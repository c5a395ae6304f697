package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Nil;
import java.util.Map;

/**
 * Reads something of one datacenter.
 *
 * @param datacenter must be set, except for methods of {@code Status}
 * @param nodeMetaFilters what the meta of nodes must hold
 * @param source to sort by distance from
 * @param options how to be answered
 */
public record DatacenterRequest(
        String datacenter,
        Map<String, String> nodeMetaFilters,
        QuerySource source,
        @Embedded QueryOptions options) {
    public DatacenterRequest {
        nodeMetaFilters = Nil.copy(nodeMetaFilters);
    }

    public static DatacenterRequest of(String datacenter, QueryOptions options) {
        return new DatacenterRequest(datacenter, Nil.map(), QuerySource.none(), options);
    }
}
