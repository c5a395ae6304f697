package io.sotto.agent.cli;

import java.io.PrintStream;
import java.util.Map;

/**
 * What a verb may touch of the world.
 *
 * @param out what the user asked for
 * @param err progress of failures
 * @param environment the variables of the process
 */
record Console(PrintStream out, PrintStream err, Map<String, String> environment) {}
