/**
 * Calls of Consul's methods, typed: over any {@link io.sotto.rpc.RpcCaller}, with answers as records, and with requests that
 * people write as JSON.
 *
 * <p>Source: RPC specification, sections 5 to 8.
 */
@NullMarked
package io.sotto.rpc.consul;

import org.jspecify.annotations.NullMarked;
