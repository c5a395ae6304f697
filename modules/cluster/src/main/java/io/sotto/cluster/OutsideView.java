package io.sotto.cluster;

import io.sotto.cluster.upshift.Mend;
import io.sotto.cluster.upshift.OutsideEvidence;
import io.sotto.gossip.KeyFindings;
import io.sotto.gossip.datapath.Evidence;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.membership.upshift.trial.KeyFinding;
import io.sotto.membership.upshift.trial.OutsideGossip;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.pool.RpcPeer;
import io.sotto.wire.crypto.GossipKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What can be seen of members that give no report: of their gossip by trials and by what came from their addresses, of their TLS by
 * dialling those that are servers. Everybody else's TLS is unknown: who does not listen cannot be tried. Any thread.
 */
final class OutsideView implements OutsideEvidence {
    private final RunningPool pool;
    private final Function<RpcPeer, CompletionStage<TlsTrial.Found>> tls;
    private final String datacenter;

    /**
     * A view from the node of this pool.
     *
     * @param tls tries a server's port
     * @param datacenter of this node
     */
    OutsideView(RunningPool pool, Function<RpcPeer, CompletionStage<TlsTrial.Found>> tls, String datacenter) {
        this.pool = pool;
        this.tls = tls;
        this.datacenter = datacenter;
    }

    @Override
    public CompletionStage<SortedMap<String, Stand>> look(
            UpshiftKind kind, Optional<GossipKey> key, Collection<Member> members) {
        SortedMap<String, Stand> stands = new TreeMap<>();
        Map<String, Member> here = members.stream().collect(Collectors.toMap(Member::name, member -> member));
        here.values().stream()
                .filter(member -> member.status() == Member.Status.FAILED)
                .forEach(member -> stands.put(member.name(), failed(kind, member)));
        here.keySet().removeAll(stands.keySet());
        return switch (kind) {
            case GOSSIP -> gossip(key, here, stands);
            case TLS -> tls(here, stands);
        };
    }

    @Override
    public Optional<String> mend(UpshiftKind kind, String member, UpshiftStage target) {
        return pool.member(member).flatMap(known -> Mend.of(kind, known.tags(), datacenter, target));
    }

    private Stand failed(UpshiftKind kind, Member member) {
        return new Stand(
                UpshiftStage.NONE,
                Stand.Ground.UNKNOWN,
                Optional.empty(),
                Optional.of("has failed, and may come back as it went"),
                mend(kind, member, UpshiftStage.NONE));
    }

    private Optional<String> mend(UpshiftKind kind, Member member, UpshiftStage reached) {
        return reached == UpshiftStage.ENFORCED
                ? Optional.empty()
                : Mend.of(kind, member.tags(), datacenter, reached.above());
    }

    private CompletionStage<SortedMap<String, Stand>> gossip(
            Optional<GossipKey> key, Map<String, Member> members, SortedMap<String, Stand> stands) {
        if (members.isEmpty()) {
            return CompletableFuture.completedFuture(stands);
        }
        return pool.tryKey(key, Set.copyOf(members.keySet()))
                .exceptionally(late -> KeyFindings.none())
                .thenApply(findings -> {
                    Map<String, Evidence.Traffic> traffic = pool.state().evidence();
                    Instant now = pool.state().wall();
                    members.forEach((name, member) -> stands.put(
                            name,
                            stand(
                                    member,
                                    findings.byMember().getOrDefault(name, KeyFinding.unknown(now)),
                                    traffic.getOrDefault(name, Evidence.Traffic.none())
                                            .lastPlain(),
                                    now)));
                    return stands;
                });
    }

    private Stand stand(Member member, KeyFinding finding, Optional<Instant> lastPlain, Instant now) {
        UpshiftStage reached =
                OutsideGossip.stand(finding, lastPlain, now, Optional.empty()).stage();
        return OutsideGossip.stand(finding, lastPlain, now, mend(UpshiftKind.GOSSIP, member, reached));
    }

    private CompletionStage<SortedMap<String, Stand>> tls(
            Map<String, Member> members, SortedMap<String, Stand> stands) {
        CompletionStage<SortedMap<String, Stand>> all = CompletableFuture.completedFuture(stands);
        for (Member member : members.values()) {
            Optional<RpcPeer> server =
                    RpcPeers.peer(member, datacenter).filter(peer -> peer.expected() == PeerRole.SERVER);
            if (server.isEmpty()) {
                stands.put(member.name(), notListening(member));
                continue;
            }
            all = all.thenCombine(tls.apply(server.get()), (soFar, found) -> {
                UpshiftStage reached = TlsTrial.stand(found, Optional.empty()).stage();
                soFar.put(member.name(), TlsTrial.stand(found, mend(UpshiftKind.TLS, member, reached)));
                return soFar;
            });
        }
        return all;
    }

    private Stand notListening(Member member) {
        return new Stand(
                UpshiftStage.NONE,
                Stand.Ground.UNKNOWN,
                Optional.empty(),
                Optional.of("takes no calls that could show its TLS: somebody has to vouch for it"),
                mend(UpshiftKind.TLS, member, UpshiftStage.NONE));
    }
}
