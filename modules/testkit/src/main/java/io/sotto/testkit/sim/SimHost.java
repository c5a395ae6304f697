package io.sotto.testkit.sim;

import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.DatagramReceiver;
import io.sotto.virtualtime.Lane;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a member runs on, as far as the network sees it: a receive buffer that fills while nobody reads, links to
 * all others, open connections, counters. It outlives the processes that bind its port.
 */
final class SimHost {
    /** Datagrams that the socket's thread hands over at once. Source: NetworkSettings. */
    private static final int BATCH_MAX = 64;
    /** What Linux grants by default to who asks for more: twice its {@code rmem_max}, its own bookkeeping included. */
    private static final int RECEIVE_BUFFER_BYTES = 2 * 212_992;

    private static final int DATAGRAM_OVERHEAD_BYTES = 512;

    private final int index;
    private final String name;
    private final InetSocketAddress address;
    private final RandomGenerator random;
    private @Nullable SimLink[] links = new SimLink[16];
    private final Queue<Datagram> unread = new ArrayDeque<>();
    private int unreadBytes;
    private boolean readsSoon;
    private boolean isBlocked;
    private final List<Runnable> heldByBlock = new ArrayList<>();
    /** Where gossip goes. */
    private Optional<SimEndpoint> endpoint = Optional.empty();
    /** Where calls go, by port. */
    private final Map<Integer, SimEndpoint> further = new HashMap<>();

    private final Map<SimConnection, SimEndpoint> connections = new LinkedHashMap<>();

    // Counters, which SimTraffic explains.
    long packetsSent;
    long bytesSent;
    long packetsReceived;
    long bytesReceived;
    long packetsLost;
    long packetsOverrun;
    long streamsOpened;
    long streamsAccepted;
    long streamBytesSent;
    long streamBytesReceived;

    SimHost(int index, String name, InetSocketAddress address, RandomGenerator random) {
        this.index = index;
        this.name = name;
        this.address = address;
        this.random = random;
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    /** For what this host sends. */
    RandomGenerator random() {
        return random;
    }

    @Nullable
    SimLink knownLink(SimHost to) {
        return to.index < links.length ? links[to.index] : null;
    }

    void link(SimHost to, SimLink link) {
        if (to.index >= links.length) {
            @Nullable SimLink[] more = new SimLink[Math.max(2 * links.length, to.index + 1)];
            System.arraycopy(links, 0, more, 0, links.length);
            links = more;
        }
        links[to.index] = link;
    }

    Optional<SimEndpoint> endpoint() {
        return endpoint;
    }

    /** Who takes connections at this port. */
    Optional<SimEndpoint> listening(int port) {
        return (port == address.getPort() ? endpoint : Optional.ofNullable(further.get(port)))
                .filter(SimEndpoint::listens);
    }

    boolean isBound(SimEndpoint asked) {
        return endpoint.filter(bound -> bound == asked).isPresent() || further.containsValue(asked);
    }

    void bound(SimEndpoint newEndpoint) {
        endpoint = Optional.of(newEndpoint);
    }

    void boundFurther(int port, SimEndpoint newEndpoint) {
        further.put(port, newEndpoint);
    }

    /** One port is free again, and its connections are reset. */
    void closed(SimEndpoint one) {
        if (endpoint.filter(bound -> bound == one).isPresent()) {
            endpoint = Optional.empty();
            unread.clear();
            unreadBytes = 0;
            readsSoon = false;
            if (further.isEmpty()) {
                heldByBlock.clear();
            }
            resetAll(one);
        } else if (further.values().remove(one)) {
            resetAll(one);
        }
    }

    private void resetAll(SimEndpoint one) {
        List<SimConnection> its = connections.entrySet().stream()
                .filter(entry -> entry.getValue() == one)
                .map(Map.Entry::getKey)
                .toList();
        its.forEach(SimConnection::reset);
    }

    /** The process is gone: all its ports are free again; what nobody read is gone. */
    void unbound() {
        heldByBlock.clear();
        endpoint.ifPresent(this::closed);
        List.copyOf(further.values()).forEach(this::closed);
    }

    void opened(SimConnection connection, SimEndpoint by) {
        connections.put(connection, by);
    }

    void closed(SimConnection connection) {
        connections.remove(connection);
    }

    void block() {
        isBlocked = true;
    }

    void unblock() {
        isBlocked = false;
        List<Runnable> released = List.copyOf(heldByBlock);
        heldByBlock.clear();
        released.forEach(Runnable::run);
        readSoon();
    }

    /** Runs {@code task} now, or once the host is no longer blocked. */
    void unlessBlocked(Runnable task) {
        if (isBlocked) {
            heldByBlock.add(task);
        } else {
            task.run();
        }
    }

    boolean isBlocked() {
        return isBlocked;
    }

    /** A datagram has come; it waits in the buffer until the process reads. */
    void arrive(Datagram datagram) {
        if (endpoint.isEmpty()) {
            return;
        }
        int cost = datagram.bytes().length() + DATAGRAM_OVERHEAD_BYTES;
        if (unreadBytes + cost > RECEIVE_BUFFER_BYTES) {
            packetsOverrun++;
            return;
        }
        unreadBytes += cost;
        unread.add(datagram);
        readSoon();
    }

    /** Has the process read what waits, when its turn comes. */
    void readSoon() {
        endpoint.ifPresent(bound -> {
            if (!readsSoon && !isBlocked && !unread.isEmpty() && bound.isReceiving()) {
                readsSoon = true;
                Lane lane = bound.lane();
                lane.execute(() -> read(bound));
            }
        });
    }

    private void read(SimEndpoint by) {
        readsSoon = false;
        DatagramReceiver receiver = by.receiver();
        if (isBlocked || unread.isEmpty() || receiver == null || endpoint.orElse(null) != by) {
            return;
        }
        List<Datagram> batch = new ArrayList<>(Math.min(BATCH_MAX, unread.size()));
        for (Datagram next = unread.poll(); next != null; next = batch.size() < BATCH_MAX ? unread.poll() : null) {
            batch.add(next);
            unreadBytes -= next.bytes().length() + DATAGRAM_OVERHEAD_BYTES;
            packetsReceived++;
            bytesReceived += next.bytes().length();
        }
        receiver.receive(batch);
        readSoon();
    }

    SimTraffic traffic() {
        return new SimTraffic(
                packetsSent,
                bytesSent,
                packetsReceived,
                bytesReceived,
                packetsLost,
                packetsOverrun,
                streamsOpened,
                streamsAccepted,
                streamBytesSent,
                streamBytesReceived);
    }
}
