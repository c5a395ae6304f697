package io.sotto.gossip;

import io.sotto.gossip.datapath.Evidence;
import io.sotto.membership.MemberRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Joins what came from addresses with the members that are at them. */
final class MemberTraffic {
    private MemberTraffic() {}

    /**
     * By name, this node left out. What came over streams that others opened shows the host only, so it counts for a member
     * that is alone on its host.
     */
    static SortedMap<String, Evidence.Traffic> join(MembersView members, Evidence evidence) {
        Map<InetAddress, Integer> onHost = new HashMap<>();
        for (MemberRecord member : members.records()) {
            member.address().socket().ifPresent(at -> onHost.merge(at.getAddress(), 1, Integer::sum));
        }
        SortedMap<String, Evidence.Traffic> joined = new TreeMap<>();
        for (MemberRecord member : members.records()) {
            if (!member.name().equals(members.self().name())) {
                Optional<InetSocketAddress> at = member.address().socket();
                joined.put(member.name(), at.map(to -> of(to, onHost, evidence)).orElseGet(Evidence.Traffic::none));
            }
        }
        return joined;
    }

    private static Evidence.Traffic of(InetSocketAddress at, Map<InetAddress, Integer> onHost, Evidence evidence) {
        Evidence.Traffic datagrams = evidence.of(at);
        return onHost.getOrDefault(at.getAddress(), 0) > 1
                ? datagrams
                : datagrams.and(evidence.of(new InetSocketAddress(at.getAddress(), 0)));
    }
}
