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
        SIZE(
                "size",
                "a datagram longer than one may be, or empty",
                "see what runs at that address: hardly a gossip member"),
        NOT_ALLOWED(
                "not-allowed",
                "the source, or the address that a member claims, is outside the allowed networks",
                "add its network if it belongs to the pool"),
        RATE("rate", "one source sends more than one may", "see what runs at that address"),
        THIRD_PARTY(
                "third-party",
                "it asks this node to send to an address that is no known member's",
                "see what runs at that address, or whether that member has just joined"),
        UNPROVEN(
                "unproven",
                "it speaks of members, and its sender is no member and has not answered a ping yet; while plaintext is accepted beside a key, any plaintext of that kind from who is no member",
                "nothing, if it just started; otherwise see whether datagrams reach that address from here"),
        LABEL(
                "label",
                "no label where one is required, another label, or a broken one",
                "compare the label on both sides; likely another pool"),
        PLAINTEXT(
                "plaintext",
                "plaintext where encryption is enforced; or a key query in the clear, which is never obeyed",
                "a key query in the clear is an attack or a real agent whose `encrypt_verify_outgoing` is off; else give that node the pool's key; while moving to encryption, turn `encrypt_verify_incoming` off"),
        UNDECRYPTABLE(
                "undecryptable",
                "sealed, but no key on the ring opens it: another key, or altered on the way",
                "compare keys, and install the missing one"),
        REPLAY(
                "replay",
                "sealed with a key of ours, but it came before, or its nonces are over",
                "nothing, if rare: the network doubles datagrams; if it goes on, somebody sends again what he recorded"),
        VERSION(
                "version",
                "sealed with a key of ours, but in version 0, whose padding nothing protects",
                "nothing; if a member of another kind really sends it, set `gossip.datapath.envelopes.accept-version-0`"),
        NO_KEY("no-key", "sealed, and this node has no key", "give this node the pool's key"),
        CHECKSUM("checksum", "the checksum does not match", "look at the network between the two, if it goes on"),
        COMPRESSION("compression", "a compressed layer that cannot be unpacked", "see what runs at that address"),
        COMPOUND(
                "compound",
                "a packet of several messages whose table or parts are cut",
                "see what runs at that address"),
        NESTING(
                "nesting",
                "layers within layers, deeper than any member sends",
                "treat the sender as hostile or broken"),
        EXPANSION("expansion", "unpacks to more than is allowed", "treat the sender as hostile or broken"),
        TYPE(
                "type",
                "a message type that is not known, or not one for where it came",
                "see which version runs at that address"),
        MALFORMED("malformed", "a message whose body is not what its type says", "see what runs at that address"),
        BOUNDS(
                "bounds",
                "a value outside its bounds: a length, a count, a version, an incarnation",
                "treat the sender as hostile or broken"),
        CLAIM(
                "claim",
                "a claim that a rule of the pool turns away: another datacenter, or a name or address that is taken",
                "keep the two pools apart, or rename the node"),
        TRUNCATED("truncated", "a stream that ended before its message did", "look at that node's log, if it goes on"),
        TIMEOUT("timeout", "a stream that took too long", "look at that node's load, and at the network between"),
        OVERLOAD(
                "overload",
                "more connections, or more waiting bytes, than are taken at once",
                "if it is wanted traffic, raise the limit in [settings](settings.md)");

        private final String label;
        private final String meaning;
        private final String remedy;

        Reason(String label, String meaning, String remedy) {
            this.label = label;
            this.meaning = meaning;
            this.remedy = remedy;
        }

        public String label() {
            return label;
        }

        /** What was wrong with the input, for people; Markdown, a part of a sentence. */
        public String meaning() {
            return meaning;
        }

        /** What an operator does about it, in the same form. */
        public String remedy() {
            return remedy;
        }
    }
}
