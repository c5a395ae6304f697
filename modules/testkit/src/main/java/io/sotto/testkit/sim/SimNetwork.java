package io.sotto.testkit.sim;

import io.sotto.gossip.network.Datagram;
import io.sotto.gossip.network.Endpoint;
import io.sotto.gossip.network.Network;
import io.sotto.virtualtime.Lane;
import io.sotto.virtualtime.VirtualTime;
import io.sotto.wire.Octets;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * A network without sockets, in virtual time: datagrams and streams between the members of a {@link SimCluster}, under
 * conditions that a test sets for each direction between two of them. All chance comes from the cluster's seed.
 *
 * <pre>{@code
 * cluster.network().everyLink(link -> link.latency(Latency.logNormal(Duration.ofMillis(2), 0.5)).loss(0.05));
 * cluster.network().link(n1, n2).up(false);
 * }</pre>
 *
 * <p>Used on the cluster's thread only.
 */
public final class SimNetwork {
    private static final int FIRST_CLIENT_PORT = 32_768;
    private static final int CLIENT_PORTS = 28_000;

    private final VirtualTime virtual;
    private final SplittableRandom randoms;
    private final List<SimHost> hosts = new ArrayList<>();
    private final Map<InetSocketAddress, SimHost> byAddress = new HashMap<>();
    private final Map<InetAddress, SimHost> byMachine = new HashMap<>();
    private final List<Consumer<SimLink>> everyLink = new ArrayList<>();
    private final CRC32 digest = new CRC32();
    private final byte[] header = new byte[16];
    private long delivered;
    private int clients;

    SimNetwork(VirtualTime virtual, SplittableRandom randoms) {
        this.virtual = virtual;
        this.randoms = randoms;
    }

    /** The direction from one member to another. */
    public SimLink link(SimMember from, SimMember to) {
        return link(from.host(), to.host());
    }

    /**
     * Sets every direction between two members, those of members to come included.
     *
     * @param settings called for each link, for some of them later than now: it must only look at the link
     */
    public void everyLink(Consumer<SimLink> settings) {
        everyLink.add(settings);
        for (SimHost from : hosts) {
            for (SimHost to : hosts) {
                SimLink link = from.knownLink(to);
                if (link != null) {
                    settings.accept(link);
                }
            }
        }
    }

    /**
     * Lifeguard's anomaly: what the member sends and what is sent to it, datagrams and streams, waits until {@link #unblock};
     * what its receive buffer has no room for is lost. The member itself goes on, and its timers too.
     */
    public void block(SimMember member) {
        member.host().block();
    }

    public void unblock(SimMember member) {
        member.host().unblock();
    }

    /** A datagram arrives at {@code to} as if {@code source} had sent it, whoever that is: sources can be forged. */
    public void inject(InetSocketAddress source, SimMember to, Octets bytes) {
        to.host().arrive(new Datagram(source, bytes));
    }

    /** What a member has sent and received since it was added. */
    public SimTraffic traffic(SimMember member) {
        return member.host().traffic();
    }

    /** What all members have sent and received together. */
    public SimTraffic traffic() {
        return hosts.stream().map(SimHost::traffic).reduce(SimTraffic.none(), SimTraffic::plus);
    }

    /** Datagrams and segments of streams that arrived. */
    long delivered() {
        return delivered;
    }

    /** A checksum over all that arrived, when, from whom and at whom. */
    long digest() {
        return digest.getValue();
    }

    SimHost add(String name, InetSocketAddress address) {
        SimHost host = new SimHost(hosts.size(), name, address, randoms.split());
        hosts.add(host);
        byAddress.put(address, host);
        byMachine.put(address.getAddress(), host);
        return host;
    }

    /** The network as one process of {@code host} sees it. */
    Network seenBy(SimHost host, Lane lane) {
        return address -> bind(host, lane, address);
    }

    private Endpoint bind(SimHost host, Lane lane, InetSocketAddress address) throws BindException {
        if (!address.equals(host.address())) {
            throw new BindException("listen tcp " + address + ": bind: cannot assign requested address");
        }
        if (host.endpoint().isPresent()) {
            throw new BindException("listen tcp " + address + ": bind: address already in use");
        }
        SimEndpoint endpoint = new SimEndpoint(this, host, lane, address, SimEndpoint.Kind.GOSSIP);
        host.bound(endpoint);
        return endpoint;
    }

    /** A port of {@code host} for calls, which nobody listens on yet. */
    SimEndpoint bindCalls(SimHost host, Lane lane, int port, boolean isSealed) {
        InetSocketAddress address = new InetSocketAddress(host.address().getAddress(), port);
        SimEndpoint endpoint = new SimEndpoint(
                this, host, lane, address, isSealed ? SimEndpoint.Kind.SEALED_CALLS : SimEndpoint.Kind.CALLS);
        host.boundFurther(port, endpoint);
        return endpoint;
    }

    SimLink link(SimHost from, SimHost to) {
        SimLink known = from.knownLink(to);
        if (known != null) {
            return known;
        }
        SimLink link = new SimLink(from, to);
        everyLink.forEach(settings -> settings.accept(link));
        from.link(to, link);
        return link;
    }

    /** The machine that streams to this address go to, whatever the port. */
    Optional<SimHost> hostAt(InetSocketAddress address) {
        return Optional.ofNullable(byMachine.get(address.getAddress()));
    }

    int nextClientPort() {
        return FIRST_CLIENT_PORT + clients++ % CLIENT_PORTS;
    }

    long nanos() {
        return virtual.nanos();
    }

    void after(long delayNanos, Runnable task) {
        virtual.after(delayNanos, task);
    }

    void send(SimHost from, InetSocketAddress to, Octets bytes) {
        from.packetsSent++;
        from.bytesSent += bytes.length();
        SimHost target = byAddress.get(to);
        if (target == null) {
            from.packetsLost++;
        } else if (from.isBlocked()) {
            from.unlessBlocked(() -> transmit(from, target, bytes));
        } else {
            transmit(from, target, bytes);
        }
    }

    private void transmit(SimHost from, SimHost target, Octets bytes) {
        SimLink link = link(from, target);
        transmit(link, bytes);
        if (link.doubles(from.random())) {
            transmit(link, bytes);
        }
    }

    private void transmit(SimLink link, Octets bytes) {
        SimHost from = link.source();
        link.sent();
        if (!link.passes(from.random())) {
            from.packetsLost++;
            return;
        }
        long now = virtual.nanos();
        Datagram datagram = new Datagram(from.address(), bytes);
        virtual.after(link.arrival(now, from.random()) - now, () -> {
            witness(from, link.target(), bytes);
            link.target().arrive(datagram);
        });
    }

    /** Remembers that something arrived. */
    void witness(SimHost from, SimHost to, Octets bytes) {
        delivered++;
        long now = virtual.nanos();
        for (int i = 0; i < 8; i++) {
            header[i] = (byte) (now >>> (8 * i));
        }
        for (int i = 0; i < 4; i++) {
            header[8 + i] = (byte) (from.index() >>> (8 * i));
            header[12 + i] = (byte) (to.index() >>> (8 * i));
        }
        digest.update(header);
        digest.update(bytes.array(), bytes.arrayOffset(), bytes.length());
    }
}
