/**
 * The snapshot of a pool on disk: whom this node knew to be alive and which Lamport times it had seen, so that it finds its
 * pool again after a crash without being told an address, and takes no old event for a new one.
 *
 * <p>What is written and when is decided by {@code io.sotto.membership.snapshot}; here is the file, and the actor that owns
 * it. A disk that fails costs the memory of the next life, never this one.
 */
@NullMarked
package io.sotto.gossip.snapshot;

import org.jspecify.annotations.NullMarked;
