package io.sotto.agent.http;

import io.sotto.agent.config.AgentSettings;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** What the agent logs, as it logs it. */
@FunctionalInterface
public interface LogLines {
    /** The last lines and each new one, from this level on; each with the newline at its end. Never ends by itself. */
    Source<String, NotUsed> from(AgentSettings.LogLevel level);
}
