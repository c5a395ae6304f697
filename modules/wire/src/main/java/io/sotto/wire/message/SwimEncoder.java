package io.sotto.wire.message;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Optional;

/** The writing half of {@link SwimCodec}: every struct is a map with its keys in ascending order. */
final class SwimEncoder {
    private SwimEncoder() {}

    static byte[] encode(SwimMessage message) {
        MsgpackWriter out =
                new MsgpackWriter(expectedBytes(message)).octet(message.kind().code());
        return switch (message.kind()) {
            case PING -> ping(out, (SwimMessage.Ping) message).toByteArray();
            case INDIRECT_PING ->
                indirectPing(out, (SwimMessage.IndirectPing) message).toByteArray();
            case ACK -> ack(out, (SwimMessage.Ack) message).toByteArray();
            case SUSPECT -> {
                SwimMessage.Suspect suspect = (SwimMessage.Suspect) message;
                yield accusation(out, suspect, suspect.from()).toByteArray();
            }
            case ALIVE -> alive(out, (SwimMessage.Alive) message).toByteArray();
            case DEAD -> {
                SwimMessage.Dead dead = (SwimMessage.Dead) message;
                yield accusation(out, dead, dead.from()).toByteArray();
            }
            case USER -> out.append(((SwimMessage.User) message).body()).toByteArray();
            case NACK ->
                out.map(1)
                        .key("SeqNo")
                        .unsigned(((SwimMessage.Nack) message).seqNo())
                        .toByteArray();
            case ERR ->
                out.map(1)
                        .key("Error")
                        .text(((SwimMessage.Err) message).error())
                        .toByteArray();
        };
    }

    private static int expectedBytes(SwimMessage message) {
        return message instanceof SwimMessage.User user ? 1 + user.body().length() : 160;
    }

    private static MsgpackWriter ping(MsgpackWriter out, SwimMessage.Ping ping) {
        out.map(2 + sourceFields(ping.asker()));
        out.key("Node").text(ping.node());
        out.key("SeqNo").unsigned(ping.seqNo());
        return source(out, ping.asker());
    }

    private static MsgpackWriter indirectPing(MsgpackWriter out, SwimMessage.IndirectPing ping) {
        out.map(5 + sourceFields(ping.asker()));
        out.key("Nack").bool(ping.nack());
        out.key("Node").text(ping.node());
        out.key("Port").unsigned(ping.target().port());
        out.key("SeqNo").unsigned(ping.seqNo());
        source(out, ping.asker());
        return out.key("Target").bytesOrNil(ping.target().ip());
    }

    private static MsgpackWriter ack(MsgpackWriter out, SwimMessage.Ack ack) {
        out.map(2);
        out.key("Payload").bytesOrNil(ack.payload());
        return out.key("SeqNo").unsigned(ack.seqNo());
    }

    private static MsgpackWriter accusation(MsgpackWriter out, SwimMessage.Claim claim, String from) {
        out.map(3);
        out.key("From").text(from);
        out.key("Incarnation").unsigned(claim.incarnation());
        return out.key("Node").text(claim.node());
    }

    private static MsgpackWriter alive(MsgpackWriter out, SwimMessage.Alive alive) {
        out.map(6);
        out.key("Addr").bytesOrNil(alive.address().ip());
        out.key("Incarnation").unsigned(alive.incarnation());
        out.key("Meta").bytesOrNil(alive.meta());
        out.key("Node").text(alive.node());
        out.key("Port").unsigned(alive.address().port());
        return out.key("Vsn").bytesOrNil(alive.vsn());
    }

    /** Each of the three source fields is left out when it is empty. */
    private static int sourceFields(Optional<SwimMessage.Asker> asker) {
        return asker.map(a -> (a.address().ip().isEmpty() ? 0 : 1)
                        + (a.address().port() == 0 ? 0 : 1)
                        + (a.node().isEmpty() ? 0 : 1))
                .orElse(0);
    }

    private static MsgpackWriter source(MsgpackWriter out, Optional<SwimMessage.Asker> asker) {
        if (asker.isEmpty()) {
            return out;
        }
        SwimMessage.Asker source = asker.get();
        if (!source.address().ip().isEmpty()) {
            out.key("SourceAddr").bytes(source.address().ip());
        }
        if (!source.node().isEmpty()) {
            out.key("SourceNode").text(source.node());
        }
        if (source.address().port() != 0) {
            out.key("SourcePort").unsigned(source.address().port());
        }
        return out;
    }
}
