package io.sotto.cluster.server;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.StructShape;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the endpoints look at in a request, whichever method it is for: a field that a method does not have is empty. Hostile
 * until it is here.
 *
 * @param datacenter whose; empty if it was not said
 * @param node whom it is about
 * @param filter an expression that results must satisfy
 * @param nodeMeta metadata that nodes must have
 * @param near the node that results are sorted by
 * @param minIndex the index that the caller knows; 0 not to wait
 * @param maxNanos how long to wait for a higher one; 0 for the usual time
 * @param name of an event
 * @param payload of an event
 */
record ReadRequest(
        String datacenter,
        String node,
        String filter,
        Map<String, String> nodeMeta,
        String near,
        long minIndex,
        long maxNanos,
        String name,
        Octets payload) {
    private static final int TEXT_MAX_BYTES = 4_096;
    private static final int PAYLOAD_MAX_BYTES = 64 * 1_024;
    private static final int NODE_META_MAX = 64;
    private static final int DEPTH_MAX = 16;

    private static final StructShape SHAPE = StructShape.of(
            "Datacenter",
            "Node",
            "Filter",
            "NodeMetaFilters",
            "Source",
            "MinQueryIndex",
            "MaxQueryTime",
            "Name",
            "Payload");
    private static final StructShape SOURCE = StructShape.of("Node");

    /** Empty if the body is not what any method takes. */
    static Optional<ReadRequest> decode(Octets body) {
        MsgpackReader reader = new MsgpackReader(body, 0, DEPTH_MAX);
        String datacenter = "";
        String node = "";
        String filter = "";
        Map<String, String> nodeMeta = Map.of();
        String near = "";
        long minIndex = 0;
        long maxNanos = 0;
        String name = "";
        Octets payload = Octets.empty();
        int header = reader.beginStruct();
        if (header < 0) {
            // A list stands for the fields in the order in which one certain struct has them.
            return Optional.empty();
        }
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            switch (reader.field(header, i, SHAPE)) {
                case 0 -> datacenter = reader.textOnly(TEXT_MAX_BYTES);
                case 1 -> node = reader.textOnly(TEXT_MAX_BYTES);
                case 2 -> filter = reader.textOnly(TEXT_MAX_BYTES);
                case 3 -> nodeMeta = texts(reader);
                case 4 -> near = source(reader);
                case 5 -> minIndex = reader.unsigned64();
                case 6 -> maxNanos = reader.signed();
                case 7 -> name = reader.textOnly(TEXT_MAX_BYTES);
                case 8 -> payload = reader.bytes(PAYLOAD_MAX_BYTES);
                default -> reader.skip();
            }
        }
        return reader.hasFailed()
                ? Optional.empty()
                : Optional.of(
                        new ReadRequest(datacenter, node, filter, nodeMeta, near, minIndex, maxNanos, name, payload));
    }

    private static Map<String, String> texts(MsgpackReader reader) {
        Map<String, String> texts = new TreeMap<>();
        int count = reader.beginMap(NODE_META_MAX);
        for (int i = 0; i < count && !reader.hasFailed(); i++) {
            String key = reader.textOnly(TEXT_MAX_BYTES);
            texts.put(key, reader.textOnly(TEXT_MAX_BYTES));
        }
        return texts;
    }

    private static String source(MsgpackReader reader) {
        String node = "";
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            if (reader.field(header, i, SOURCE) == 0 && header >= 0) {
                node = reader.textOnly(TEXT_MAX_BYTES);
            } else {
                reader.skip();
            }
        }
        return node;
    }
}
