package io.sotto.wire.message;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.Optional;

/**
 * The parts of a push/pull, which travels on streams only.
 *
 * <pre>
 *  +------+--------+--------------------+------------------
 *  |  06  | header | member records     | user state, raw
 *  +------+--------+--------------------+------------------
 * </pre>
 *
 * <p>A whole one is written at once and read part by part, as it arrives. Stateless. Source: gossip specification,
 * section 5.2.
 */
public final class PushPullCodec {
    /** The type byte. */
    public static final int TYPE = 6;

    private static final StructShape HEADER = StructShape.of("Nodes", "UserStateLen", "Join");
    private static final StructShape NODE =
            StructShape.of("Name", "Addr", "Port", "Meta", "Incarnation", "State", "Vsn");
    private static final NodeState[] STATES = NodeState.values();
    private static final int ANY_LENGTH = Integer.MAX_VALUE;
    private static final int EXPECTED_NODE_BYTES = 160;

    private PushPullCodec() {}

    /** What comes first: how many records follow, and how many bytes after them. Both are hostile and may be negative. */
    public record Header(long nodes, long userStateBytes, boolean join) {}

    /** The type byte and all parts. */
    public static byte[] encode(PushPull state) {
        MsgpackWriter out = new MsgpackWriter(64
                + EXPECTED_NODE_BYTES * state.nodes().size()
                + state.userState().length());
        out.octet(TYPE);
        writeHeader(out, new Header(state.nodes().size(), state.userState().length(), state.join()));
        for (PushPull.Node node : state.nodes()) {
            writeNode(out, node);
        }
        return out.append(state.userState()).toByteArray();
    }

    static void writeHeader(MsgpackWriter out, Header header) {
        out.map(3);
        out.key("Join").bool(header.join());
        out.key("Nodes").signed(header.nodes());
        out.key("UserStateLen").signed(header.userStateBytes());
    }

    static void writeNode(MsgpackWriter out, PushPull.Node node) {
        out.map(7);
        out.key("Addr").bytesOrNil(node.address().ip());
        out.key("Incarnation").unsigned(node.incarnation());
        out.key("Meta").bytesOrNil(node.meta());
        out.key("Name").text(node.name());
        out.key("Port").unsigned(node.address().port());
        out.key("State").signed(node.state().code());
        out.key("Vsn").bytesOrNil(node.vsn());
    }

    /** Reads the header; ask {@code in} whether it was one. */
    public static Header readHeader(MsgpackReader in) {
        long nodes = 0;
        long userStateBytes = 0;
        boolean join = false;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, HEADER)) {
                case 0 -> nodes = in.signed();
                case 1 -> userStateBytes = in.signed();
                case 2 -> join = in.bool();
                default -> in.skip();
            }
        }
        return new Header(nodes, userStateBytes, join);
    }

    /**
     * Reads one record; ask {@code in} whether it was one. Empty for a record that is well-formed but has no name, an
     * unknown state, or a value beyond its limits: such a record is left out, and the exchange goes on without it.
     */
    public static Optional<PushPull.Node> readNode(MsgpackReader in, Limits limits) {
        String name = "";
        Octets ip = Octets.empty();
        int port = 0;
        Octets meta = Octets.empty();
        long incarnation = 0;
        long state = 0;
        Octets vsn = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, NODE)) {
                case 0 -> name = in.text(ANY_LENGTH);
                case 1 -> ip = in.bytes(ANY_LENGTH);
                case 2 -> port = (int) in.unsigned(SwimDecoder.U16_MAX);
                case 3 -> meta = in.bytes(ANY_LENGTH);
                case 4 -> incarnation = in.unsigned(SwimDecoder.U32_MAX);
                case 5 -> state = in.signed();
                case 6 -> vsn = in.bytes(ANY_LENGTH);
                default -> in.skip();
            }
        }
        boolean isSound = !in.hasFailed()
                && !name.isEmpty()
                && WireText.encodedLength(name) <= limits.nameMaxBytes()
                && ip.length() <= SwimDecoder.IP_MAX_BYTES
                && meta.length() <= limits.metaMaxBytes()
                && vsn.length() <= SwimDecoder.VSN_MAX_BYTES
                && state >= 0
                && state < STATES.length;
        return isSound
                ? Optional.of(
                        new PushPull.Node(name, new NodeAddress(ip, port), meta, incarnation, STATES[(int) state], vsn))
                : Optional.empty();
    }
}
