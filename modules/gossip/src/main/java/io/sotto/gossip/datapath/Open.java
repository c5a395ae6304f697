package io.sotto.gossip.datapath;

import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.util.List;

/**
 * Opens the seal, with the label as associated data.
 *
 * <p>Without a key nothing is tried. With keys opening is always tried, since a sealed datagram has no mark of its own; what
 * does not open is refused, or with verification of incoming traffic off goes on as the plaintext that it may be. So with
 * verification on only authentic bytes leave this stage. What opens and is turned away, because it came before, is refused
 * in any case.
 *
 * <p>The opener is this stage's own, and so is the memory that it opens into: what it leaves in a frame lasts until the
 * next batch begins. {@link Decode} copies all that it gives on. Source: gossip specification,
 * sections 4, 6.3 and 7.
 */
final class Open implements InboundStep<Frame> {
    private static final int ARENA_FIRST_BYTES = 4 << 10;
    private static final int ARENA_MAX_BYTES = 128 << 10;

    private final RejectionLog rejections;
    private final Opener opener;
    private byte[] arena = new byte[0];
    private int used;

    Open(Inspection inspection) {
        this.rejections = inspection.rejections();
        this.opener = inspection.opener();
    }

    @Override
    public String name() {
        return "Open";
    }

    @Override
    public RejectionLog rejections() {
        return rejections;
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Frame> out) {
        if (!policy.isKeyed()) {
            out.add(frame);
            return;
        }
        byte[] target = room(Opener.plainMaxBytes(frame.bytes()));
        int length = opener.openInto(
                policy.ring(),
                frame.bytes(),
                frame.label(),
                frame.source().getAddress().hashCode(),
                target,
                used);
        if (length != Opener.REFUSED) {
            out.add(frame.opened(Octets.wrap(target, used, length), opener.openedWith()));
            used += length;
        } else if (isTurnedAway(opener.refusal().reason())) {
            refuse(frame, policy, opener.refusal().reason(), opener.refusal().detail());
        } else if (policy.verifyIncoming()) {
            refuse(
                    frame,
                    policy,
                    reason(frame, opener.refusal()),
                    opener.refusal().detail());
        } else {
            out.add(frame);
        }
    }

    @Override
    public void begin() {
        used = 0;
    }

    /** Where what is opened next is left, from {@link #used} on. */
    byte[] arena() {
        return arena;
    }

    private byte[] room(int bytes) {
        if (bytes > arena.length - used) {
            // The frames of this batch keep the array that is given up; nobody writes to it any more.
            int doubled = Math.min(ARENA_MAX_BYTES, Math.max(ARENA_FIRST_BYTES, 2 * arena.length));
            arena = new byte[Math.max(doubled, bytes)];
            used = 0;
        }
        return arena;
    }

    /** Whether it is authentic all the same, and so no plaintext. */
    private static boolean isTurnedAway(Reason reason) {
        return reason == Reason.REPLAY || reason == Reason.VERSION;
    }

    private static Reason reason(Frame frame, Opened.Refused refused) {
        return LooksPlain.test(frame.bytes()) ? Reason.PLAINTEXT : refused.reason();
    }
}
