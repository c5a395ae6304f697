package io.sotto.bench.rpc;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** Settings of an actor system of a benchmark: the library's own, and nothing in the log but warnings. Source: ours. */
final class QuietConfig {
    static final Config QUIET = with(Map.of());

    private QuietConfig() {}

    static Config with(Map<String, Object> more) {
        return ConfigFactory.parseMap(more)
                .withFallback(ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING")))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
