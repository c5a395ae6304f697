package io.sotto.cluster;

import com.typesafe.config.Config;
import io.sotto.rpc.link.LinkSettings;
import io.sotto.rpc.link.RpcDialect;
import io.sotto.rpc.pool.RpcPoolSettings;

/**
 * The {@code rpc} part of a {@code sotto} section.
 *
 * @param enabled whether this node takes calls
 * @param port where; 0 takes a free one
 * @param dialect whose callers it takes
 * @param links times and bounds of connections
 * @param pool times and bounds of calls
 */
record RpcSettings(boolean enabled, int port, RpcDialect dialect, LinkSettings links, RpcPoolSettings pool) {
    private static final int PORT_MAX = 65_535;

    RpcSettings {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port must be from 0 to " + PORT_MAX + ", not " + port);
        }
    }

    /** A server takes calls where servers do, whatever {@code rpc.enabled} says. */
    static RpcSettings from(Config section, Profile profile) {
        Config rpc = section.getConfig("rpc");
        boolean isServer = section.getBoolean("server") || profile == Profile.NOMAD;
        return new RpcSettings(
                isServer || rpc.getBoolean("enabled"),
                isServer ? section.getInt("ports.server") : rpc.getInt("port"),
                profile == Profile.NOMAD ? RpcDialect.NOMAD : RpcDialect.CONSUL,
                LinkSettings.from(rpc),
                RpcPoolSettings.from(rpc));
    }
}
