package io.sotto.gossip;

import io.sotto.membership.ClaimPolicy;
import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose word counts: the addresses of members, each of which has answered a ping of this life of ours, and of others that
 * have. Where claims are not guarded everybody's does.
 *
 * <p>Members are told by {@link Members}, proofs by {@link Prover} and {@link Sync}; read from any thread, once for each
 * message that says something of members. Source: security rules, "Rules for the packet path" and "Keys".
 */
final class Proven {
    private final boolean guarded;
    private final int sourcesMax;
    private final Map<String, InetSocketAddress> members = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, Integer> memberSockets = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> memberHosts = new ConcurrentHashMap<>();
    private final Set<InetSocketAddress> sources = ConcurrentHashMap.newKeySet();
    private final Set<InetSocketAddress> eldestFirst = new LinkedHashSet<>();
    private final Set<InetSocketAddress> asked = ConcurrentHashMap.newKeySet();
    private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
    private volatile Set<InetAddress> expected = Set.of();

    /** @param sourcesMax addresses of others that are remembered, and that are being asked */
    Proven(ClaimPolicy claims, int sourcesMax) {
        this.guarded = claims.isGuarded();
        this.sourcesMax = sourcesMax;
    }

    boolean isGuarded() {
        return guarded;
    }

    /** Whether what a datagram from there says counts. */
    boolean counts(InetSocketAddress source) {
        return !guarded || memberSockets.containsKey(source) || sources.contains(source);
    }

    /** Whether it does where nothing shows that its sender holds a key. */
    boolean countsInPlain(InetSocketAddress source) {
        return !guarded || memberSockets.containsKey(source);
    }

    /** Whether what a stream from there says of more than its sender counts: its port is any. */
    boolean countsByHost(InetAddress host) {
        return !guarded || memberHosts.containsKey(host);
    }

    /** A member's record is now this. */
    synchronized void changed(MemberRecord record) {
        Optional<InetSocketAddress> now = record.address().socket();
        if (now.equals(Optional.ofNullable(members.get(record.name())))) {
            return;
        }
        forgotten(record.name());
        now.ifPresent(socket -> {
            members.put(record.name(), socket);
            memberSockets.merge(socket, 1, Integer::sum);
            memberHosts.merge(socket.getAddress(), 1, Integer::sum);
        });
    }

    synchronized void forgotten(String name) {
        InetSocketAddress socket = members.remove(name);
        if (socket != null) {
            memberSockets.computeIfPresent(socket, (key, count) -> count == 1 ? null : count - 1);
            memberHosts.computeIfPresent(socket.getAddress(), (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whoever is there answered us. The eldest of too many is forgotten, and asked again when it speaks. */
    synchronized void prove(InetSocketAddress source) {
        asked.remove(source);
        if (!guarded || !eldestFirst.add(source)) {
            return;
        }
        sources.add(source);
        if (eldestFirst.size() > sourcesMax) {
            InetSocketAddress eldest = eldestFirst.iterator().next();
            eldestFirst.remove(eldest);
            sources.remove(eldest);
        }
    }

    /** Whether this source is to be asked now: it is not being asked, and there is room. */
    boolean ask(InetSocketAddress source) {
        return asked.size() < sourcesMax && asked.add(source);
    }

    /** It was asked, and did not answer, or could not be asked. */
    void silent(InetSocketAddress source) {
        asked.remove(source);
    }

    /** Somebody joined and is waited for at these hosts, and no others. */
    void expect(Set<InetAddress> hosts) {
        expected = hosts;
    }

    boolean isExpected(InetAddress host) {
        return expected.contains(host);
    }

    /** Whether anybody at this host is a member, or has answered. */
    boolean hasAnswered(InetAddress host) {
        return countsByHost(host)
                || sources.stream().anyMatch(source -> source.getAddress().equals(host));
    }

    /** A ping of {@link Prover}'s went out with this number. */
    void await(long seqNo) {
        awaited.add(seqNo);
    }

    void noLonger(long seqNo) {
        awaited.remove(seqNo);
    }

    /** Whether an ack with this number is for {@link Prover}. */
    boolean awaits(long seqNo) {
        return awaited.contains(seqNo);
    }

    /** Whether this is the address of {@code record}. As sockets: peers may write an IPv4 address in its 16-byte form. */
    static boolean isAt(NodeAddress address, InetSocketAddress socket) {
        return address.socket().filter(socket::equals).isPresent();
    }
}
