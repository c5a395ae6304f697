package io.sotto.gossip.datapath;

import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.crypto.Opened;
import io.sotto.wire.crypto.Opener;
import java.util.List;

/**
 * Opens the seal, with the label as associated data.
 *
 * <p>Without a key nothing is tried. With keys opening is always tried, since a sealed datagram has no mark of its own; what
 * does not open is refused, or with verification of incoming traffic off goes on as the plaintext that it may be. So with
 * verification on only authentic bytes leave this stage. The opener is this stage's own. Source: gossip specification,
 * sections 4, 6.3 and 7.
 */
final class Open implements InboundStep<Frame> {
    private final RejectionLog rejections;
    private final Opener opener = new Opener();

    Open(RejectionLog rejections) {
        this.rejections = rejections;
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
        Opened opened = opener.open(
                policy.ring(),
                frame.bytes(),
                policy.label(),
                frame.source().getAddress().hashCode());
        if (opened instanceof Opened.Plain plain) {
            out.add(frame.opened(plain.plain()));
        } else if (opened instanceof Opened.Refused refused) {
            if (policy.verifyIncoming()) {
                refuse(frame, policy, reason(frame, refused), refused.detail());
            } else {
                out.add(frame);
            }
        }
    }

    private static Reason reason(Frame frame, Opened.Refused refused) {
        return LooksPlain.test(frame.bytes()) ? Reason.PLAINTEXT : refused.reason();
    }
}
