package io.sotto.agent.config;

import com.typesafe.config.Config;

/**
 * How much of the HTTP API a stranger can take.
 *
 * @param watchersMax how many may watch {@code /v1/events} at a time
 * @param watcherBuffer how many changes wait for one of them
 * @param kvValueMaxBytes the largest value of a key that is taken
 */
public record HttpLimits(int watchersMax, int watcherBuffer, long kvValueMaxBytes) {
    private static final long VALUE_MAX = 500L << 20;

    /** @throws IllegalArgumentException for a number out of its range, by its setting */
    public HttpLimits {
        within("watchers-max", watchersMax, 0, 10_000);
        within("watcher-buffer", watcherBuffer, 1, 65_536);
        within("kv-max-value-size", kvValueMaxBytes, 1, VALUE_MAX);
    }

    /** What stands under {@code http} in a {@code sotto} section. */
    public static HttpLimits of(Config section) {
        Config http = section.getConfig("http");
        return new HttpLimits(
                http.getInt("watchers-max"), http.getInt("watcher-buffer"), http.getLong("kv-max-value-size"));
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "http." + key + " must be between " + least + " and " + most + ", not " + value);
        }
    }
}
