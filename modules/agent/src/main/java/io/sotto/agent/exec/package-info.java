/**
 * Commands that an operator runs on other members' machines, in the protocol of Consul's agents: what the keys of a job are
 * called, how output is cut into chunks and put together again, and the executing side, which reads a job from the servers,
 * runs it with bounds, and writes back what it says. The initiating side's words are here too; the verb that speaks them is
 * the command line's. Source: agent behaviour, section 8.
 */
@NullMarked
package io.sotto.agent.exec;

import org.jspecify.annotations.NullMarked;
