package io.sotto.cluster.server;

import io.sotto.membership.coordinate.Coordinate;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.StructShape;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network coordinates that agents sent, by node; whoever has sent none is known by gossip. Holds those of members only,
 * so it is no larger than the pool. Safe to use from every thread.
 */
final class CoordinateBook {
    private static final int NAME_MAX_BYTES = 4_096;
    private static final int DEPTH_MAX = 16;
    private static final StructShape SHAPE = StructShape.of("Coord", "Datacenter", "Node");
    private static final StructShape COORDINATE = StructShape.of("Adjustment", "Error", "Height", "Vec");

    private final Map<String, Coordinate> sent = new ConcurrentHashMap<>();
    private final ChangeIndex changes = new ChangeIndex();

    /** A coordinate as it was sent; it may be anything. */
    record Update(String datacenter, String node, Coordinate coordinate) {}

    static Optional<Update> decode(Octets body) {
        MsgpackReader reader = new MsgpackReader(body, 0, DEPTH_MAX);
        Coordinate coordinate = Coordinate.of(new double[0], 0, 0, 0);
        String datacenter = "";
        String node = "";
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            switch (header < 0 ? -1 : reader.field(header, i, SHAPE)) {
                case 0 -> coordinate = coordinate(reader);
                case 1 -> datacenter = reader.textOnly(NAME_MAX_BYTES);
                case 2 -> node = reader.textOnly(NAME_MAX_BYTES);
                default -> reader.skip();
            }
        }
        return reader.hasFailed() || header < 0
                ? Optional.empty()
                : Optional.of(new Update(datacenter, node, coordinate));
    }

    private static Coordinate coordinate(MsgpackReader reader) {
        double adjustment = 0;
        double error = 0;
        double height = 0;
        double[] vector = {};
        int header = reader.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header) && !reader.hasFailed(); i++) {
            switch (reader.field(header, i, COORDINATE)) {
                case 0 -> adjustment = reader.float64();
                case 1 -> error = reader.float64();
                case 2 -> height = reader.float64();
                case 3 -> vector = vector(reader);
                default -> reader.skip();
            }
        }
        return Coordinate.of(vector, error, adjustment, height);
    }

    private static double[] vector(MsgpackReader reader) {
        double[] vector = new double[reader.beginList(Coordinate.DIMENSIONS)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = reader.float64();
        }
        return vector;
    }

    /** Why it is not taken; empty if it could be. */
    static Optional<String> fault(Coordinate coordinate) {
        if (!coordinate.isPlausible()) {
            return Optional.of("invalid coordinate");
        }
        return coordinate.isCompatible(Coordinate.initial())
                ? Optional.empty()
                : Optional.of("incompatible coordinate");
    }

    void put(String node, Coordinate coordinate) {
        sent.put(node, coordinate);
        changes.changed(node);
    }

    void forget(String node) {
        if (sent.remove(node) != null) {
            changes.forgotten(node);
        }
    }

    Optional<Coordinate> of(String node) {
        return Optional.ofNullable(sent.get(node));
    }

    ChangeIndex changes() {
        return changes;
    }
}
