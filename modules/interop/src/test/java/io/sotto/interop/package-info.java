/**
 * Whether the whole of sotto, as it is built and documented, is what it says: against its own documentation, and against
 * the real serf and Consul. For the latter, sotto agents and real ones are members of one pool, each a process of its own on
 * loopback, seen only through what an operator has: command lines, the HTTP API, and logs. Without the real programs those
 * tests are skipped; {@code modules/interop/peers/fetch} gets them.
 */
@NullMarked
package io.sotto.interop;

import org.jspecify.annotations.NullMarked;
