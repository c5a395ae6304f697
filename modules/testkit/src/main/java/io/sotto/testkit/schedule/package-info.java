/**
 * Random scenarios as data, and what runs them: members that are killed, held, cut off, slow or contested, links that lose
 * and refuse, clocks that jump; then everything heals, and all must agree in time. Every step is watched by every checker of
 * {@link io.sotto.testkit.invariant}.
 *
 * <p>Start at {@link io.sotto.testkit.schedule.Schedule#random} and {@link io.sotto.testkit.schedule.ScheduleRun}.
 */
@NullMarked
package io.sotto.testkit.schedule;

import org.jspecify.annotations.NullMarked;
