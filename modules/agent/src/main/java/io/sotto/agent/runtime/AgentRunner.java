package io.sotto.agent.runtime;

import io.sotto.agent.config.LoadResult;
import java.io.PrintStream;
import java.util.function.Supplier;

/** Runs an agent until it is told to stop. Source: ours. */
@FunctionalInterface
public interface AgentRunner {

    /**
     * Runs on the calling thread's behalf and returns when the agent has stopped.
     *
     * @return the process's exit code: 0 after a graceful leave, 1 after a failed start or an abrupt end
     */
    int run(Start start);

    /** Called before the configuration is read, to make ready what does not depend on it. */
    default void prepare() {}

    /**
     * All that an agent is given.
     *
     * @param configuration settings, the embedded configuration, and warnings to log
     * @param reload reads the same files and flags again
     * @param out banner and log
     * @param err faults that prevent a start
     */
    record Start(LoadResult.Loaded configuration, Supplier<LoadResult> reload, PrintStream out, PrintStream err) {}
}
