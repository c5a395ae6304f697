package io.sotto.wire.record;

import io.sotto.wire.Octets;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * A time as Go's binary form has it.
 *
 * <pre>
 *  0         1                       9               13                  15   (bytes, big-endian)
 *  +---------+-----------------------+---------------+-------------------+
 *  | 1       | seconds since year 1  | nanoseconds   | offset in minutes |
 *  +---------+-----------------------+---------------+-------------------+
 * </pre>
 *
 * <p>Source: RPC specification, section 3; Go's {@code time.Time.MarshalBinary}.
 *
 * @param instant when
 * @param offsetMinutes of the zone that it was written in, east of UTC; -1 for UTC itself
 */
public record GoTime(Instant instant, int offsetMinutes) {
    /** Go's zero time: the first of January of the year 1, UTC. */
    public static final GoTime ZERO = new GoTime(Instant.ofEpochSecond(-62_135_596_800L), -1);

    private static final long SECONDS_FROM_YEAR_1_TO_1970 = 62_135_596_800L;
    private static final int BYTES = 15;

    public GoTime {
        if (offsetMinutes < Short.MIN_VALUE || offsetMinutes > Short.MAX_VALUE) {
            throw new IllegalArgumentException("offsetMinutes takes 16 bits, not " + offsetMinutes);
        }
    }

    public static GoTime utc(Instant instant) {
        return new GoTime(instant, -1);
    }

    Octets toBytes() {
        return Octets.wrap(ByteBuffer.allocate(BYTES)
                .put((byte) 1)
                .putLong(instant.getEpochSecond() + SECONDS_FROM_YEAR_1_TO_1970)
                .putInt(instant.getNano())
                .putShort((short) offsetMinutes)
                .array());
    }

    /** Empty for what is no time, or one that a Java instant cannot hold. */
    static Optional<GoTime> ofBytes(Octets bytes) {
        if (bytes.length() != BYTES || bytes.at(0) != 1) {
            return Optional.empty();
        }
        ByteBuffer fields = bytes.asReadOnlyBuffer().position(1);
        long seconds = fields.getLong();
        int nanos = fields.getInt();
        try {
            long epochSecond = Math.subtractExact(seconds, SECONDS_FROM_YEAR_1_TO_1970);
            return nanos < 0 || nanos > 999_999_999
                    ? Optional.empty()
                    : Optional.of(new GoTime(Instant.ofEpochSecond(epochSecond, nanos), fields.getShort()));
        } catch (DateTimeException | ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    /** In the form of RFC 3339, as Go's JSON has it. */
    @Override
    public String toString() {
        if (offsetMinutes == -1 || Math.abs(offsetMinutes) > 18 * 60) {
            return instant.toString();
        }
        return OffsetDateTime.ofInstant(instant, ZoneOffset.ofTotalSeconds(offsetMinutes * 60))
                .toString();
    }

    /** Reads the form of RFC 3339. */
    static Optional<GoTime> parse(String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            int minutes = time.getOffset().getTotalSeconds() / 60;
            return Optional.of(new GoTime(time.toInstant(), text.endsWith("Z") ? -1 : minutes));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
