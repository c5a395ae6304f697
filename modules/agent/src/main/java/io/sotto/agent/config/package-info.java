/**
 * The agent's configuration: from files in four syntaxes and flags to one immutable {@link AgentSettings}.
 *
 * <p>Each file is read into a tree of {@link Node}s that know their file and line. {@link Schema} decides which keys exist
 * and of which type they are, {@link Layers} merges them as Consul does (scalars: last wins, lists append, maps merge),
 * and {@link Validation} turns the result into settings. Faults are collected from all of these before any is shown.
 */
@NullMarked
package io.sotto.agent.config;

import org.jspecify.annotations.NullMarked;
