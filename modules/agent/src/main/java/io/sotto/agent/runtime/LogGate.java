package io.sotto.agent.runtime;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Holds back what the log writes to standard output until the banner has been printed, as the real agent does.
 *
 * <p>One gate at a time, used by the thread that starts the agent; writers may be on any thread. What was held back appears
 * in order when the gate opens, also when the start failed.
 */
final class LogGate implements AutoCloseable {
    private final PrintStream original = System.out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    private LogGate() {}

    /** From now on standard output is held back. */
    static LogGate shut() {
        LogGate gate = new LogGate();
        System.setOut(new PrintStream(gate.held, true, StandardCharsets.UTF_8));
        return gate;
    }

    /** Lets through what was held back and everything after it. Idempotent. */
    @Override
    public void close() {
        synchronized (held) {
            System.setOut(original);
            original.print(held.toString(StandardCharsets.UTF_8));
            original.flush();
            held.reset();
        }
    }
}
