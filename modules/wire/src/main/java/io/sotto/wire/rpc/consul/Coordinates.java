package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;
import io.sotto.wire.record.Name;
import io.sotto.wire.record.Nil;
import java.util.List;

/** Messages of {@code Coordinate}. */
public final class Coordinates {
    private Coordinates() {}

    /** A point in the space whose distances are round-trip times, in seconds. */
    public record Point(List<Double> vec, double error, double adjustment, double height) {
        public Point {
            vec = Nil.copy(vec);
        }
    }

    public record Update(String datacenter, String node, String segment, Point coord, String token) {
        /** Without the token, which is a secret. */
        @Override
        public String toString() {
            return "Update[datacenter=" + datacenter + ", node=" + node + ", segment=" + segment + ", coord=" + coord
                    + "]";
        }
    }

    public record Coordinate(String node, String segment, Point coord) {}

    public record Listing(
            List<Coordinate> coordinates, @Embedded QueryMeta meta) {
        public Listing {
            coordinates = Nil.copy(coordinates);
        }
    }

    /**
     * The servers of one datacenter, as the WAN pool has them.
     *
     * @param areaId {@code wan}
     */
    public record OfDatacenter(
            String datacenter, @Name("AreaID") String areaId, List<Coordinate> coordinates) {
        public OfDatacenter {
            coordinates = Nil.copy(coordinates);
        }
    }
}
