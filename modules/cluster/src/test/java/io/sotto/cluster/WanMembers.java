package io.sotto.cluster;

import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;

/** Members of pools as tests need them. */
final class WanMembers {
    private WanMembers() {}

    static Member alive(String name, String ip, int port, Map<String, String> tags) {
        return member(name, ip, port, Member.Status.ALIVE, tags);
    }

    static Member member(String name, String ip, int port, Member.Status status, Map<String, String> tags) {
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(ip, port)),
                tags,
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }
}
