/**
 * The framing of gossip's TCP exchanges, without any input or output: bytes in, messages out, and the reverse.
 *
 * <p>Source: gossip specification, sections 5 to 8.
 */
@NullMarked
package io.sotto.wire.stream;

import org.jspecify.annotations.NullMarked;
