package io.sotto.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One member of a pool under test: a process, and what an operator can do to it. A test's own thread calls it. */
interface PoolNode extends AutoCloseable {
    String name();

    Site site();

    /** Starts it, or starts it again after an end of any kind, and waits until it answers. */
    void start(List<String> seeds);

    default boolean isRunning() {
        return process().filter(NodeProcess::isAlive).isPresent();
    }

    /** The process that runs, or the last that ran; empty before the first start. */
    Optional<NodeProcess> process();

    /** Where all its output goes. */
    Path logFile();

    /** The pool as this node sees it. */
    Set<MemberLine> members();

    /** Leaves gracefully, by the node's own verb, and waits for its end. */
    void leave();

    /** {@code kill -9}. */
    default void kill() {
        process().orElseThrow().kill();
    }

    /** All that it wrote since its first start. */
    default String log() {
        return NodeProcess.text(logFile());
    }

    /** Ends it if it still runs. */
    @Override
    default void close() {
        if (isRunning()) {
            kill();
        }
    }
}
