package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import java.util.List;
import java.util.Map;

/**
 * What a proxy is for; all empty for a service that is none. What varies between versions is kept as trees.
 *
 * @param config what the proxy itself is told
 * @param upstreams services that it reaches for its own
 */
public record ServiceProxy(
        String destinationServiceName,
        @Name("DestinationServiceID") String destinationServiceId,
        String localServiceAddress,
        int localServicePort,
        Map<String, Object> config,
        List<Object> upstreams,
        MeshGateway meshGateway,
        Expose expose) {
    private static final ServiceProxy NONE =
            new ServiceProxy("", "", "", 0, Nil.map(), Nil.list(), new MeshGateway(""), new Expose(false, Nil.list()));

    /** How other datacenters are reached. */
    public record MeshGateway(String mode) {}

    /** Which paths of the service can be reached without a certificate. */
    public record Expose(boolean checks, List<Object> paths) {
        public Expose {
            paths = Nil.copy(paths);
        }
    }

    public ServiceProxy {
        config = Nil.copy(config);
        upstreams = Nil.copy(upstreams);
    }

    public static ServiceProxy none() {
        return NONE;
    }
}
