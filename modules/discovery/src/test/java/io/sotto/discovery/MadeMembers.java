package io.sotto.discovery;

import io.sotto.cluster.Member;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.ProtocolVersions;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;

/** Members as a pool would list them. */
final class MadeMembers {
    private MadeMembers() {}

    static Member alive(String name, String ip, Map<String, String> tags) {
        return member(name, ip, Member.Status.ALIVE, tags);
    }

    static Member member(String name, String ip, Member.Status status, Map<String, String> tags) {
        return new Member(
                name,
                NodeAddress.of(new InetSocketAddress(ip, 8301)),
                tags,
                status,
                ProtocolVersions.CONSUL,
                1,
                Instant.EPOCH);
    }
}
