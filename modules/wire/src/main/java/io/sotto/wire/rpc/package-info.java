/**
 * The frame of a call: how a connection says what it carries, the headers of requests and responses, and where one msgpack
 * object ends and the next begins.
 *
 * <p>Source: RPC specification, sections 1 and 3.
 */
@NullMarked
package io.sotto.wire.rpc;

import org.jspecify.annotations.NullMarked;
