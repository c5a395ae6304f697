/**
 * The gossip wire: everything that can be said about the bytes that memberlist and Serf members exchange.
 *
 * <p>This module is pure. It knows no socket, no thread, no clock and no global randomness: bytes, nonces and limits
 * come in as arguments, values go out. This package holds the few value types that every other package shares;
 * {@code message} holds the messages, {@code msgpack} their dialect, {@code lzw} the compression, {@code crypto} keys and
 * sealing, {@code packet} the datagram layers, and {@code stream} the framing of TCP exchanges.
 */
@NullMarked
package io.sotto.wire;

import org.jspecify.annotations.NullMarked;
