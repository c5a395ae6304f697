package io.sotto.agent.config;

import com.typesafe.config.Config;
import java.util.List;

/** What loading a configuration gives: settings, or all the reasons why not. Source: ours. */
public sealed interface LoadResult {

    /**
     * Everything is in order.
     *
     * @param settings what the agent itself needs
     * @param config the same and everything else, resolved, with the {@code reference.conf} of all modules beneath: what
     *     the actor system and the cluster module are started with; its {@code sotto.encrypt} is secret
     * @param warnings lines for the log, to be shown at WARN once it streams
     */
    record Loaded(AgentSettings settings, Config config, List<String> warnings) implements LoadResult {
        public Loaded {
            warnings = List.copyOf(warnings);
        }

        /** Without the configuration, which holds the key. */
        @Override
        public String toString() {
            return "Loaded[" + settings + ", " + warnings.size() + " warnings]";
        }
    }

    /**
     * Nothing may start.
     *
     * @param faults at least one; print them with {@link FaultReport}
     * @param warnings what else was noticed, such as files that were skipped
     */
    record Refused(List<Fault> faults, List<String> warnings) implements LoadResult {
        public Refused {
            faults = List.copyOf(faults);
            warnings = List.copyOf(warnings);
        }
    }
}
