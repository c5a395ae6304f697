package io.sotto.rpc.pool;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom calls can go to, at one moment. Immutable.
 *
 * @param byName every peer
 * @param servers of each datacenter that has any, the one in use first, those that have not proven it yet last
 * @param roles the peers of each role, servers too, in no order
 * @param exclusions why a server of a datacenter gets no call, by the datacenter's name
 * @param excluded how many servers get no call
 * @param unproven servers that have not proven yet that they are
 */
record Routes(
        Map<String, Slot> byName,
        Map<String, List<Slot>> servers,
        Map<String, List<Slot>> roles,
        Map<String, String> exclusions,
        int excluded,
        Set<Slot> unproven) {
    private static final Routes NONE = new Routes(Map.of(), Map.of(), Map.of(), Map.of(), 0, Set.of());

    Routes {
        byName = Map.copyOf(byName);
        servers = Map.copyOf(servers);
        roles = Map.copyOf(roles);
        exclusions = Map.copyOf(exclusions);
    }

    static Routes none() {
        return NONE;
    }
}
