package io.sotto.agent.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All routes, found by the beginning of a path; of several that match, those with the longest. Immutable. */
final class RouteTable {
    private final Map<List<String>, List<Route>> byPrefix = new HashMap<>();
    private final int longest;

    RouteTable(List<Route> routes) {
        routes.forEach(route -> byPrefix.computeIfAbsent(route.prefix(), none -> new ArrayList<>())
                .add(route));
        this.longest =
                routes.stream().mapToInt(route -> route.prefix().size()).max().orElse(0);
    }

    /** The routes of this path, one for each method that it takes. */
    List<Route> find(List<String> path) {
        for (int length = Math.min(longest, path.size()); length >= 0; length--) {
            List<Route> found = byPrefix.getOrDefault(path.subList(0, length), List.of()).stream()
                    .filter(route -> route.matches(path))
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }
}
