/**
 * The Lifeguard experiment: slow members, and whom they take with them.
 *
 * <p>Production actors in virtual time, under the settings of SWIM, of Lifeguard as memberlist ships it, and our own.
 * Source: performance notes, "The Lifeguard experiment"; arXiv 1707.00788, section V.
 */
@NullMarked
package io.sotto.bench.lifeguard;

import org.jspecify.annotations.NullMarked;
