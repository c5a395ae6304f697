/**
 * Gossip's TCP exchanges: one request, at most one answer, then the connection is closed.
 *
 * <p>The framing is pure and lives in {@code io.sotto.wire.stream}; here are the connections around it, with their
 * deadlines and caps. A peer costs one connection of a counted number, its bytes as they arrive, and time up to a
 * deadline; nothing that it sends reaches further than its own connection.
 */
@NullMarked
package io.sotto.gossip.stream;

import org.jspecify.annotations.NullMarked;
