/**
 * JSON as the agent needs it: a strict, bounded reader that knows lines, and a small tree with a writer.
 *
 * <p>It is our own because of two needs that no library met together: configuration faults in the words that Consul's
 * users know ("invalid character 'b' looking for beginning of object key string") with the line of every key, and a
 * start of the command-line verbs that loads almost nothing.
 */
@NullMarked
package io.sotto.agent.json;

import org.jspecify.annotations.NullMarked;
