/**
 * The agent's log: lines in the real agent's form on standard output, set up in code so that no configuration file is
 * looked for or parsed at start.
 */
@NullMarked
package io.sotto.agent.logging;

import org.jspecify.annotations.NullMarked;
