/**
 * The requests and answers of Consul's RPC port that agents use, as records whose components are the fields of the real ones,
 * in the order in which those declare them. {@link io.sotto.wire.rpc.consul.ConsulMethods} says which belong to which method.
 *
 * <p>Fields of newer versions are passed over when read, and never sent. Source: RPC specification, sections 4 and 5.
 */
@NullMarked
package io.sotto.wire.rpc.consul;

import org.jspecify.annotations.NullMarked;
