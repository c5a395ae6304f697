package io.sotto.wire.message;

import io.sotto.wire.Octets;
import java.util.Map;

/**
 * Serf's tags, as they travel in a member's meta.
 *
 * <p>Source: gossip specification, section 16.12. Meta that is empty or does not begin with {@code ff} is the value of the
 * single tag {@code role}, the old form.
 */
public final class Tags {
    private Tags() {}

    /** The form of Serf protocol 3 and later: {@code ff}, then a map, in ascending order of its keys. */
    public static Octets encode(Map<String, String> tags) {
        return io.sotto.wire.Pending.body();
    }

    /** The form of Serf protocol 2: the bare value of the tag {@code role}; all other tags are lost. */
    public static Octets encodeRole(Map<String, String> tags) {
        return io.sotto.wire.Pending.body();
    }

    /** Reads either form. Of a map that breaks off, the entries read so far are kept. */
    public static Map<String, String> decode(Octets meta) {
        return io.sotto.wire.Pending.body();
    }
}
