package io.sotto.wire.message;

import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.util.Collections;
import java.util.Map;

/**
 * Serf's tags, as they travel in a member's meta.
 *
 * <p>Source: gossip specification, section 16.12. Meta that is empty or does not begin with {@code ff} is the value of the
 * single tag {@code role}, the old form.
 */
public final class Tags {
    private static final int MAGIC = 0xff;
    private static final String ROLE = "role";
    private static final int EXPECTED_BYTES = 128;

    private Tags() {}

    /** The form of Serf protocol 3 and later: {@code ff}, then a map, in ascending order of its keys. */
    public static Octets encode(Map<String, String> tags) {
        MsgpackWriter out = new MsgpackWriter(EXPECTED_BYTES).octet(MAGIC);
        return SerfEncoder.tags(out, tags).toOctets();
    }

    /** The form of Serf protocol 2: the bare value of the tag {@code role}; all other tags are lost. */
    public static Octets encodeRole(Map<String, String> tags) {
        return WireText.encode(tags.getOrDefault(ROLE, ""));
    }

    /** Reads either form. Of a map that breaks off, the entries read so far are kept. */
    public static Map<String, String> decode(Octets meta) {
        if (meta.isEmpty() || meta.at(0) != MAGIC) {
            return Map.of(ROLE, WireText.decode(meta));
        }
        return Collections.unmodifiableMap(SerfDecoder.tags(new MsgpackReader(meta, 1, 1)));
    }
}
