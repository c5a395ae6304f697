/**
 * What must hold in every pool at every moment, whatever happens to its members and links, as checkers that look at the
 * published views after each step of a simulation.
 *
 * <p>{@link io.sotto.testkit.invariant.Watch} is shown a {@link io.sotto.testkit.invariant.Moment} after each step and
 * tells each {@link io.sotto.testkit.invariant.Invariant} what has changed in whose eyes. What was done to members and
 * links, and so counts as a cause, is written into {@link io.sotto.testkit.invariant.Disturbances} by whoever does it.
 * Nothing here knows how the pools run: a history written by hand can be checked as well.
 */
@NullMarked
package io.sotto.testkit.invariant;

import org.jspecify.annotations.NullMarked;
