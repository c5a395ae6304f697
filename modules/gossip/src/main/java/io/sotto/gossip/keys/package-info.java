/**
 * The keyring of a pool: its file in the form that Serf and Consul share, and the actor that owns it.
 *
 * <p>Memory changes only after the file did, and the file holds either the old set of keys or the new one, never a part.
 */
@NullMarked
package io.sotto.gossip.keys;

import org.jspecify.annotations.NullMarked;
