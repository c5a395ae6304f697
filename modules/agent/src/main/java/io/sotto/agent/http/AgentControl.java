package io.sotto.agent.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** What the API may ask of the agent around the pool. Called from any thread; nothing blocks. */
public interface AgentControl {
    /** What came of a reload. */
    sealed interface Reloaded {
        /** The files were read again and what can change at run time did. */
        record Applied() implements Reloaded {}

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
