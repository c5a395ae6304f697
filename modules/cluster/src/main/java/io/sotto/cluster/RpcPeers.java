package io.sotto.cluster;

import io.sotto.membership.query.SottoQuery;
import io.sotto.pki.PeerRole;
import io.sotto.rpc.pool.RpcPeer;
import io.sotto.rpc.pool.RpcPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Tells the connections of a node whom there is to call, as the pool's members change. Keeps nothing: whatever it missed is
 * in the next list. Supervised by restart, which tells the list again.
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

    /** The list is told again, in case whom it was told lost it. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private RpcPeers() {}

    /** What this actor is told. */
    sealed interface Command {}

    private record Happened(MemberEvent event) implements Command {}

    private enum Settled implements Command {
        INSTANCE
    }

    private enum Again implements Command {
        INSTANCE
    }

    /**
     * @param wan the pool of the servers of all datacenters, if this node is one of its members
     * @param datacenter of this node, and of all who do not say
     */
    static Behavior<Command> create(
            Pool lan, Optional<? extends Pool> wan, String datacenter, ActorRef<RpcPool.Command> connections) {
        Supplier<RpcPool.Peers> all =
                () -> new RpcPool.Peers(of(lan.members(), wan.map(Pool::members).orElse(List.of()), datacenter));
        return Behaviors.setup(outer -> {
            // Once: a restart is told on.
            ActorRef<MemberEvent> told = outer.messageAdapter(MemberEvent.class, Happened::new);
            lan.subscribe(told);
            wan.ifPresent(pool -> pool.subscribe(told));
            return Behaviors.supervise(telling(connections, all)).onFailure(SupervisorStrategy.restart());
        });
    }

    private static Behavior<Command> telling(ActorRef<RpcPool.Command> connections, Supplier<RpcPool.Peers> all) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            // What an earlier life was about to tell.
            timers.startSingleTimer(Settled.INSTANCE, SETTLING);
            timers.startTimerWithFixedDelay(Again.INSTANCE, AGAIN);
            return Behaviors.receive(Command.class)
                    .onMessage(Happened.class, happened -> {
                        // The first of many is told at once, the others when they are all there.
                        if (!timers.isTimerActive(Settled.INSTANCE)) {
                            connections.tell(all.get());
                            timers.startSingleTimer(Settled.INSTANCE, SETTLING);
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Again.class, again -> {
                        connections.tell(all.get());
                        return Behaviors.same();
                    })
                    .onMessage(Settled.class, settled -> {
                        connections.tell(all.get());
                        return Behaviors.same();
                    })
                    .build();
        }));
    }

    /**
     * The members of the LAN pool, and from the WAN pool the servers of other datacenters, which alone know their own. Source:
     * RPC specification, section 9, for servers; ours for the others.
     */
    static List<RpcPeer> of(List<Member> lan, List<Member> wan, String datacenter) {
        return Stream.concat(
                        alive(lan).flatMap(member -> peer(member, datacenter).stream()),
                        alive(wan)
                                .flatMap(member -> peer(member, datacenter).stream())
                                .filter(peer -> peer.expected() == PeerRole.SERVER
                                        && !peer.datacenter().equals(datacenter)))
                .toList();
    }

    private static Stream<Member> alive(List<Member> members) {
        return members.stream().filter(member -> member.status() == Member.Status.ALIVE);
    }

    /** How a member says that it can be called; empty if it does not. */
    static Optional<RpcPeer> peer(Member member, String datacenter) {
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
