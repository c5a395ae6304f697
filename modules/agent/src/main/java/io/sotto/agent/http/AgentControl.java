package io.sotto.agent.http;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** What the API may ask of the agent around the pool. Called from any thread; nothing blocks. */
public interface AgentControl {
    /** What came of a reload. */
    sealed interface Reloaded {
        /**
         * The files were read again and what can change at run time did. No text holds a key.
         *
         * @param changed what took effect, with the new values
         * @param afterRestart what differs and takes effect only after a restart, by name
         * @param remarks what the operator should know besides
         */
        record Applied(List<String> changed, List<String> afterRestart, List<String> remarks) implements Reloaded {
            public Applied {
                changed = List.copyOf(changed);
                afterRestart = List.copyOf(afterRestart);
                remarks = List.copyOf(remarks);
            }

            /** Nothing differs. */
            public Applied() {
                this(List.of(), List.of(), List.of());
            }
        }

        /**
         * Nothing changed.
         *
         * @param reason for the operator
         */
        record Refused(String reason) implements Reloaded {}
    }

    /** Reads the configuration again. */
    CompletionStage<Reloaded> reload();

    /**
     * Leaves the pool; completes when the leave has spread. The process ends with code 0 soon after, once answers under
     * way have been sent.
     */
    CompletionStage<Done> leave();
}
