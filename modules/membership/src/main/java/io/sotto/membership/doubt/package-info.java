/**
 * What a node knows against its own verdicts: that it was paused, that it cannot hear.
 *
 * <p>Source: ours; Lifeguard, section IV.A, for the thought behind it.
 */
@NullMarked
package io.sotto.membership.doubt;

import org.jspecify.annotations.NullMarked;
