package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import io.sotto.wire.record.Unsigned;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service on a node.
 *
 * @param kind empty for an ordinary one, otherwise what kind of proxy or gateway it is
 * @param id unique on its node
 * @param service its name
 * @param address empty for that of its node
 * @param weights how much of the traffic it is to get, by its health
 * @param enableTagOverride whether its tags may be changed in the catalog
 */
public record NodeService(
        String kind,
        @Name("ID") String id,
        String service,
        List<String> tags,
        String address,
        Map<String, ServiceAddress> taggedAddresses,
        Map<String, String> meta,
        int port,
        Optional<Weights> weights,
        boolean enableTagOverride,
        ServiceProxy proxy,
        ServiceConnect connect,
        boolean locallyRegisteredAsSidecar,
        @Unsigned long createIndex,
        @Unsigned long modifyIndex) {

    /** Where to reach a service from some other network. */
    public record ServiceAddress(String address, int port) {}

    /** Shares of the traffic while all checks pass, and while one of them warns. */
    public record Weights(int passing, int warning) {}

    /**
     * Whether a service speaks Connect by itself.
     *
     * @param sidecarService the proxy that is to be registered with it; a tree, or nil
     */
    public record ServiceConnect(@Name("Native") boolean isNative, Object sidecarService) {}

    public NodeService {
        tags = Nil.copy(tags);
        taggedAddresses = Nil.copy(taggedAddresses);
        meta = Nil.copy(meta);
    }

    /** An ordinary service with weights of one. */
    public static NodeService of(String id, String service, List<String> tags, String address, int port) {
        return new NodeService(
                "",
                id,
                service,
                tags,
                address,
                Nil.map(),
                Nil.map(),
                port,
                Optional.of(new Weights(1, 1)),
                false,
                ServiceProxy.none(),
                new ServiceConnect(false, Nil.NIL),
                false,
                0,
                0);
    }
}
