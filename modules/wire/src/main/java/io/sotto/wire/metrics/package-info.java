/**
 * What a metric is: its name, its kind and unit, its labels, and one value of it.
 *
 * <p>Values only: whoever counts keeps its own counters, and each module names its metrics in one enum and reads them from
 * there when asked. Nothing is registered anywhere.
 */
@NullMarked
package io.sotto.wire.metrics;

import org.jspecify.annotations.NullMarked;
