package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.GoTime;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.time.Duration;
import java.util.List;

/** Messages of {@code Operator}. */
public final class Operator {
    private Operator() {}

    public record RaftConfiguration(
            List<RaftServer> servers, @Unsigned long index) {
        public RaftConfiguration {
            servers = Nil.copy(servers);
        }
    }

    public record RaftServer(
            @Name("ID") String id,
            String node,
            String address,
            boolean leader,
            String protocolVersion,
            boolean voter) {}

    public record HealthOfServers(boolean healthy, int failureTolerance, List<HealthOfServer> servers) {
        public HealthOfServers {
            servers = Nil.copy(servers);
        }
    }

    /**
     * What the leader thinks of one server.
     *
     * @param serfStatus as gossip has it: 1 for alive
     * @param stableSince when it last became healthy, or stopped to be
     */
    public record HealthOfServer(
            @Name("ID") String id,
            String name,
            String address,
            int serfStatus,
            String version,
            boolean leader,
            Duration lastContact,
            @Unsigned long lastTerm,
            @Unsigned long lastIndex,
            boolean healthy,
            boolean voter,
            GoTime stableSince) {}
}
