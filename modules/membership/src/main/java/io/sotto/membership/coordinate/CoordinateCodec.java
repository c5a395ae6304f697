package io.sotto.membership.coordinate;

import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackReader;
import io.sotto.wire.msgpack.MsgpackWriter;
import io.sotto.wire.msgpack.StructShape;

/**
 * The payload of an ack: a version byte, then the coordinate of whoever answers.
 *
 * <pre>
 *  0        1                                                            (bytes)
 *  +--------+-----------------------------------------------------------+
 *  | vsn=1  | msgpack map: Adjustment, Error, Height, Vec (list), doubles |
 *  +--------+-----------------------------------------------------------+
 * </pre>
 *
 * <p>Pure and stateless. Source: gossip specification, section 18; Serf, ping_delegate.go.
 */
public final class CoordinateCodec {
    /** What a payload turned out to be. */
    public sealed interface Decoded {
        /** A coordinate, which may hold any numbers. */
        record Told(Coordinate coordinate) implements Decoded {}

        /** No payload: whoever answered keeps no coordinate. */
        record Absent() implements Decoded {}

        /** Of a version that we do not know. */
        record Unknown(int version) implements Decoded {}

        /** Not what its version promises. */
        record Malformed(String detail) implements Decoded {}
    }

    private static final int VERSION = 1;
    private static final int ENCODED_BYTES = 130;

    /** A list is not read further than this; of other than eight no use is made. */
    private static final int DIMENSIONS_MAX = 64;

    private static final int NESTING_MAX = 4;
    private static final StructShape SHAPE = StructShape.of("Vec", "Error", "Adjustment", "Height");

    private CoordinateCodec() {}

    public static Octets encode(Coordinate coordinate) {
        double[] vector = coordinate.vector();
        MsgpackWriter out = new MsgpackWriter(ENCODED_BYTES)
                .octet(VERSION)
                .map(4)
                .key("Adjustment")
                .float64(coordinate.adjustment())
                .key("Error")
                .float64(coordinate.error())
                .key("Height")
                .float64(coordinate.height())
                .key("Vec")
                .list(vector.length);
        for (double component : vector) {
            out.float64(component);
        }
        return out.toOctets();
    }

    /** Never throws. What follows the map is ignored. */
    public static Decoded decode(Octets payload) {
        if (payload.isEmpty()) {
            return new Decoded.Absent();
        }
        if (payload.at(0) != VERSION) {
            return new Decoded.Unknown(payload.at(0));
        }
        MsgpackReader in = new MsgpackReader(payload, 1, NESTING_MAX);
        double[] vector = new double[0];
        double error = 0;
        double adjustment = 0;
        double height = 0;
        int header = in.beginStruct();
        for (int i = 0; i < MsgpackReader.entries(header); i++) {
            switch (in.field(header, i, SHAPE)) {
                case 0 -> vector = vector(in);
                case 1 -> error = in.float64();
                case 2 -> adjustment = in.float64();
                case 3 -> height = in.float64();
                default -> in.skip();
            }
        }
        return in.hasFailed()
                ? new Decoded.Malformed(in.fault().detail())
                : new Decoded.Told(Coordinate.of(vector, error, adjustment, height));
    }

    private static double[] vector(MsgpackReader in) {
        double[] vector = new double[in.beginList(DIMENSIONS_MAX)];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = in.float64();
        }
        return vector;
    }
}
