/**
 * yamux: many streams on one connection. Bytes that arrived go in, events and bytes to send come out; there is no socket, no
 * clock and no thread in here.
 *
 * <p>Source: RPC specification, section 2; the frames are those of HashiCorp's yamux, version 0.
 */
@NullMarked
package io.sotto.wire.yamux;

import org.jspecify.annotations.NullMarked;
