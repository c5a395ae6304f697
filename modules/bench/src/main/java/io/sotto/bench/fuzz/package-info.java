/**
 * The fuzz run: hostile datagrams and streams by the hundred thousand against an agent in a process of its own, and what is
 * claimed about it afterwards.
 *
 * <p>{@code modules/bench/run fuzz -n 50000} runs it. What is sent comes from {@code io.sotto.testkit.fuzz}; this package
 * starts the agent, sends, counts, and holds the counts against each other.
 */
@NullMarked
package io.sotto.bench.fuzz;

import org.jspecify.annotations.NullMarked;
