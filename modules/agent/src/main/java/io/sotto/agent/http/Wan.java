package io.sotto.agent.http;

import io.sotto.cluster.Pool;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What an agent that is a member of a WAN pool knows beyond its datacenter.
 *
 * @param pool the WAN pool
 * @param keyMismatch in what its keyring and that of the LAN pool differ, if they do
 * @param datacenters how many datacenters there are, this one among them
 */
public record Wan(Pool pool, Supplier<Optional<String>> keyMismatch, IntSupplier datacenters) {
    /** What is asked of a WAN pool that is not there. */
    static final String NONE = "this agent is no member of a WAN pool, as servers are";

    /** The pool that a request is about: with {@code ?wan=1} the WAN pool, if there is one, otherwise the other. */
    static Optional<Pool> asked(Request request, Pool lan, Optional<Pool> wan) {
        return request.says("wan") ? wan : Optional.of(lan);
    }
}
