/**
 * Benchmarks that print a target beside its limit: the same work with nothing around it, measured in the same run.
 *
 * <p>Absolute times differ from machine to machine, so each figure is the median of the ratios of pairs that alternate.
 * {@code modules/bench/run NAME} runs one; the last line it prints is one JSON object.
 */
@NullMarked
package io.sotto.bench;

import org.jspecify.annotations.NullMarked;
