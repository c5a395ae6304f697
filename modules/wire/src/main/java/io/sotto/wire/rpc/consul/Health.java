package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Nil;
import java.util.List;
import java.util.Map;

/** Messages of {@code Health}. */
public final class Health {
    private Health() {}

    /**
     * Reads all checks in one state.
     *
     * @param state {@code passing}, {@code warning}, {@code critical} or {@code any}
     */
    public record ChecksInState(
            String datacenter,
            Map<String, String> nodeMetaFilters,
            String state,
            QuerySource source,
            @Embedded QueryOptions options) {
        public ChecksInState {
            nodeMetaFilters = Nil.copy(nodeMetaFilters);
        }

        public static ChecksInState of(String datacenter, String state, QueryOptions options) {
            return new ChecksInState(datacenter, Nil.map(), state, QuerySource.none(), options);
        }
    }

    public record HealthChecks(
            List<HealthCheck> healthChecks, @Embedded QueryMeta meta) {
        public HealthChecks {
            healthChecks = Nil.copy(healthChecks);
        }
    }

    public record ServiceNodes(
            List<ServiceHealth> nodes, @Embedded QueryMeta meta) {
        public ServiceNodes {
            nodes = Nil.copy(nodes);
        }
    }

    /** An instance of a service, its node, and the checks of both. */
    public record ServiceHealth(Node node, NodeService service, List<HealthCheck> checks) {
        public ServiceHealth {
            checks = Nil.copy(checks);
        }
    }
}
