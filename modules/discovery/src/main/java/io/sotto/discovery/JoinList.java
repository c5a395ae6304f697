package io.sotto.discovery;

import io.sotto.cluster.Member;
import io.sotto.wire.NodeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What of the addresses that were found is worth joining.
 *
 * @param addresses to try now
 * @param leftOut how many more there are, for other rounds
 */
record JoinList(List<String> addresses, int leftOut) {
    JoinList {
        addresses = List.copyOf(addresses);
    }

    /**
     * An address as discovery tells it.
     *
     * @param host a name or an IP address
     * @param address of the host, if it is known
     */
    record Found(String host, Optional<InetAddress> address, OptionalInt port) {}

    /**
     * @param found by discovery
     * @param members of the pool as this node sees it
     * @param self where this node gossips
     * @param port of all of them, whatever was found
     * @param most how many are tried at a time
     * @param round whose turn it is where they are more
     */
    static JoinList of(
            Collection<Found> found, List<Member> members, Member self, OptionalInt port, int most, long round) {
        Set<String> there = new LinkedHashSet<>();
        there.add(self.address().toString());
        boolean isAlone = true;
        for (Member member : members) {
            if (member.status() == Member.Status.ALIVE && !member.name().equals(self.name())) {
                there.add(member.address().toString());
                isAlone = false;
            }
        }
        Set<String> missing = new LinkedHashSet<>();
        for (Found one : found) {
            int gossip = port.orElse(one.port().orElse(self.address().port()));
            Optional<String> address = one.address()
                    .map(ip -> NodeAddress.of(new InetSocketAddress(ip, gossip)).toString());
            if (address.isPresent()) {
                missing.add(address.get());
            } else if (isAlone) {
                // Who that is, is known to a name server only; with others there, asking it each time leads to members.
                missing.add(one.host() + ":" + gossip);
            }
        }
        missing.removeAll(there);
        return turn(new ArrayList<>(missing), most, round);
    }

    private static JoinList turn(List<String> missing, int most, long round) {
        int count = Math.min(most, missing.size());
        List<String> now = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            now.add(missing.get((int) ((round * most + i) % missing.size())));
        }
        return new JoinList(now, missing.size() - count);
    }
}
