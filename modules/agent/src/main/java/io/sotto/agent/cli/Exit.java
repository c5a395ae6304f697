package io.sotto.agent.cli;

/** What the exit code of a verb means. Where the real tool is known to use 1 or 2 for a case, that is kept. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** Done for some, not for all; for {@code members}, as in the real tool: no member matched. */
    static final int PARTIAL = 2;

    static final int USAGE = 3;
    static final int UNREACHABLE = 4;
    /** The agent refused it to who shows this token, or none. */
    static final int NOT_PERMITTED = 5;

    private Exit() {}
}
