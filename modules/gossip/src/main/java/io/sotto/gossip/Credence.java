package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.membership.LamportClock;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whether what comes in counts, by whom it comes from: members, and senders that have answered a ping of this life of ours;
 * where a key is held and plaintext is still accepted, plaintext from members alone. Whoever else speaks of members in
 * datagrams is pinged, and counts from its answer on. Called for each such message, on any thread. Source: security rules,
 * "Rules for the packet path" and "Keys".
 */
final class Credence {
    private final Proven proven;
    private final Supplier<WirePolicy> policy;
    private final Inflow inflow;
    private final ActorRef<Prover.Command> prover;

    Credence(Proven proven, Supplier<WirePolicy> policy, Inflow inflow, ActorRef<Prover.Command> prover) {
        this.proven = proven;
        this.policy = policy;
        this.inflow = inflow;
        this.prover = prover;
    }

    /** Whether what a datagram says counts; its source is asked otherwise, if it may come to count. */
    boolean ofDatagram(InetSocketAddress source, boolean sealed) {
        if (isBarePlain(sealed)) {
            return proven.countsInPlain(source);
        }
        if (proven.counts(source)) {
            return true;
        }
        if (proven.ask(source)) {
            prover.tell(new Prover.Spoke(source));
        }
        return false;
    }

    /** A datagram came that says nothing of members. If somebody is waited for there, its source is asked. */
    void heard(InetSocketAddress source, boolean sealed) {
        if (sealed && proven.isExpected(source.getAddress())) {
            ofDatagram(source, true);
        }
    }

    /** Whether a message that came over a stream counts. */
    boolean ofStream(InetSocketAddress source) {
        return proven.countsByHost(source.getAddress());
    }

    /** How far the view is believed of whoever began an exchange. */
    Members.Standing ofExchange(InetSocketAddress source, boolean sealed, boolean join) {
        if (proven.countsByHost(source.getAddress())) {
            return Members.Standing.MEMBER;
        }
        if (sealed) {
            return Members.Standing.STRANGER;
        }
        return isBarePlain(sealed) && !join ? Members.Standing.NOBODY : Members.Standing.IN_CLEAR;
    }

    /** Whether an intent is believed, whoever tells of it: nothing could take one from far ahead back. */
    boolean believes(SerfMessage.Intent intent, long clock) {
        return !proven.isGuarded() || !LamportClock.isFarAhead(intent.ltime(), clock);
    }

    /** Takes an ack that answers a ping by which somebody was asked. Whether it does. */
    boolean takes(SwimMessage.Ack ack) {
        if (!proven.awaits(ack.seqNo())) {
            return false;
        }
        if (inflow.probes().enter()) {
            prover.tell(new Prover.Acked(ack.seqNo()));
        }
        return true;
    }

    private boolean isBarePlain(boolean sealed) {
        return !sealed && policy.get().isKeyed();
    }
}
