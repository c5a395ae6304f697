/**
 * When and how the key of a pool is replaced: the actor that drives a rotation and survives being killed, the schedule, and
 * the budget of messages that one key may seal.
 *
 * <p>What comes next in a rotation is decided by {@link io.sotto.membership.rotation.RotationMachine}; files beside the ring's hold ids
 * of keys, never keys.
 */
@NullMarked
package io.sotto.gossip.rotation;

import org.jspecify.annotations.NullMarked;
