package io.sotto.wire.message;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import java.util.Optional;

/**
 * One memberlist message as it travels in a datagram; {@link Ping}, {@link Ack}, {@link User} and {@link Err} also travel
 * on streams. The first byte on the wire is {@link Kind#code}.
 *
 * <p>{@code seqNo} and {@code incarnation} are unsigned 32-bit numbers, here 0 to 4,294,967,295. Names are bytes on the
 * wire; as strings they round-trip even when they are not UTF-8. Source: gossip specification, section 3.
 */
public sealed interface SwimMessage {
    /** The message types that can stand alone, with their type byte. */
    enum Kind {
        PING(0),
        INDIRECT_PING(1),
        ACK(2),
        SUSPECT(3),
        ALIVE(4),
        DEAD(5),
        USER(8),
        NACK(11),
        ERR(13);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    Kind kind();

    /** Something said about a member: it is alive, suspected, or gone. */
    sealed interface Claim extends SwimMessage {
        /** The member that the claim is about. */
        String node();

        long incarnation();
    }

    /** Who asked, as the message itself says; answers go there rather than to the packet's source. */
    record Asker(NodeAddress address, String node) {}

    /** Are you there? An empty {@code node} asks whoever listens. */
    record Ping(long seqNo, String node, Optional<Asker> asker) implements SwimMessage {
        public Ping {
            requireUnsigned("seqNo", seqNo);
        }

        @Override
        public Kind kind() {
            return Kind.PING;
        }
    }

    /** Ping {@code node} at {@code target} for me; with {@code nack}, tell me also when it does not answer. */
    record IndirectPing(long seqNo, NodeAddress target, String node, boolean nack, Optional<Asker> asker)
            implements SwimMessage {
        public IndirectPing {
            requireUnsigned("seqNo", seqNo);
        }

        @Override
        public Kind kind() {
            return Kind.INDIRECT_PING;
        }
    }

    /** I am here. The payload is Serf's network coordinate, or empty. */
    record Ack(long seqNo, Octets payload) implements SwimMessage {
        public Ack {
            requireUnsigned("seqNo", seqNo);
        }

        @Override
        public Kind kind() {
            return Kind.ACK;
        }
    }

    /** The member that you asked me to ping did not answer me either. */
    record Nack(long seqNo) implements SwimMessage {
        public Nack {
            requireUnsigned("seqNo", seqNo);
        }

        @Override
        public Kind kind() {
            return Kind.NACK;
        }
    }

    /** {@code from} could not reach {@code node}. */
    record Suspect(long incarnation, String node, String from) implements Claim {
        public Suspect {
            requireUnsigned("incarnation", incarnation);
        }

        @Override
        public Kind kind() {
            return Kind.SUSPECT;
        }
    }

    /** {@code node} lives at {@code address}; only the node itself raises its incarnation. */
    record Alive(long incarnation, String node, NodeAddress address, Octets meta, Octets vsn) implements Claim {
        public Alive {
            requireUnsigned("incarnation", incarnation);
        }

        @Override
        public Kind kind() {
            return Kind.ALIVE;
        }
    }

    /** {@code from} declares {@code node} gone; a node that says so of itself has left on purpose. */
    record Dead(long incarnation, String node, String from) implements Claim {
        public Dead {
            requireUnsigned("incarnation", incarnation);
        }

        public boolean isLeave() {
            return node.equals(from);
        }

        @Override
        public Kind kind() {
            return Kind.DEAD;
        }
    }

    /** Bytes for the layer above, which is Serf: see {@link SerfMessage}. */
    record User(Octets body) implements SwimMessage {
        @Override
        public Kind kind() {
            return Kind.USER;
        }
    }

    /** The answer to a stream request that could not be read. */
    record Err(String error) implements SwimMessage {
        @Override
        public Kind kind() {
            return Kind.ERR;
        }
    }

    private static void requireUnsigned(String name, long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(name + " " + value + " is not an unsigned 32-bit number");
        }
    }
}
