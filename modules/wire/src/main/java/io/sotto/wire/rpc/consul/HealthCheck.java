package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.List;

/**
 * A check of a node, or of one of its services.
 *
 * @param checkId unique on its node
 * @param status {@code passing}, {@code warning} or {@code critical}
 * @param serviceId of the service that it is for; empty for its node
 * @param type what kind of check it is; empty for one that something else decides
 */
public record HealthCheck(
        String node,
        @Name("CheckID") String checkId,
        String name,
        String status,
        String notes,
        String output,
        @Name("ServiceID") String serviceId,
        String serviceName,
        List<String> serviceTags,
        String type,
        CheckDefinition definition,
        @Unsigned long createIndex,
        @Unsigned long modifyIndex) {
    public HealthCheck {
        serviceTags = Nil.copy(serviceTags);
    }

    /** A check of a whole node, such as {@code serfHealth}. */
    public static HealthCheck ofNode(String node, String checkId, String name, String status, String output) {
        return new HealthCheck(
                node, checkId, name, status, "", output, "", "", Nil.list(), "", CheckDefinition.none(), 0, 0);
    }
}
