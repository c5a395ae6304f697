package io.sotto.agent.port;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The connections that all HTTP sockets of one agent share their bounds for. Safe to use from any thread. */
public final class Guests {
    private final PortSettings settings;
    private final PortCounters counters;
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final Set<Guest> present = new HashSet<>();

    public Guests(PortSettings settings, PortCounters counters) {
        this.settings = settings;
        this.counters = counters;
    }

    PortSettings settings() {
        return settings;
    }

    PortCounters counters() {
        return counters;
    }

    /** A place for a connection of this address at this port; empty if there is none. */
    synchronized Optional<Guest> admit(HttpPort port, InetAddress address) {
        counters.accepted.increment();
        int ofAddress = perAddress.getOrDefault(address, 0);
        if (ofAddress >= settings.maxConnectionsPerAddress()) {
            counters.refuse(PortRefusal.TOO_MANY_OF_ADDRESS);
            return Optional.empty();
        }
        if (present.size() >= settings.maxConnections()) {
            counters.refuse(PortRefusal.TOO_MANY);
            return Optional.empty();
        }
        Guest guest = new Guest(this, port, address);
        perAddress.put(address, ofAddress + 1);
        present.add(guest);
        counters.open.increment();
        return Optional.of(guest);
    }

    synchronized void leave(Guest guest) {
        if (!present.remove(guest)) {
            return;
        }
        counters.open.decrement();
        perAddress.computeIfPresent(
                guest.address(), (address, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    synchronized List<Guest> at(HttpPort port) {
        return present.stream().filter(guest -> guest.port() == port).toList();
    }
}
