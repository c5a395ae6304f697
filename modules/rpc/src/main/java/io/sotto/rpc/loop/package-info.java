/**
 * Threads that run actors and, when those rest, wait for their sockets: a dispatcher made of them gives a stage its socket
 * without a hop to another thread.
 */
@NullMarked
package io.sotto.rpc.loop;

import org.jspecify.annotations.NullMarked;
