package io.sotto.wire.packet;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Takes off compound and compression layers, which real peers nest, without recursion and within {@link Limits}.
 *
 * <p>What can be had is given even when other parts are bad. Source: gossip specification, sections 3.1, 3.2 and 4.
 */
public final class Unwrapper {
    private final Limits limits;
    private final Deque<Iterator<Octets>> open = new ArrayDeque<>();
    private final List<Octets> messages = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private int unpackedBytes;

    private Unwrapper(Limits limits) {
        this.limits = limits;
    }

    /** Unwraps one packet after label, seal and checksum; every message is non-empty and begins with its type byte. */
    public static Unwrapped unwrap(Octets packet, Limits limits) {
        if (isBare(packet)) {
            return new Unwrapped(List.of(packet), List.of());
        }
        if (!packet.isEmpty()
                && packet.at(0) == Compound.TYPE
                && Compound.unpack(packet.slice(1, packet.length() - 1)) instanceof Compound.Unpacked.Parts parts
                && parts.truncated() == 0
                && parts.parts().size() <= limits.compoundMaxParts()
                && areBare(parts.parts())) {
            // Nearly every datagram that is not bare: one layer, all of it good.
            return new Unwrapped(parts.parts(), List.of());
        }
        Unwrapper unwrapper = new Unwrapper(limits);
        unwrapper.take(packet);
        unwrapper.drain();
        return new Unwrapped(unwrapper.messages, unwrapper.faults);
    }

    private static boolean areBare(List<Octets> parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (!isBare(parts.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is nothing to unwrap: the packet is one message. */
    public static boolean isBare(Octets message) {
        return !message.isEmpty() && message.at(0) != Compound.TYPE && message.at(0) != Compression.TYPE;
    }

    private void drain() {
        while (!open.isEmpty()) {
            Iterator<Octets> layer = open.peek();
            if (layer.hasNext()) {
                take(layer.next());
            } else {
                open.pop();
            }
        }
    }

    private void take(Octets message) {
        if (isBare(message)) {
            messages.add(message);
        } else if (message.isEmpty()) {
            drop(Rejection.Reason.TYPE, "missing type byte");
        } else if (open.size() >= limits.nestingMaxDepth()) {
            drop(Rejection.Reason.NESTING, "layers nested more than " + limits.nestingMaxDepth() + " deep");
        } else if (message.at(0) == Compound.TYPE) {
            unpack(message.slice(1, message.length() - 1));
        } else {
            decompress(message.slice(1, message.length() - 1));
        }
    }

    private void unpack(Octets body) {
        Compound.Unpacked unpacked = Compound.unpack(body);
        if (unpacked instanceof Compound.Unpacked.Parts parts) {
            if (parts.truncated() > 0) {
                drop(Rejection.Reason.COMPOUND, parts.truncated() + " parts of a compound are cut short");
            }
            if (parts.parts().size() > limits.compoundMaxParts()) {
                drop(Rejection.Reason.COMPOUND, "a compound of more than " + limits.compoundMaxParts() + " parts");
            } else {
                open.push(parts.parts().iterator());
            }
        } else {
            drop(Rejection.Reason.COMPOUND, ((Compound.Unpacked.Malformed) unpacked).detail());
        }
    }

    private void decompress(Octets body) {
        int allowed = limits.unpackedDatagramMaxBytes() - unpackedBytes;
        Compression.Decompressed decompressed = Compression.decompress(body, allowed, limits.msgpackMaxDepth());
        if (decompressed instanceof Compression.Decompressed.Plain plain) {
            unpackedBytes += plain.plain().length();
            open.push(List.of(plain.plain()).iterator());
        } else {
            Compression.Decompressed.Refused refused = (Compression.Decompressed.Refused) decompressed;
            drop(refused.reason(), refused.detail());
        }
    }

    private void drop(Rejection.Reason reason, String detail) {
        faults.add(new Fault(reason, detail));
    }

    /** The messages in their order, and what had to be dropped. */
    public record Unwrapped(List<Octets> messages, List<Fault> faults) {}

    /** One thing that was dropped. */
    public record Fault(Rejection.Reason reason, String detail) {}
}
