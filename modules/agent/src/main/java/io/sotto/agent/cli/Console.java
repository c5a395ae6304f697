package io.sotto.agent.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a verb may touch of the world.
 *
 * @param out what the user asked for
 * @param err progress of failures
 * @param environment the variables of the process
 * @param in what the process is given to read
 */
record Console(PrintStream out, PrintStream err, Map<String, String> environment, InputStream in) {
    /** With nothing to read. */
    Console(PrintStream out, PrintStream err, Map<String, String> environment) {
        this(out, err, environment, InputStream.nullInputStream());
    }
}
