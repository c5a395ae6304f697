package io.sotto.agent.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.Map;

/**
 * Fits Pekko's defaults to a small agent: few threads, one dispatcher, a slow tick, no shutdown hooks of its own.
 *
 * <p>The values are in {@code agent-pekko.conf}; they replace those of Pekko's {@code reference.conf} and give way to
 * everything that the operator wrote. Pure.
 */
final class SystemTuning {
    private static final String REFERENCE = "reference.conf";

    private SystemTuning() {}

    /** {@code loaded} with the agent's values wherever it only had a library's default. */
    static Config tune(Config loaded) {
        Config tuned = ConfigFactory.parseResources(SystemTuning.class, "agent-pekko.conf");
        for (Map.Entry<String, ConfigValue> value : tuned.entrySet()) {
            boolean byOperator = loaded.hasPath(value.getKey())
                    && !loaded.getValue(value.getKey()).origin().description().contains(REFERENCE);
            if (byOperator) {
                tuned = tuned.withoutPath(value.getKey());
            }
        }
        return tuned.withFallback(loaded).resolve();
    }
}
