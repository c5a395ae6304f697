/**
 * Push/pull: what to make of another member's whole view, and how to show ours.
 *
 * <p>Source: gossip specification, sections 9, 10.5 and 17.4.
 */
@NullMarked
package io.sotto.membership.merge;

import org.jspecify.annotations.NullMarked;
