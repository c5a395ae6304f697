package io.sotto.rpc.tls;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How the files are watched.
 *
 * @param interval time between two looks; zero: they are not watched
 * @param settle how long changed files must stay as they are before they are tried
 * @param warnings with how much validity left a warning is written; daily from the last but two on
 */
public record TlsWatch(Duration interval, Duration settle, List<Duration> warnings) {
    public TlsWatch {
        warnings = warnings.stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** From the keys of {@code sotto.tls}. */
    public static TlsWatch of(Config tls) {
        return new TlsWatch(
                tls.getDuration("watch-interval"), tls.getDuration("settle"), tls.getDurationList("expiry-warnings"));
    }
}
