/**
 * The running agent: an actor system tuned for a small process, the node in it, its HTTP API, and the signals of the
 * operating system.
 *
 * <p>{@link io.sotto.agent.runtime.AgentNode} is an agent without a process around it, of which several fit into one JVM;
 * {@link io.sotto.agent.runtime.AgentProcess} is the one that {@code sotto agent} runs and decides the exit code.
 */
@NullMarked
package io.sotto.agent.runtime;

import org.jspecify.annotations.NullMarked;
