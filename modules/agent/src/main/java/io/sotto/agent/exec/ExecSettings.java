package io.sotto.agent.exec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * Whether commands of others are run here, and how much of them.
 *
 * @param enabled off unless an operator says otherwise
 * @param jobsMax how many at a time
 * @param timeout for how long each
 * @param outputMaxBytes how much output of each is kept
 */
public record ExecSettings(boolean enabled, int jobsMax, Duration timeout, long outputMaxBytes) {
    private static final int JOBS_MOST = 1_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Chunks are numbered in five digits. */
    private static final long OUTPUT_MOST_BYTES = 1L << 30;

    /** @throws ConfigException for a bound that is none */
    public ExecSettings {
        check("jobs-max", jobsMax >= 1 && jobsMax <= JOBS_MOST, "1 to " + JOBS_MOST);
        check("timeout", timeout.compareTo(SHORTEST) >= 0, "1s or more");
        check("output-max", outputMaxBytes >= 0 && outputMaxBytes <= OUTPUT_MOST_BYTES, "at most 1 GiB");
    }

    private static void check(String key, boolean fits, String range) {
        if (!fits) {
            throw new ConfigException.BadValue("remote-exec." + key, "must be " + range);
        }
    }

    /** From a whole {@code sotto} section. */
    public static ExecSettings of(Config sotto) {
        Config exec = sotto.getConfig("remote-exec");
        return new ExecSettings(
                !sotto.getBoolean("disable-remote-exec"),
                exec.getInt("jobs-max"),
                exec.getDuration("timeout"),
                exec.getBytes("output-max"));
    }
}
