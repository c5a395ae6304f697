package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One datagram on its way in, from the channel thread to its end. It has one owner, the stage that holds it, and changes as
 * layers are taken off: so no stage needs an object of its own for it, and how it ends is known without a search.
 *
 * <p>It ends exactly once: {@code accepted} when it gave a message to the router, {@code rejected} when it gave none. The
 * first of the two stays. One that has neither by the time its batch is through was dropped.
 */
final class Frame {
    private final InetSocketAddress source;
    private Octets bytes;
    private Octets label = Octets.empty();
    private List<Octets> parts = List.of();
    private @Nullable GossipKey key;
    private boolean accepted;
    private @Nullable Reason rejected;
    private @Nullable Fault firstFault;

    /** What was wrong with one part. */
    record Fault(Reason reason, String detail) {}

    /** @param source the sender as the socket says; it can be forged */
    Frame(InetSocketAddress source, Octets bytes) {
        this.source = source;
        this.bytes = bytes;
    }

    InetSocketAddress source() {
        return source;
    }

    /** What is left once the layers so far have been taken off. */
    Octets bytes() {
        return bytes;
    }

    /** The bare messages inside, once unwrapped; none means that {@link #bytes} is the one message. */
    List<Octets> parts() {
        return parts;
    }

    /** Whether a key of the ring opened it, so that {@link #bytes} are authentic. */
    boolean sealed() {
        return key != null;
    }

    /** The key that opened it, if one did. */
    @Nullable
    GossipKey key() {
        return key;
    }

    /** A layer was taken off. */
    Frame with(Octets newBytes) {
        bytes = newBytes;
        return this;
    }

    /** Its label was taken off, if it had one. */
    Frame labelled(Octets itsLabel, Octets rest) {
        label = itsLabel;
        bytes = rest;
        return this;
    }

    /** The label that it came under, which its seal covers too. */
    Octets label() {
        return label;
    }

    Frame opened(Octets plain, GossipKey with) {
        bytes = plain;
        key = with;
        return this;
    }

    Frame unwrapped(List<Octets> messages) {
        parts = messages;
        return this;
    }

    /** Keeps the first fault of a part until it is known whether the datagram gives anything; false for a further one. */
    boolean keep(Fault fault) {
        if (firstFault != null) {
            return false;
        }
        firstFault = fault;
        return true;
    }

    @Nullable
    Fault firstFault() {
        return firstFault;
    }

    /** It gave a message. */
    void accept() {
        accepted = rejected == null;
    }

    boolean isAccepted() {
        return accepted;
    }

    /** It gives nothing, for this reason; false when it had ended before. */
    boolean reject(Reason reason) {
        if (accepted || rejected != null) {
            return false;
        }
        rejected = reason;
        return true;
    }

    /** Why it gave nothing, if it has been refused. */
    @Nullable
    Reason rejected() {
        return rejected;
    }
}
