/**
 * {@code sotto demo}: what the agents do, shown on this machine with real agents, real sockets and a fresh key.
 *
 * <p>{@link io.sotto.agent.demo.Demo} is the script; every step of it observes what it claims and fails by name when it
 * cannot within its time.
 */
@NullMarked
package io.sotto.agent.demo;

import org.jspecify.annotations.NullMarked;
