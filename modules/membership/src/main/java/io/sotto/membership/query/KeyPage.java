package io.sotto.membership.query;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Part of a member's ring, as sotto members tell each other: what Serf's listing cuts off has room in further pages.
 *
 * <pre>
 *   question   msgpack {From: number}
 *   answer     msgpack {From: number, Keys: [raw key, …], Of: number, Ring: 8 bytes}
 * </pre>
 *
 * <p>Holds secret bytes, which its text form never shows. Source: ours.
 *
 * @param from the place on the ring of the first key told; the primary key is at place 0
 * @param keys raw, in the order of the ring
 * @param of how many keys the ring has
 * @param ring tells this ring from what it was before a change; pages belong together that agree in it
 */
public record KeyPage(int from, List<Octets> keys, int of, Octets ring) {
    /** Keys that a ring may be said to have. */
    private static final int KEYS_MAX = 4_096;

    private static final int KEY_MAX_BYTES = 64;
    /** What the rest of an answer takes beside its keys, at most; and each key beside its bytes. */
    private static final int FRAME_BYTES = 48;

    private static final int KEY_HEADER_BYTES = 3;
    private static final StructShape ANSWER = StructShape.of("From", "Keys", "Of", "Ring");
    private static final StructShape QUESTION = StructShape.of("From");

    public KeyPage {
        keys = List.copyOf(keys);
    }

    /** The page from place {@code from} on, with as many keys as an answer of {@code maxBytes} has room for. */
    public static KeyPage of(List<Octets> ringKeys, Octets ring, int from, int maxBytes) {
        List<Octets> told = new ArrayList<>();
        int left = maxBytes - FRAME_BYTES;
        for (Octets key : ringKeys.subList(Math.min(from, ringKeys.size()), ringKeys.size())) {
            left -= key.length() + KEY_HEADER_BYTES;
            if (left < 0) {
                break;
            }
            told.add(key);
        }
        return new KeyPage(from, told, ringKeys.size(), ring);
    }

    /** The question for the page from place {@code from} on. */
    public static Octets question(int from) {
        MsgpackWriter out = new MsgpackWriter(FRAME_BYTES).map(1);
        out.key("From").unsigned(from);
        return out.toOctets();
    }

    /** The place that is asked for; empty for what is no such question. */
    public static Optional<Integer> asked(Octets question) {
        MsgpackReader in = new MsgpackReader(question, 0, 1);
        int from = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            if (in.field(header, i, QUESTION) == 0) {
                from = (int) in.unsigned(KEYS_MAX);
            } else {
                in.skip();
            }
        }
        return in.hasFailed() ? Optional.empty() : Optional.of(from);
    }

    /** As it travels. */
    public Octets encode() {
        MsgpackWriter out = new MsgpackWriter(FRAME_BYTES).map(4);
        out.key("From").unsigned(from);
        out.key("Keys").list(keys.size());
        keys.forEach(out::bytes);
        out.key("Of").unsigned(of);
        out.key("Ring").bytes(ring);
        return out.toOctets();
    }

    /** Empty for what is no such answer. */
    public static Optional<KeyPage> decode(Octets answer) {
        MsgpackReader in = new MsgpackReader(answer, 0, 2);
        int from = 0;
        List<Octets> keys = new ArrayList<>();
        int of = 0;
        Octets ring = Octets.empty();
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, ANSWER)) {
                case 0 -> from = (int) in.unsigned(KEYS_MAX);
                case 1 -> {
                    int count = in.beginList(KEYS_MAX);
                    for (int k = 0; k < count && !in.hasFailed(); k++) {
                        keys.add(in.bytes(KEY_MAX_BYTES));
                    }
                }
                case 2 -> of = (int) in.unsigned(KEYS_MAX);
                case 3 -> ring = in.bytes(KEY_MAX_BYTES);
                default -> in.skip();
            }
        }
        boolean plausible = !in.hasFailed() && from + keys.size() <= of;
        return plausible ? Optional.of(new KeyPage(from, keys, of, ring)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "KeyPage[" + keys.size() + " of " + of + " keys from " + from + "]";
    }
}
