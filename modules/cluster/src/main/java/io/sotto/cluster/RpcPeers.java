package io.sotto.cluster;

import io.sotto.membership.query.SottoQuery;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.pool.RpcPeer;
import io.sotto.rpc.pool.RpcPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells the connections of a node whom there is to call, as the pool's members change. Keeps nothing: whatever it missed is
 * in the next list.
 */
final class RpcPeers {
    /** Where a member that is no server of Consul's takes calls. */
    static final String PORT_TAG = "sotto_rpc";

    /** Set by members that take TLS there. */
    static final String TLS_TAG = "sotto_tls";

    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int PORT_MAX = 65_535;

    /** Many members change at once when pools merge. */
    private static final Duration SETTLING = Duration.ofMillis(20);

    private RpcPeers() {}

    /** What this actor is told. */
    sealed interface Command {}

    private record Happened(MemberEvent event) implements Command {}

    private enum Settled implements Command {
        INSTANCE
    }

    /** @param datacenter of this node, and of all who do not say */
    static Behavior<Command> create(Pool lan, String datacenter, ActorRef<RpcPool.Command> connections) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            lan.subscribe(context.messageAdapter(MemberEvent.class, Happened::new));
            return Behaviors.receive(Command.class)
                    .onMessage(Happened.class, happened -> {
                        // The first of many is told at once, the others when they are all there.
                        if (!timers.isTimerActive(Settled.INSTANCE)) {
                            connections.tell(new RpcPool.Peers(of(lan.members(), datacenter)));
                            timers.startSingleTimer(Settled.INSTANCE, SETTLING);
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Settled.class, settled -> {
                        connections.tell(new RpcPool.Peers(of(lan.members(), datacenter)));
                        return Behaviors.same();
                    })
                    .build();
        }));
    }

    /** Source: RPC specification, section 9, for servers; ours for the others. */
    static List<RpcPeer> of(List<Member> members, String datacenter) {
        return members.stream()
                .filter(member -> member.status() == Member.Status.ALIVE)
                .flatMap(member -> peer(member, datacenter).stream())
                .toList();
    }

    private static Optional<RpcPeer> peer(Member member, String datacenter) {
        Map<String, String> tags = member.tags();
        boolean isServer = tags.getOrDefault("role", "").equals("consul");
        return port(tags.getOrDefault(isServer ? "port" : PORT_TAG, ""))
                .flatMap(port -> member.address().withPort(port).socket())
                .map(address -> new RpcPeer(
                        member.name(),
                        address,
                        tags.getOrDefault(TLS_TAG, "").equals("1"),
                        tags.getOrDefault("dc", datacenter),
                        tags.getOrDefault("role", ""),
                        tags.containsKey(SottoQuery.TAG),
                        isServer ? PeerRole.SERVER : PeerRole.MEMBER));
    }

    private static Optional<Integer> port(String text) {
        return Optional.of(text)
                .filter(digits -> PORT.matcher(digits).matches())
                .map(Integer::valueOf)
                .filter(port -> port <= PORT_MAX);
    }
}
