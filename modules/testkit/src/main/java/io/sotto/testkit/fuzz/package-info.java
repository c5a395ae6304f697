/**
 * A structured fuzzer for everything that reads gossip: datagrams and streams in which one thing, or a few, is not what it
 * should be.
 *
 * <p>{@link io.sotto.testkit.fuzz.Fuzzer} is a pure function from a seed and an index to a case; a case says what it is and
 * what must become of it. Neither is learnt by asking the code under test: cases are built, so the builder knows. Start at
 * {@link io.sotto.testkit.fuzz.Fuzzer}.
 */
@NullMarked
package io.sotto.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
