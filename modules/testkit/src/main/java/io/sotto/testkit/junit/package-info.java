/** Simulations as JUnit 5 tests: seeds, and what to do with them. {@link io.sotto.testkit.junit.Simulation} is the way in. */
@NullMarked
package io.sotto.testkit.junit;

import org.jspecify.annotations.NullMarked;
