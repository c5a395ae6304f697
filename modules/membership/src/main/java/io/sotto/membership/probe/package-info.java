/**
 * The failure detector: whom to probe next, one probe from its ping to its verdict, and probes made for others.
 *
 * <p>Source: gossip specification, section 11; SWIM, section 3.1; Lifeguard, section IV.
 */
@NullMarked
package io.sotto.membership.probe;

import org.jspecify.annotations.NullMarked;
