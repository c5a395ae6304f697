package io.sotto.interop;

import java.util.List;
import java.util.Set;

/** One member of a pool under test: a process, and what an operator can do to it. A test's own thread calls it. */
interface PoolNode extends AutoCloseable {
    String name();

    Site site();

    /** Starts it, or starts it again after an end of any kind, and waits until it answers. */
    void start(List<String> seeds);

    boolean isRunning();

    /** The pool as this node sees it. */
    Set<MemberLine> members();

    /** Leaves gracefully, by the node's own verb, and waits for its end. */
    void leave();

    /** {@code kill -9}. */
    void kill();

    /** All that it wrote since its first start. */
    String log();

    /** Ends it if it still runs. */
    @Override
    void close();
}
