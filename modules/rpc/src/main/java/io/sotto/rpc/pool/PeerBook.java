package io.sotto.rpc.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Who can be called, in which order the servers of each datacenter are tried, and which of them have proven to be servers.
 * One owner; no clock, no thread.
 *
 * <p>Servers keep their places as others come and go: the first is the one in use. Where certificates must name servers, a
 * server is last in line until its certificate has proven it, and out of line once its certificate has proven the
 * contrary. Source: RPC specification, section 9; security rules, "TLS".
 */
final class PeerBook {
    private final RandomGenerator random;
    private final Map<String, Slot> slots = new TreeMap<>();
    private final Map<String, List<Slot>> servers = new TreeMap<>();
    private final Set<Slot> unproven = new HashSet<>();
    private final Map<Slot, String> excluded = new HashMap<>();

    PeerBook(RandomGenerator random) {
        this.random = random;
    }

    /**
     * What an update has changed.
     *
     * @param gone whose peer is there no more, or somewhere else
     * @param changed who says something else of itself, at the same place
     * @param newcomers servers that were not there before
     */
    record Change(List<Slot> gone, List<Slot> changed, List<Slot> newcomers) {}

    /**
     * @param mustProve whether servers have to prove that they are
     * @param nowNanos when the new ones were last used, as it were
     */
    Change update(List<RpcPeer> peers, boolean mustProve, long nowNanos) {
        Map<String, RpcPeer> next = new LinkedHashMap<>();
        peers.forEach(peer -> next.putIfAbsent(peer.name(), peer));
        List<Slot> gone = new ArrayList<>();
        List<Slot> changed = new ArrayList<>();
        for (Slot slot : List.copyOf(slots.values())) {
            RpcPeer now = next.get(slot.peer().name());
            if (now == null || !isSamePlace(now, slot.peer())) {
                remove(slot);
                gone.add(slot);
            } else if (!now.equals(slot.peer())) {
                slot.update(now);
                changed.add(slot);
            }
        }
        Set<String> fresh = new TreeSet<>();
        List<Slot> newcomers = new ArrayList<>();
        for (RpcPeer peer : next.values()) {
            if (!slots.containsKey(peer.name())) {
                Slot slot = new Slot(peer, nowNanos);
                slots.put(peer.name(), slot);
                if (peer.isServer()) {
                    List<Slot> line = servers.computeIfAbsent(peer.datacenter(), none -> new ArrayList<>());
                    if (line.isEmpty()) {
                        fresh.add(peer.datacenter());
                    }
                    // Anywhere but before the one in use.
                    line.add(line.isEmpty() ? 0 : 1 + random.nextInt(line.size()), slot);
                    newcomers.add(slot);
                    if (mustProve) {
                        unproven.add(slot);
                    }
                }
            }
        }
        fresh.forEach(datacenter -> servers.put(datacenter, shuffled(datacenter)));
        return new Change(gone, changed, newcomers);
    }

    private static boolean isSamePlace(RpcPeer a, RpcPeer b) {
        return a.address().equals(b.address()) && a.datacenter().equals(b.datacenter()) && a.expected() == b.expected();
    }

    private void remove(Slot slot) {
        slots.remove(slot.peer().name());
        unproven.remove(slot);
        excluded.remove(slot);
        List<Slot> line = line(slot);
        line.remove(slot);
        if (line.isEmpty()) {
            servers.remove(slot.peer().datacenter());
        }
    }

    boolean holds(Slot slot) {
        return slots.get(slot.peer().name()) == slot;
    }

    /** If it is the one in use, the next in line takes over. Returns whether anything changed. */
    boolean failed(Slot slot) {
        List<Slot> line = line(slot);
        if (line.size() < 2 || line.get(0) != slot) {
            return false;
        }
        line.remove(0);
        line.add(slot);
        return true;
    }

    /** It is no server, for the reason given. Returns whether that is news. */
    boolean exclude(Slot slot, String reason) {
        return holds(slot) && !reason.equals(excluded.put(slot, reason));
    }

    /** Its certificate is a server's. Returns whether that is news. */
    boolean proved(Slot slot) {
        boolean wasUnproven = unproven.remove(slot);
        return excluded.remove(slot) != null || wasUnproven;
    }

    /**
     * What has been proven counts no more. Returns those that must prove it anew.
     *
     * @param mustProve whether servers have to prove that they are
     */
    List<Slot> forgetProofs(boolean mustProve) {
        excluded.clear();
        unproven.clear();
        if (!mustProve) {
            return List.of();
        }
        servers.values().forEach(unproven::addAll);
        return List.copyOf(unproven);
    }

    List<Slot> excludedNow() {
        return List.copyOf(excluded.keySet());
    }

    Set<String> datacenters() {
        return Set.copyOf(servers.keySet());
    }

    int serverCount() {
        return servers.values().stream().mapToInt(List::size).sum();
    }

    int size() {
        return slots.size();
    }

    /** The servers of a datacenter that may be called, in an order that chance decides. */
    List<Slot> shuffled(String datacenter) {
        List<Slot> line = new ArrayList<>(servers.getOrDefault(datacenter, List.of()));
        for (int i = line.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Slot swapped = line.get(i);
            line.set(i, line.get(j));
            line.set(j, swapped);
        }
        return line;
    }

    /** From now on this order, {@code first} at the head of it; servers that are not in it keep their order, at its end. */
    void order(String datacenter, List<Slot> order, Slot first) {
        List<Slot> line = servers.get(datacenter);
        if (line == null) {
            return;
        }
        List<Slot> next = new ArrayList<>(order);
        next.removeIf(slot -> !line.contains(slot) || slot == first);
        if (line.contains(first)) {
            next.add(0, first);
        }
        line.forEach(slot -> {
            if (!next.contains(slot)) {
                next.add(slot);
            }
        });
        servers.put(datacenter, next);
    }

    Routes routes() {
        Map<String, List<Slot>> lines = new HashMap<>();
        servers.forEach((datacenter, line) -> {
            List<Slot> called = new ArrayList<>();
            line.stream().filter(this::isProven).forEach(called::add);
            line.stream()
                    .filter(unproven::contains)
                    .filter(slot -> !excluded.containsKey(slot))
                    .forEach(called::add);
            if (!called.isEmpty()) {
                lines.put(datacenter, List.copyOf(called));
            }
        });
        Map<String, List<Slot>> roles = new HashMap<>();
        slots.values().stream()
                .filter(slot -> !slot.peer().role().isEmpty() && !excluded.containsKey(slot))
                .forEach(slot -> roles.computeIfAbsent(slot.peer().role(), none -> new ArrayList<>())
                        .add(slot));
        roles.replaceAll((role, members) -> List.copyOf(members));
        Map<String, String> reasons = new HashMap<>();
        excluded.forEach((slot, reason) -> reasons.put(slot.peer().datacenter(), reason));
        return new Routes(slots, lines, roles, reasons, excluded.size(), Set.copyOf(unproven));
    }

    private boolean isProven(Slot slot) {
        return !unproven.contains(slot) && !excluded.containsKey(slot);
    }

    private List<Slot> line(Slot slot) {
        return servers.getOrDefault(slot.peer().datacenter(), new ArrayList<>());
    }
}
