package io.sotto.testkit.sim;

import com.typesafe.config.Config;
import io.sotto.cluster.NodeEnvironment;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Rpc;
import io.sotto.cluster.RpcNode;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.JoinTarget;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.membership.MemberEvent;
import io.sotto.rpc.link.LinkEnvironment;
import io.sotto.virtualtime.Lane;
import io.sotto.virtualtime.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** One life of a {@link SimMember}: a pool, from its start to its end, in a lane of its own. */
final class SimProcess {
    private final VirtualTime virtual;
    private final SimHost host;
    private final Lane lane;
    private final SimClock clock;
    private final PoolState state;
    private final ActorRef<GossipPool.Command> pool;
    private final String life;
    private final SimNetwork network;
    private final PoolSettings settings;
    private final SplittableRandom random;
    private final Config section;
    private final List<ActorRef<?>> companions = new ArrayList<>();
    private @Nullable Pool lan;
    private @Nullable Rpc rpc;
    private boolean isRunning = true;

    private SimProcess(
            VirtualTime virtual,
            String life,
            SimHost host,
            Lane lane,
            SimClock clock,
            PoolState state,
            ActorRef<GossipPool.Command> pool,
            SimNetwork network,
            PoolSettings settings,
            SplittableRandom random,
            Config section) {
        this.network = network;
        this.settings = settings;
        this.random = random;
        this.section = section;
        this.virtual = virtual;
        this.life = life;
        this.host = host;
        this.lane = lane;
        this.clock = clock;
        this.state = state;
        this.pool = pool;
    }

    /** Starts a pool. {@code random} is all the chance that it gets, {@code section} what is to be said about its calls. */
    static SimProcess start(
            VirtualTime virtual,
            SimNetwork network,
            SimMember member,
            PoolSettings settings,
            JoinTarget.Resolver resolver,
            SplittableRandom random,
            Config section,
            SimLog log) {
        String life = member.name() + "-" + member.nextLife();
        Lane lane = virtual.lane(life);
        SimClock clock = new SimClock(virtual, member.wrongBy());
        SplittableRandom entropy = random.split();
        PoolEnvironment environment = new PoolEnvironment(
                network.seenBy(member.host(), lane), clock, random::split, entropy::nextBytes, resolver);
        PoolState state = PoolState.create(settings, clock);
        ActorRef<GossipPool.Command> pool =
                virtual.spawn(GossipPool.create(settings, environment, state), "pool-" + life, lane);
        SimProcess process = new SimProcess(
                virtual, life, member.host(), lane, clock, state, pool, network, settings, random, section);
        ActorRef<MemberEvent> observer = virtual.spawn(
                Behaviors.receiveMessage(event -> {
                    if (process.isRunning) {
                        log.add(
                                member.name(),
                                event.kind() + " " + event.member().name());
                    }
                    return Behaviors.same();
                }),
                "observer-" + life);
        pool.tell(new GossipPool.Subscribe(observer));
        member.began(process);
        return process;
    }

    Lane lane() {
        return lane;
    }

    SimClock clock() {
        return clock;
    }

    PoolState state() {
        return state;
    }

    ActorRef<GossipPool.Command> pool() {
        return pool;
    }

    /** The pool as applications see it. */
    Pool lan() {
        Pool known = lan;
        if (known == null) {
            known = Pool.over(virtual.system(), "lan", pool, state);
            lan = known;
        }
        return known;
    }

    /** Its calls, which it takes and makes from the first time on that somebody asks for them. */
    Rpc rpc() {
        Rpc known = rpc;
        if (known == null) {
            known = virtual.call(this::startRpc);
            rpc = known;
            virtual.settle();
        }
        return known;
    }

    private Rpc startRpc() {
        boolean isSealed = !section.getString("tls.cert-file").isEmpty();
        SimEndpoint endpoint = network.bindCalls(host, lane, section.getInt("rpc.port"), isSealed);
        String threads = lane.dispatcher();
        LinkEnvironment links = new LinkEnvironment(
                new SimSockets(endpoint), new LinkEnvironment.Threads(threads, threads, threads), virtual::nanos);
        NodeEnvironment environment =
                new NodeEnvironment(virtual::nanos, random::split, links, new NodeEnvironment.Actors() {
                    @Override
                    public <T> ActorRef<T> start(Behavior<T> behavior, String name) {
                        return spawn(behavior, name);
                    }
                });
        return Rpc.over(
                new RpcNode(
                        virtual.system(),
                        "calls",
                        lan(),
                        pool,
                        settings.meta(),
                        host.address().getAddress(),
                        clock::wall,
                        environment),
                section);
    }

    /** Starts an actor that lives, pauses and ends with the process. */
    <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        ActorRef<T> companion = virtual.spawn(behavior, name + "-" + life, lane);
        companions.add(companion);
        return companion;
    }

    boolean isRunning() {
        return isRunning;
    }

    /** Ends as a process that is killed: from now on nobody hears of it, whatever its actors do while they stop. */
    void end() {
        if (isRunning) {
            isRunning = false;
            host.unbound();
            lane.resume();
            virtual.stop(pool);
            companions.forEach(virtual::stop);
        }
    }
}
