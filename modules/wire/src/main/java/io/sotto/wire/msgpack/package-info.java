/**
 * The msgpack dialect of the gossip wire: a reader that never fails by exception, and a writer.
 *
 * <p>Both know only what the messages need: structs as maps or lists, text, bytes, integers, booleans and doubles. Source:
 * gossip specification, section 2.
 */
@NullMarked
package io.sotto.wire.msgpack;

import org.jspecify.annotations.NullMarked;
