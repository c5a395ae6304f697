package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a check is run; all empty for one that the catalog only keeps. */
public record CheckDefinition(
        @Name("HTTP") String http,
        @Name("TLSSkipVerify") boolean tlsSkipVerify,
        Map<String, List<String>> header,
        String method,
        String body,
        @Name("TCP") String tcp,
        Duration interval,
        long outputMaxSize,
        Duration timeout,
        Duration deregisterCriticalServiceAfter,
        List<String> scriptArgs,
        @Name("DockerContainerID") String dockerContainerId,
        String shell,
        @Name("GRPC") String grpc,
        @Name("GRPCUseTLS") boolean grpcUseTls,
        String aliasNode,
        String aliasService,
        @Name("TTL") Duration ttl) {
    private static final CheckDefinition NONE = new CheckDefinition(
            "",
            false,
            Nil.map(),
            "",
            "",
            "",
            Duration.ZERO,
            0,
            Duration.ZERO,
            Duration.ZERO,
            Nil.list(),
            "",
            "",
            "",
            false,
            "",
            "",
            Duration.ZERO);

    public CheckDefinition {
        header = Nil.copy(header);
        scriptArgs = Nil.copy(scriptArgs);
    }

    public static CheckDefinition none() {
        return NONE;
    }
}
