/**
 * LZW as the gossip wire has it: 8-bit literals, codes packed from the least significant bit on, 9 to 12 bits wide.
 *
 * <p>Source: gossip specification, section 3.2; Welch, "A technique for high-performance data compression", 1984.
 */
@NullMarked
package io.sotto.wire.lzw;

import org.jspecify.annotations.NullMarked;
