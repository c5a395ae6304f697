package io.sotto.cluster;

import io.sotto.cluster.upshift.Roll;
import io.sotto.cluster.upshift.UpshiftCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The members of the LAN pool, and of the WAN pool those of other datacenters: they share its key, so that they count, but nobody
 * here may order them.
 */
record PoolRoll(Pool lan, Optional<? extends Pool> wan, String datacenter) implements Roll {
    @Override
    public String self() {
        return lan.self().name();
    }

    @Override
    public List<Member> members() {
        List<Member> all = new ArrayList<>(lan.members());
        wan.ifPresent(pool ->
                pool.members().stream().filter(member -> !isHere(member)).forEach(all::add));
        return all;
    }

    @Override
    public Optional<UpshiftCarrier.Place> place(Member member) {
        return RpcPeers.peer(member, datacenter)
                .filter(peer -> peer.isSotto() && isHere(member))
                .map(peer -> new UpshiftCarrier.Place(member.name(), peer.address(), peer.expected(), datacenter));
    }

    /** Nobody who says of himself that he is elsewhere is asked; whoever says nothing is a member of this pool. */
    private boolean isHere(Member member) {
        return member.tags()
                .getOrDefault("dc", datacenter)
                .toLowerCase(Locale.ROOT)
                .equals(datacenter);
    }
}
