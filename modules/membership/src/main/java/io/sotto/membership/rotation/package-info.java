/**
 * How the key of a pool is replaced by a new one without a moment at which two members cannot read each other: a machine
 * that is told what members answer and who is there, and says which key operation comes next.
 *
 * <p>Pure: keys are ids here, time and the list of members are arguments. Source: gossip specification, section 17.7, for the
 * operations and their order; what happens when a member is away, lacks a key, or another rotation is under way is ours.
 */
@NullMarked
package io.sotto.membership.rotation;

import org.jspecify.annotations.NullMarked;
