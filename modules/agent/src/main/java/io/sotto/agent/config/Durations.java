package io.sotto.agent.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Durations as Go writes them ({@code 1m30s}, {@code 1.5s}, {@code 200ms}) or as HOCON does ({@code 30 seconds}); never
 * negative. Source: Go's time.ParseDuration, the HOCON specification.
 */
public final class Durations {
    private static final Map<String, Long> NANOS = Map.ofEntries(
            Map.entry("ns", 1L),
            Map.entry("us", 1_000L),
            Map.entry("µs", 1_000L),
            Map.entry("ms", 1_000_000L),
            Map.entry("millis", 1_000_000L),
            Map.entry("milliseconds", 1_000_000L),
            Map.entry("s", 1_000_000_000L),
            Map.entry("second", 1_000_000_000L),
            Map.entry("seconds", 1_000_000_000L),
            Map.entry("m", 60_000_000_000L),
            Map.entry("minute", 60_000_000_000L),
            Map.entry("minutes", 60_000_000_000L),
            Map.entry("h", 3_600_000_000_000L),
            Map.entry("hour", 3_600_000_000_000L),
            Map.entry("hours", 3_600_000_000_000L));

    private Durations() {}

    /** The duration, or empty if it is none. */
    public static Optional<Duration> parse(String text) {
        String rest = text.trim();
        if (rest.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (!rest.isEmpty()) {
            int digits = 0;
            while (digits < rest.length() && (Character.isDigit(rest.charAt(digits)) || rest.charAt(digits) == '.')) {
                digits++;
            }
            int unit = digits;
            while (unit < rest.length() && !Character.isDigit(rest.charAt(unit))) {
                unit++;
            }
            Long factor = NANOS.get(rest.substring(digits, unit).trim());
            String number = rest.substring(0, digits);
            if (factor == null
                    || number.isEmpty()
                    || number.length() > 18
                    || number.indexOf('.') != number.lastIndexOf('.')
                    || number.equals(".")) {
                return Optional.empty();
            }
            nanos = nanos.add(new BigDecimal(number).multiply(BigDecimal.valueOf(factor)));
            rest = rest.substring(unit);
        }
        if (text.isBlank() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(nanos.longValue()));
    }
}
