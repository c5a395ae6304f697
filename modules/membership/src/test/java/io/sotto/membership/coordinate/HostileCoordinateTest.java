package io.sotto.membership.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Seeds;
import io.sotto.wire.Octets;
import io.sotto.wire.msgpack.MsgpackWriter;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Peers that lie about where they are: whatever they say, our own coordinate stays one that others can use. */
class HostileCoordinateTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(20);
    private static final double[] NOWHERE = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1e300,
        61,
        -61
    };

    private final Vivaldi vivaldi = Vivaldi.create(new SplittableRandom(1));

    @Test
    void aCoordinateThatNobodyCanHaveMovesNothing() {
        vivaldi.update("honest", Coordinate.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 0.1, 0.001, 0.001), ROUND_TRIP);
        Coordinate before = vivaldi.own();
        for (double number : NOWHERE) {
            double[] vector = new double[Coordinate.DIMENSIONS];
            vector[3] = number;
            assertThat(update(Coordinate.of(vector, 1, 0, 1e-5))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
            vector[3] = 0;
            assertThat(update(Coordinate.of(vector, number, 0, 1e-5))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
            assertThat(update(Coordinate.of(vector, 1, number, 1e-5))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
            assertThat(update(Coordinate.of(vector, 1, 0, number))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
        }
        assertThat(vivaldi.own()).isEqualTo(before);
    }

    @Test
    void aNegativeErrorOrHeightIsRefusedSinceItWouldMultiplyTheForce() {
        double[] origin = new double[Coordinate.DIMENSIONS];
        assertThat(update(Coordinate.of(origin, -1.4999999, 0, 1e-5))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
        assertThat(update(Coordinate.of(origin, 1, 0, -1e-5))).isEqualTo(Vivaldi.Update.IMPLAUSIBLE);
    }

    @Test
    void otherDimensionsAreRefused() {
        for (int dimensions : new int[] {0, 7, 9, 64}) {
            assertThat(update(Coordinate.of(new double[dimensions], 1, 0, 1e-5)))
                    .isEqualTo(Vivaldi.Update.DIMENSIONS);
        }
        assertThat(vivaldi.own()).isEqualTo(Coordinate.initial());
    }

    @Test
    void aRoundTripOfMoreThanTenSecondsOrLessThanNoneIsRefused() {
        Coordinate peer = Coordinate.initial();
        assertThat(vivaldi.update("p", peer, Duration.ofSeconds(10))).isEqualTo(Vivaldi.Update.APPLIED);
        assertThat(vivaldi.update("p", peer, Duration.ZERO)).isEqualTo(Vivaldi.Update.APPLIED);
        for (Duration absurd : new Duration[] {
            Duration.ofSeconds(10).plusNanos(1), Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThat(vivaldi.update("p", peer, absurd)).isEqualTo(Vivaldi.Update.ROUND_TRIP);
        }
    }

    @Test
    void whoeverDrivesUsAwayIsForgottenWithTheReset() {
        // Right beside us, and far too late: the height explodes.
        assertThat(vivaldi.update("liar", beside(vivaldi.own(), 4), Duration.ofSeconds(10)))
                .isEqualTo(Vivaldi.Update.RESET);
        assertThat(vivaldi.own()).isEqualTo(Coordinate.initial());

        assertThat(vivaldi.update("honest", Coordinate.initial(), ROUND_TRIP)).isEqualTo(Vivaldi.Update.APPLIED);
    }

    @Test
    void ourCoordinateStaysPlausibleWhateverLiarsInvent() {
        Random random = Seeds.random();
        for (int round = 0; round < 20_000; round++) {
            Coordinate lie = random.nextBoolean() ? invented(random) : beside(vivaldi.own(), random.nextInt(61));
            vivaldi.update("liar" + random.nextInt(5), lie, Duration.ofNanos(random.nextLong(12_000_000_000L)));
            assertThat(vivaldi.own().isPlausible()).as("%s", vivaldi.own()).isTrue();
            assertThat(vivaldi.own().distanceTo(Coordinate.initial())).isLessThan(Duration.ofMinutes(6));
        }
    }

    @Test
    void payloadsThatAreNoCoordinateAreToldApart() {
        assertThat(CoordinateCodec.decode(Octets.empty())).isEqualTo(new CoordinateCodec.Decoded.Absent());
        assertThat(CoordinateCodec.decode(Octets.hex("02"))).isEqualTo(new CoordinateCodec.Decoded.Unknown(2));
        for (String hex : new String[] {"01", "01a131", "0181a356656391a131", "0184aa41646a7573746d656e74cb00"}) {
            assertThat(CoordinateCodec.decode(Octets.hex(hex)))
                    .as(hex)
                    .isInstanceOf(CoordinateCodec.Decoded.Malformed.class);
        }
        Octets manyDimensions =
                new MsgpackWriter(99).octet(1).map(1).key("Vec").list(60_000).toOctets();
        assertThat(CoordinateCodec.decode(manyDimensions)).isInstanceOf(CoordinateCodec.Decoded.Malformed.class);
    }

    @Test
    void anyBytesAreReadWithoutFailing() {
        Random random = Seeds.random();
        byte[] sound = CoordinateCodec.encode(Coordinate.initial()).toArray();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = sound.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Octets payload = Octets.copyOf(bytes, 0, random.nextInt(bytes.length + 1));
            if (CoordinateCodec.decode(payload) instanceof CoordinateCodec.Decoded.Told told) {
                vivaldi.update("peer", told.coordinate(), ROUND_TRIP);
            }
        }
        assertThat(vivaldi.own().isPlausible()).isTrue();
    }

    private Vivaldi.Update update(Coordinate theirs) {
        return vivaldi.update("liar", theirs, ROUND_TRIP);
    }

    /** As near as still has a direction. */
    private static Coordinate beside(Coordinate own, double height) {
        double[] vector = own.vector();
        vector[0] += vector[0] < 0 ? 1.1e-6 : -1.1e-6;
        return Coordinate.of(vector, 0, 0, height);
    }

    private static Coordinate invented(Random random) {
        double[] vector = new double[Coordinate.DIMENSIONS];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = invent(random);
        }
        return Coordinate.of(vector, Math.abs(invent(random)), invent(random), Math.abs(invent(random)));
    }

    private static double invent(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextDouble(-60, 60);
            case 2 -> random.nextGaussian() * 1e-6;
            default -> random.nextBoolean() ? 60 : -60;
        };
    }
}
