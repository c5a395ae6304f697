package io.sotto.membership.coordinate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import io.sotto.membership.Vectors;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Coordinates as the real code encodes, measures and moves them. */
class CoordinateVectorTest {
    private static final double RELATIVE = 1e-12;

    @TestFactory
    Stream<DynamicTest> encodesAndReadsTheSamePayloadOfAnAck() {
        return Vectors.each("serf-coordinates.json", vector -> {
            Coordinate coordinate = coordinate(vector.input().get("coordinate"));
            Octets payload = Octets.hex(vector.expected().get("ack_payload").asText());
            assertThat(CoordinateCodec.encode(coordinate)).isEqualTo(payload);
            assertThat(CoordinateCodec.decode(payload)).isEqualTo(new CoordinateCodec.Decoded.Told(coordinate));
        });
    }

    @TestFactory
    Stream<DynamicTest> estimatesTheSameRoundTripInBothDirections() {
        return Vectors.each("serf-coordinate-distance.json", vector -> {
            Coordinate a = coordinate(vector.input().get("a"));
            Coordinate b = coordinate(vector.input().get("b"));
            Vectors.assertNumber(
                    vector.expected(), "distance_ns", a.distanceTo(b).toNanos());
            Vectors.assertNumber(
                    vector.expected(), "distance_ns", b.distanceTo(a).toNanos());
        });
    }

    /** The records build upon each other, so they are one test. */
    @TestFactory
    Stream<DynamicTest> movesAsTheRealOneDoes() {
        Map<String, Coordinate> peers = new HashMap<>();
        List<Vivaldi> client = new ArrayList<>();
        return Vectors.each("serf-vivaldi.json", vector -> {
            JsonNode input = vector.input();
            JsonNode after = vector.expected().get("after");
            if (vector.name().equals("start")) {
                input.fieldNames().forEachRemaining(name -> peers.put(name, coordinate(input.get(name))));
                peers.put("p3", Coordinate.of(new double[7], 1.5, 0, 1e-5));
                client.add(Vivaldi.at(coordinate(after), new SplittableRandom(1)));
                return;
            }
            Vivaldi.Update update = client.get(0)
                    .update(
                            input.get("node").asText(),
                            Objects.requireNonNull(peers.get(input.get("node").asText())),
                            Duration.ofNanos(input.get("rtt_ns").asLong()));
            assertThat(update != Vivaldi.Update.APPLIED)
                    .as("refused")
                    .isEqualTo(!vector.expected().get("error").asText().isEmpty());
            assertClose(client.get(0).own(), coordinate(after));
        });
    }

    private static void assertClose(Coordinate actual, Coordinate expected) {
        double[] have = actual.vector();
        double[] want = expected.vector();
        assertThat(have).hasSameSizeAs(want);
        for (int i = 0; i < want.length; i++) {
            assertClose("component " + i, have[i], want[i]);
        }
        assertClose("error", actual.error(), expected.error());
        assertClose("adjustment", actual.adjustment(), expected.adjustment());
        assertClose("height", actual.height(), expected.height());
    }

    private static void assertClose(String what, double actual, double expected) {
        assertThat(actual).as(what).isEqualTo(expected, offset(Math.abs(expected) * RELATIVE));
    }

    static Coordinate coordinate(JsonNode json) {
        double[] vector = new double[json.get("Vec").size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = json.get("Vec").get(i).asDouble();
        }
        return Coordinate.of(
                vector,
                json.get("Error").asDouble(),
                json.get("Adjustment").asDouble(),
                json.get("Height").asDouble());
    }
}
