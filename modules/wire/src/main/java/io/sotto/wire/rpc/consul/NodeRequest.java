package io.sotto.wire.rpc.consul;

import io.sotto.wire.record.Embedded;

/** Reads something of one node. */
public record NodeRequest(
        String datacenter, String node, @Embedded QueryOptions options) {}
