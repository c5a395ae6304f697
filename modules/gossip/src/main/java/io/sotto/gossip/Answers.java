package io.sotto.gossip;

import io.sotto.gossip.rate.AddressRate;
import io.sotto.membership.Claims;
import io.sotto.membership.LateSuspicions;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.message.SwimMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * To whom datagrams make this node send, and how often: so that nobody can have us flood a third party.
 *
 * <p>Under {@link Claims#GUARDED} an answer goes to the datagram's own source, or to the asker that the message names if
 * that is a known member at its known address; and only known members are pinged for others. Under {@link Claims#UPSTREAM}
 * it goes wherever the message says, as the real members have it. Under both, what one address is sent in answer is limited.
 *
 * <p>Safe to call from any thread. Source: security rules, "Rules for the packet path"; gossip specification, section 11.2.
 */
final class Answers {
    private final Claims claims;
    private final Supplier<MembersView> view;
    private final AddressRate rate;
    private final PoolTime time;

    private Answers(Claims claims, Supplier<MembersView> view, AddressRate rate, PoolTime time) {
        this.claims = claims;
        this.view = view;
        this.rate = rate;
        this.time = time;
    }

    /** @param seed chosen by chance, for the table of addresses */
    static Answers create(Claims claims, FloodSettings settings, Supplier<MembersView> view, PoolTime time, long seed) {
        return new Answers(claims, view, AddressRate.create(settings.answerRate(), settings.answerBurst(), seed), time);
    }

    /** Where the answer to a message from {@code source} goes that names {@code asker}. */
    InetSocketAddress to(Optional<SwimMessage.Asker> asker, InetSocketAddress source) {
        return asker.filter(named -> named.address().isRoutable())
                .filter(named -> claims == Claims.UPSTREAM || isMemberAt(named.node(), named.address()))
                .flatMap(named -> named.address().socket())
                .orElse(source);
    }

    /** Where whoever asks is a member, if it says who it is. */
    Optional<InetSocketAddress> member(Optional<SwimMessage.Asker> asker) {
        return asker.filter(named -> isMemberAt(named.node(), named.address()))
                .flatMap(named -> named.address().socket());
    }

    /** Whom to ping for the sender of {@code request}; empty when that is for us to refuse, or no address. */
    Optional<InetSocketAddress> target(SwimMessage.IndirectPing request) {
        int ownPort = view.get().self().address().port();
        NodeAddress named = request.target().port() == 0 ? request.target().withPort(ownPort) : request.target();
        return claims == Claims.UPSTREAM || isMemberAt(request.node(), named) ? named.socket() : Optional.empty();
    }

    /**
     * Where answers to a query go that {@code node} asks from {@code address}, and that came from {@code source}; empty when
     * that is for us to refuse. Members before Serf 0.9 do not say who asks: then any member's address will do.
     */
    Optional<InetSocketAddress> asker(String node, NodeAddress address, InetSocketAddress source) {
        return claims == Claims.UPSTREAM || address.socket().equals(Optional.of(source)) || isKnown(node, address)
                ? address.socket().filter(to -> address.isRoutable())
                : Optional.empty();
    }

    /** Where an answer goes that we are asked to pass on to {@code node} at {@code address}; empty as above. */
    Optional<InetSocketAddress> relayed(String node, NodeAddress address) {
        return claims == Claims.UPSTREAM || isKnown(node, address)
                ? address.socket().filter(to -> address.isRoutable())
                : Optional.empty();
    }

    /** Whether a claim that changes nothing here is one that its teller may be helped with; see {@link LateSuspicions}. */
    boolean mayBeLate(SwimMessage.Claim claim) {
        return claims == Claims.GUARDED
                && claim instanceof SwimMessage.Suspect
                && view.get()
                        .find(claim.node())
                        .filter(known -> known.state() == NodeState.DEAD)
                        .isPresent();
    }

    /** Whether one more answer may go to {@code address} now. */
    synchronized boolean admits(InetAddress address) {
        return rate.admits(address, time.nanos());
    }

    private boolean isKnown(String name, NodeAddress address) {
        if (!name.isEmpty()) {
            return isMemberAt(name, address);
        }
        MembersView current = view.get();
        Optional<InetSocketAddress> socket = address.socket();
        return socket.isPresent()
                && !socket.equals(current.self().address().socket())
                && current.inAnyOrder().stream()
                        .anyMatch(member ->
                                member.pooled() && member.address().socket().equals(socket));
    }

    private boolean isMemberAt(String name, NodeAddress address) {
        if (name.equals(view.get().self().name())) {
            return false;
        }
        // As sockets: peers may write an IPv4 address in its 16-byte form.
        Optional<InetSocketAddress> socket = address.socket();
        return socket.isPresent()
                && view.get()
                        .find(name)
                        // Whom the pool has forgotten and Serf lists is no third party: others may not know yet that it
                        // is
                        // gone, and need somebody's word for it.
                        .filter(member -> member.pooled() || member.isListed())
                        .flatMap(member -> member.address().socket())
                        .equals(socket);
    }
}
