/**
 * The layers of a datagram, outermost first: label, seal (in {@code crypto}), checksum, compression, compound.
 *
 * <p>Each layer is a pure function in each direction; a stage is one call. Source: gossip specification, sections 3.1 to
 * 3.3, 4 and 8.
 */
@NullMarked
package io.sotto.wire.packet;

import org.jspecify.annotations.NullMarked;
