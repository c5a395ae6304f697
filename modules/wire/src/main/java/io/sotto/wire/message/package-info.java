/**
 * The messages of memberlist and of Serf as values, and the codec between them and their bytes.
 *
 * <p>Both families are sealed and carry an enum {@code kind()}, so that every switch over them is exhaustive. Source:
 * gossip specification, sections 3, 5 and 16.
 */
@NullMarked
package io.sotto.wire.message;

import org.jspecify.annotations.NullMarked;
