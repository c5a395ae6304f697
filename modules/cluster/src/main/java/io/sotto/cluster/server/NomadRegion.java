package io.sotto.cluster.server;

import io.sotto.cluster.Member;
import io.sotto.cluster.MemberEvent;
import io.sotto.cluster.Pool;
import io.sotto.membership.query.SottoQuery;
import io.sotto.rpc.Endpoint;
import io.sotto.rpc.RpcAnswer;
import io.sotto.wire.Octets;
import io.sotto.wire.record.Codec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A region of Nomad's with nothing in it: tells the servers of other regions, which ask for the leader of each, which of the
 * sotto nodes in it leads, so that {@code nomad server members} finds one everywhere. Source: Nomad specification, section 4.
 */
public final class NomadRegion {
    private static final String REGION = "region";

    private NomadRegion() {}

    /** What others may call, by method. */
    public static Map<String, Endpoint> methods(Pool pool) {
        Codec<List<String>> texts = Codec.listOf(Codec.text());
        return Map.of(
                "Status.Ping", call -> now(Octets.hex("80")),
                "Status.Leader", call -> now(Codec.text().encode(leader(pool, region(pool.self())))),
                "Status.Peers", call -> now(texts.encode(peers(pool, region(pool.self())))));
    }

    /** Who leads a region of sotto nodes, as {@code ip:port}: the first of them by name. Empty if none is there. */
    public static String leader(Pool pool, String region) {
        return peers(pool, region).stream().findFirst().orElse("");
    }

    /** The sotto nodes that are alive in a region, by name, as {@code ip:port}. */
    public static List<String> peers(Pool pool, String region) {
        return pool.members().stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .filter(member -> member.tags().containsKey(SottoQuery.TAG))
                .filter(member -> region(member).equals(region))
                .map(NomadRegion::address)
                .toList();
    }

    /** The region of a member; empty for one that is none of Nomad's. */
    public static String region(Member member) {
        return member.tags().getOrDefault(REGION, "");
    }

    /**
     * Looks out for real servers in this node's region, which must never be: they take it for a peer.
     *
     * @param rival is told of each
     */
    public static void watch(ActorSystem<?> system, Pool pool, Consumer<Member> rival) {
        pool.memberEvents()
                .filter(event -> event.kind() == MemberEvent.Kind.JOINED || event.kind() == MemberEvent.Kind.UPDATED)
                .map(MemberEvent::member)
                .filter(member -> isRival(pool.self(), member))
                .runForeach(rival::accept, system);
    }

    static boolean isRival(Member self, Member other) {
        return "nomad".equals(other.tags().get("role"))
                && !other.tags().containsKey(SottoQuery.TAG)
                && region(self).equals(region(other));
    }

    private static CompletableFuture<RpcAnswer> now(Octets body) {
        return CompletableFuture.completedFuture(new RpcAnswer.Reply(body));
    }

    private static String address(Member self) {
        String ip = self.tags().getOrDefault("rpc_addr", "");
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + self.tags().getOrDefault("port", "");
    }
}
