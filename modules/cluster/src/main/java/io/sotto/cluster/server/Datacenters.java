package io.sotto.cluster.server;

import io.sotto.cluster.Member;
import io.sotto.membership.coordinate.Coordinate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The datacenters there are, as the WAN pool has them. Keeps nothing; what it says changes with the pool.
 *
 * <p>Who failed counts, who left does not: a datacenter whose servers cannot be reached is still known. Source: RPC
 * specification, section 5.
 */
final class Datacenters {
    private static final Duration UNKNOWN = Duration.ofDays(1);

    private final String own;
    private final Optional<GossipView> wan;

    /** @param own this server's, which is known even without a pool */
    Datacenters(String own, Optional<GossipView> wan) {
        this.own = own;
        this.wan = wan;
    }

    /** A server in the space of round trips. */
    record Located(String node, Coordinate coordinate) {}

    /** All names: this server's first, the others by the middle one of the round trips to their servers, then by name. */
    List<String> byDistance() {
        SortedMap<String, List<Member>> servers = servers();
        Map<String, Duration> far = new TreeMap<>();
        servers.forEach((datacenter, members) -> far.put(datacenter, middle(members)));
        List<String> names = new ArrayList<>(servers.keySet());
        names.remove(own);
        names.sort(Comparator.comparing((String name) -> far.getOrDefault(name, UNKNOWN)));
        names.add(0, own);
        return names;
    }

    /** Whether there is one of this name. */
    boolean has(String datacenter) {
        return datacenter.equals(own) || servers().containsKey(datacenter);
    }

    /** The servers of a datacenter whose coordinates are known, by their names there. */
    List<Located> located(String datacenter) {
        List<Located> located = new ArrayList<>();
        for (Member member : servers().getOrDefault(datacenter, List.of())) {
            String name = member.name();
            String suffix = "." + datacenter;
            String node = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
            wan.flatMap(view -> view.coordinate(name))
                    .ifPresent(coordinate -> located.add(new Located(node, coordinate)));
        }
        return located;
    }

    private SortedMap<String, List<Member>> servers() {
        SortedMap<String, List<Member>> servers = new TreeMap<>();
        for (Member member : wan.map(GossipView::members).orElse(List.of())) {
            String datacenter = member.tags().getOrDefault("dc", "");
            if (!datacenter.isEmpty() && member.status() != Member.Status.LEFT) {
                servers.computeIfAbsent(datacenter, none -> new ArrayList<>()).add(member);
            }
        }
        return servers;
    }

    private Duration middle(List<Member> members) {
        List<Duration> trips = members.stream()
                .flatMap(member -> wan.flatMap(view -> view.roundTrip(view.self(), member.name())).stream())
                .sorted()
                .toList();
        return trips.isEmpty() ? UNKNOWN : trips.get(trips.size() / 2);
    }
}
