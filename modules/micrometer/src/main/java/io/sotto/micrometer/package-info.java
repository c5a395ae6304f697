/**
 * Hands the figures of a node to Micrometer, and through it to whatever monitoring system an application has. They are those of
 * docs/reference/metrics.md, under the same names.
 */
@NullMarked
package io.sotto.micrometer;

import org.jspecify.annotations.NullMarked;
