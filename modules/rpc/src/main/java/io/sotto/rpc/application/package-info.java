/**
 * Calls between the members of a pool in the types of an application: a {@link io.sotto.rpc.application.RpcMethod method} has
 * a name and two codecs; who serves it is asked by one request and answers with one value or with a stream of them.
 */
@NullMarked
package io.sotto.rpc.application;

import org.jspecify.annotations.NullMarked;
