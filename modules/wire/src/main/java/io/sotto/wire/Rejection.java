package io.sotto.wire;

import java.net.InetSocketAddress;

/**
 * Input that was refused: why, from whom, and how much. It is counted and sampled into the log; nothing else happens.
 *
 * @param reason the closed set of causes; each has its own counter
 * @param detail what exactly was wrong, for the log; never holds bytes of a key or of a message
 * @param source who sent it, as the socket says; for datagrams this can be forged
 * @param size bytes that arrived
 */
public record Rejection(Reason reason, String detail, InetSocketAddress source, int size) {

    /** Why input was refused. {@link #label} is its name in metrics and documents. */
    public enum Reason {
        /** Longer than a datagram may be, or empty. */
        SIZE("size"),
        /** The source, or the address claimed, is outside the allowed networks. */
        NOT_ALLOWED("not-allowed"),
        /** More than one source may send. */
        RATE("rate"),
        /** It asks us to send to an address that is no known member's. */
        THIRD_PARTY("third-party"),
        /** It speaks of members, and its sender is no member and has not answered a ping yet. */
        UNPROVEN("unproven"),
        /** No label where one is required, another label, or a malformed one. */
        LABEL("label"),
        /** Plaintext, or what reads as such, where encryption is enforced. */
        PLAINTEXT("plaintext"),
        /** No key on the ring opens it, it was altered, or it is too short to be sealed. */
        UNDECRYPTABLE("undecryptable"),
        /** Sealed and authentic, but it came before. */
        REPLAY("replay"),
        /** Sealed in a version of the envelope that is not allowed here. */
        VERSION("version"),
        /** Encrypted, but no key is configured here. */
        NO_KEY("no-key"),
        /** The checksum does not match. */
        CHECKSUM("checksum"),
        /** A compressed layer that cannot be unpacked. */
        COMPRESSION("compression"),
        /** A compound with a cut table or cut parts. */
        COMPOUND("compound"),
        /** Layers nested too deep. */
        NESTING("nesting"),
        /** Unpacks to more than is allowed. */
        EXPANSION("expansion"),
        /** A message type that is unknown, or not allowed where it arrived. */
        TYPE("type"),
        /** A message whose body is not what its type says. */
        MALFORMED("malformed"),
        /** A value outside its bounds: lengths, counts, versions, incarnations. */
        BOUNDS("bounds"),
        /** A claim that a rule of the pool turns away: another datacenter, an identity that is taken. */
        CLAIM("claim"),
        /** A stream that ended before its message did. */
        TRUNCATED("truncated"),
        /** A stream that took too long. */
        TIMEOUT("timeout"),
        /** Too many streams, or a full queue. */
        OVERLOAD("overload");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
