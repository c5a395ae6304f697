/**
 * One gossip pool as supervised actors around the pure protocol of {@code io.sotto.membership}.
 *
 * <p>{@link io.sotto.gossip.GossipPool} is the guardian; its javadoc draws the tree. Actors decide when and whom, the pure
 * machines decide what. Bytes are moved by the stages of {@code datapath} and {@code stream}; what several parties read
 * (members, keys, policy) is published as immutable snapshots, so that no packet waits for an answer.
 */
@NullMarked
package io.sotto.gossip;

import org.jspecify.annotations.NullMarked;
