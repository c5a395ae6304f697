/** Threads that run tasks and wait for sockets: that neither is lost, and neither starves the other. */
@NullMarked
package io.sotto.rpc.loop;

import org.jspecify.annotations.NullMarked;
