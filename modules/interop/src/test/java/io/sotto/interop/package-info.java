/**
 * Whether the whole of sotto, as it is built and documented, is what it says: against the real serf and Consul, and
 * against its own documentation.
 */
@NullMarked
package io.sotto.interop;

import org.jspecify.annotations.NullMarked;
