package io.sotto.wire.message;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;
import java.util.Optional;

/**
 * What Consul puts into the payload of a Serf user event: an event of an operator or an application, with whom it is meant
 * for. Its Serf name is {@code consul:event:} and the event's own name; other names that begin with {@code consul:} are
 * Consul's private notes. Immutable.
 *
 * <p>The filters are regular expressions, empty for everybody; who sends checks that they can be read. Source: gossip
 * specification, section 19.1; agent behaviour, section 7.
 *
 * @param id a UUID
 * @param name as the operator wrote it
 * @param nodeFilter on the node's name
 * @param serviceFilter on the names of services at the node
 * @param tagFilter on the tags of a service that matched
 * @param version of this form, 1
 */
public record ConsulEvent(
        String id,
        String name,
        Octets payload,
        String nodeFilter,
        String serviceFilter,
        String tagFilter,
        int version) {
    /** The form that this type writes. */
    public static final int VERSION = 1;

    private static final String PREFIX = "consul:event:";
    private static final StructShape SHAPE = StructShape.of("ID", "n", "p", "nf", "sf", "tf", "v");
    private static final int DEPTH_MAX = 4;
    private static final int VERSION_MAX = 0xff;

    /** The name under which Serf spreads the event. */
    public String serfName() {
        return PREFIX + name;
    }

    /** Whether a Serf event of this name carries one of Consul's. */
    public static boolean isNamed(String serfName) {
        return serfName.startsWith(PREFIX);
    }

    /** The payload of the Serf event. Consul writes texts and bytes of this struct in msgpack's newer forms. */
    public Octets encode() {
        int entries = 3
                + (payload.isEmpty() ? 0 : 1)
                + (nodeFilter.isEmpty() ? 0 : 1)
                + (serviceFilter.isEmpty() ? 0 : 1)
                + (tagFilter.isEmpty() ? 0 : 1);
        MsgpackWriter out = new MsgpackWriter(64 + payload.length()).map(entries);
        out.key("ID").shortText(id).key("n").shortText(name);
        filter(out, "nf", nodeFilter);
        if (!payload.isEmpty()) {
            out.key("p").binary(payload);
        }
        filter(out, "sf", serviceFilter);
        filter(out, "tf", tagFilter);
        return out.key("v").unsigned(version).toOctets();
    }

    private static void filter(MsgpackWriter out, String key, String filter) {
        if (!filter.isEmpty()) {
            out.key(key).shortText(filter);
        }
    }

    /** The event in a Serf event's payload, or empty if it holds none. */
    public static Optional<ConsulEvent> decode(Octets serfPayload) {
        MsgpackReader in = new MsgpackReader(serfPayload, 0, DEPTH_MAX);
        String id = "";
        String name = "";
        Octets payload = Octets.empty();
        String nodeFilter = "";
        String serviceFilter = "";
        String tagFilter = "";
        long version = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, SHAPE)) {
                case 0 -> id = in.text(SerfDecoder.ANY_LENGTH);
                case 1 -> name = in.text(SerfDecoder.ANY_LENGTH);
                case 2 -> payload = in.bytes(SerfDecoder.ANY_LENGTH);
                case 3 -> nodeFilter = in.text(SerfDecoder.ANY_LENGTH);
                case 4 -> serviceFilter = in.text(SerfDecoder.ANY_LENGTH);
                case 5 -> tagFilter = in.text(SerfDecoder.ANY_LENGTH);
                case 6 -> version = in.unsigned(VERSION_MAX);
                default -> in.skip();
            }
        }
        return in.hasFailed()
                ? Optional.empty()
                : Optional.of(new ConsulEvent(
                        id, name, payload, nodeFilter, serviceFilter, tagFilter, Math.toIntExact(version)));
    }
}
