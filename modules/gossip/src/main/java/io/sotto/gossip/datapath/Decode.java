package io.sotto.gossip.datapath;

import io.sotto.wire.Limits;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection.Reason;
import io.sotto.wire.message.Decoded;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.util.List;

/**
 * Turns the bytes of bare messages into messages, and applies the allow-list to what an alive message claims.
 *
 * <p>One datagram in, its good messages out. What is no message, or of a kind that does not travel in datagrams, is refused. Where plaintext is refused and a
 * frame is not marked as opened, it is refused here too: the decoder does not rely on the stage before it. Source: gossip
 * specification, sections 2, 3 and 14.
 */
record Decode(Limits limits, RejectionLog rejections) implements InboundStep<Inbound> {
    @Override
    public String name() {
        return "Decode";
    }

    @Override
    public void on(Frame frame, WirePolicy policy, List<Inbound> out) {
        if (policy.refusesPlaintext() && !frame.sealed()) {
            refuse(frame, policy, Reason.PLAINTEXT, "it reached the decoder unopened");
            return;
        }
        List<Octets> parts = frame.parts();
        if (parts.isEmpty()) {
            decode(frame, frame.bytes(), policy, out);
        }
        for (int i = 0; i < parts.size(); i++) {
            decode(frame, parts.get(i), policy, out);
        }
        settle(frame, policy);
    }

    private void decode(Frame frame, Octets bytes, WirePolicy policy, List<Inbound> out) {
        try {
            Decoded decoded = SwimCodec.decode(bytes, limits);
            if (decoded instanceof Decoded.Malformed malformed) {
                fault(frame, policy, reason(frame, bytes, policy, malformed), malformed.detail());
            } else if (decoded instanceof Decoded.Message message) {
                judge(frame, policy, message.message(), out);
            }
        } catch (RuntimeException | StackOverflowError e) {
            // Here and not for the whole datagram: its other messages go on.
            failed(frame, policy, e);
        }
    }

    @Override
    public void failed(Frame frame, WirePolicy policy, Throwable failure) {
        fault(frame, policy, Reason.MALFORMED, InboundStep.text(name(), failure));
    }

    private void judge(Frame frame, WirePolicy policy, SwimMessage message, List<Inbound> out) {
        if (message instanceof SwimMessage.Err) {
            fault(frame, policy, Reason.TYPE, "message type 13 does not travel in datagrams");
        } else if (message instanceof SwimMessage.Alive alive && !isAllowed(frame, policy, alive)) {
            fault(frame, policy, Reason.NOT_ALLOWED, "it claims a member, or comes, from outside the allowed networks");
        } else {
            out.add(new Inbound(message, frame.source(), frame.sealed()));
            frame.accept();
        }
    }

    private static boolean isAllowed(Frame frame, WirePolicy policy, SwimMessage.Alive alive) {
        AllowList allowed = policy.allowed();
        return allowed.contains(frame.source().getAddress())
                && allowed.networks().allows(alive.address().ip());
    }

    /** A node without keys reads the version byte of a sealed datagram as a ping's type byte: say so. */
    private static Reason reason(Frame frame, Octets bytes, WirePolicy policy, Decoded.Malformed malformed) {
        boolean misread = !frame.sealed() && !policy.isKeyed() && !LooksPlain.test(bytes);
        return misread ? Reason.NO_KEY : malformed.reason();
    }
}
