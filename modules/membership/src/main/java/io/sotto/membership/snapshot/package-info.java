/**
 * What a node remembers of its pool from one life to the next: who was alive, and the Lamport times it had seen. Pure: lines
 * and changes go in, what is to be written comes out; reading and writing is somebody else's.
 *
 * <p>The lines are those of Serf's snapshot file, so that either can go on from the other's. Source: gossip specification,
 * section 17.8.
 */
@NullMarked
package io.sotto.membership.snapshot;

import org.jspecify.annotations.NullMarked;
