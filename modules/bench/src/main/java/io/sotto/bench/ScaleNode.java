package io.sotto.bench;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.PoolTime;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.virtualtime.Recorder;
import io.sotto.virtualtime.VirtualTime;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.pekko.actor.typed.ActorRef;

/** One production pool in virtual time, in a pool of many members: what a protocol period of it costs, and an exchange. */
final class ScaleNode implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long SEED = 20_261_122;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What some time of a node took. */
    record Cost(double periods, double nanos, double bytes, double tasks, double datagrams) {
        Cost plus(Cost other) {
            return new Cost(
                    periods + other.periods,
                    nanos + other.nanos,
                    bytes + other.bytes,
                    tasks + other.tasks,
                    datagrams + other.datagrams);
        }

        static Cost nothing() {
            return new Cost(0, 0, 0, 0, 0);
        }
    }

    private final VirtualTime virtual;
    private final Crowd crowd;
    private final PoolState state;
    private final ActorRef<GossipPool.Command> pool;
    private final int members;

    private ScaleNode(
            VirtualTime virtual, Crowd crowd, PoolState state, ActorRef<GossipPool.Command> pool, int members) {
        this.virtual = virtual;
        this.crowd = crowd;
        this.state = state;
        this.pool = pool;
        this.members = members;
    }

    /** A node that knows a pool of {@code members}, itself included, and has told all its news. */
    static ScaleNode start(int members) {
        Config quiet = ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                .withFallback(ConfigFactory.load());
        VirtualTime virtual = VirtualTime.create("scale", quiet);
        Crowd crowd = new Crowd(virtual, members - 1);
        PoolSettings settings = settings();
        PoolEnvironment environment = environment(virtual, crowd);
        PoolState state = PoolState.create(settings, environment.time());
        ScaleNode node = new ScaleNode(
                virtual, crowd, state, virtual.spawn(GossipPool.create(settings, environment, state), "pool"), members);
        node.exchange();
        virtual.runUntil(
                "all news to be told",
                () -> state.members().size() == members
                        && state.queues().claims() == 0
                        && state.queues().intents() == 0,
                PATIENCE);
        return node;
    }

    /** Probing, being probed, and nothing new. */
    Cost idle(int periods) {
        return measure(periods, crowd::ping);
    }

    /** The same, with one member in each period that has refuted a suspicion. */
    Cost news(int periods) {
        return measure(periods, () -> {
            crowd.ping();
            crowd.news();
        });
    }

    /** One exchange of views. */
    Cost exchange() {
        Recorder<JoinReport> reports = virtual.recorder();
        Cost cost = measure(0, () -> {
            pool.tell(new GossipPool.Join(List.of("10.1.0.0:7946"), reports.ref()));
            virtual.runUntil("a join", () -> !reports.all().isEmpty(), PATIENCE);
        });
        if (reports.all().get(0).contacted() != 1) {
            throw new IllegalStateException("nobody answered: " + reports.all());
        }
        virtual.stop(reports.ref());
        return cost;
    }

    boolean knowsAll() {
        return state.members().poolSize() == members;
    }

    private Cost measure(int periods, Runnable each) {
        long datagrams = crowd.datagrams();
        long tasks = virtual.tasks();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < Math.max(1, periods); i++) {
            each.run();
            if (periods > 0) {
                virtual.run(PERIOD);
            }
        }
        return new Cost(
                periods,
                THREADS.getCurrentThreadCpuTime() - nanos,
                THREADS.getCurrentThreadAllocatedBytes() - bytes,
                virtual.tasks() - tasks,
                crowd.datagrams() - datagrams);
    }

    private static PoolEnvironment environment(VirtualTime virtual, Crowd crowd) {
        SplittableRandom root = new SplittableRandom(SEED);
        Random entropy = new Random(SEED);
        PoolTime time = new PoolTime() {
            @Override
            public long nanos() {
                return virtual.nanos();
            }

            @Override
            public Instant wall() {
                return now();
            }

            @Override
            public Instant now() {
                return START.plusNanos(virtual.nanos());
            }
        };
        return new PoolEnvironment(
                crowd, time, root::split, entropy::nextBytes, host -> new InetAddress[] {InetAddress.getByName(host)});
    }

    /** The settings of an agent, but for push/pull, which is looked at by itself. */
    private static PoolSettings settings() {
        return PoolSettings.of(
                "lan",
                PoolRules.open(
                        "node", SwimSettings.lan().withPushPullInterval(Duration.ofDays(3_650)), SerfSettings.serf()),
                Crowd.NODE);
    }

    @Override
    public void close() {
        virtual.close();
    }
}
