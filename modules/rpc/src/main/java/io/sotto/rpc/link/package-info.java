/**
 * One connection each, from either side: TLS, yamux and net/rpc as plain objects of one owner, put together in one stage on
 * the thread that waits for the socket. A call crosses no asynchronous boundary on its way from the socket to whoever waits
 * for it.
 */
@NullMarked
package io.sotto.rpc.link;

import org.jspecify.annotations.NullMarked;
