package io.sotto.wire.record;

import io.sotto.wire.msgpack.MsgpackWriter;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations: nanoseconds on the wire and in trees; trees may also say {@code 10s}, {@code 1m30s} or {@code 150ms}. */
final class DurationCodec extends ValueCodec<Duration> {
    static final DurationCodec INSTANCE = new DurationCodec();

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration SHORTEST = Duration.ofNanos(Long.MIN_VALUE);
    private static final Pattern PART = Pattern.compile("(\\d{1,18})(ns|us|ms|s|m|h)");

    @Override
    Duration zero() {
        return Duration.ZERO;
    }

    @Override
    void write(MsgpackWriter writer, Duration value) {
        writer.signed(nanos(value));
    }

    @Override
    Duration read(RecordInput input) {
        long nanos = input.reader.signed();
        return nanos == 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    @Override
    Object toTree(Duration value) {
        return nanos(value);
    }

    @Override
    Duration fromTree(Object tree, String path) throws TreeException {
        if (tree instanceof Number) {
            return Duration.ofNanos(IntegerCodec.SIGNED.fromTree(tree, path));
        }
        if (tree instanceof String text) {
            return parse(text, path);
        }
        throw TreeException.expected(path, "a duration such as 10s, or nanoseconds", tree);
    }

    /** What is beyond the 292 years that the wire can say is cut off there. */
    private static long nanos(Duration value) {
        if (value.compareTo(LONGEST) >= 0) {
            return Long.MAX_VALUE;
        }
        return value.compareTo(SHORTEST) <= 0 ? Long.MIN_VALUE : value.toNanos();
    }

    private static Duration parse(String text, String path) throws TreeException {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int at = 0;
        try {
            while (part.find() && part.start() == at) {
                sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
                at = part.end();
            }
        } catch (ArithmeticException tooLong) {
            throw TreeException.expected(path, "a duration that 64 bits of nanoseconds can hold", text);
        }
        if (at == 0 || at < text.length() || sum.compareTo(LONGEST) > 0) {
            throw TreeException.expected(path, "a duration such as 10s", text);
        }
        return sum;
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ns" -> Duration.ofNanos(1);
            case "us" -> Duration.ofNanos(1_000);
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
    }
}
