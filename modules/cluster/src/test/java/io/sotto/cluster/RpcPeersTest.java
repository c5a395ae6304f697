package io.sotto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.pool.RpcPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RpcPeersTest {
    @Test
    void serversOfOtherDatacentersComeFromTheWanAndOwnOnesFromTheLan() {
        Map<String, String> server = Map.of("role", "consul", "dc", "dc1", "port", "8300");
        List<Member> lan = List.of(WanMembers.alive("a", "127.0.0.1", 8301, server));
        List<Member> wan = List.of(
                WanMembers.alive("a.dc1", "127.0.0.1", 8302, server),
                WanMembers.alive(
                        "b.dc2",
                        "127.0.0.2",
                        8302,
                        Map.of("role", "consul", "dc", "dc2", "port", "8310", "sotto", "1")),
                WanMembers.alive("c.dc2", "127.0.0.3", 8302, Map.of("role", "consul", "dc", "dc2", "port", "none")),
                WanMembers.alive("d.dc2", "127.0.0.4", 8302, Map.of("role", "x", "dc", "dc2", "sotto_rpc", "8300")),
                WanMembers.member(
                        "e.dc3",
                        "127.0.0.5",
                        8302,
                        Member.Status.FAILED,
                        Map.of("role", "consul", "dc", "dc3", "port", "8300")));

        assertThat(RpcPeers.of(lan, wan, "dc1"))
                .extracting(
                        RpcPeer::name,
                        RpcPeer::datacenter,
                        peer -> peer.address().getPort(),
                        RpcPeer::expected)
                .containsExactly(
                        tuple("a", "dc1", 8300, PeerRole.SERVER), tuple("b.dc2", "dc2", 8310, PeerRole.SERVER));
        assertThat(RpcPeers.of(lan, List.of(), "dc1")).hasSize(1);
    }
}
