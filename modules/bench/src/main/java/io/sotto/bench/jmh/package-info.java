/**
 * Small pieces under JMH, one method each: {@code modules/bench/run jmh [PATTERN]}. Their classes are public and not final,
 * since the harness extends them.
 */
@NullMarked
package io.sotto.bench.jmh;

import org.jspecify.annotations.NullMarked;
