package io.sotto.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.JoinReport;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Many production pools in one process, on loopback sockets, each with an address of its own. Says when they are bound and,
 * some seconds later, begin to join, and when all have joined the first and see each other, how long that took. For each line
 * of its input it stops them and does the same with others; before it does so for the first time, it does it many times in
 * quick succession, so that whatever comes then runs compiled. Ends with its input.
 */
public final class ManyPools {
    static final int PAUSE_SECONDS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Each asks once to join: whom nobody answered, as on a machine without time for it, stays alone. */
    private static final Duration FORMED_WITHIN = Duration.ofMinutes(2);

    /** In which those that have joined exchange their views once more. */
    private static final Duration AFTER_A_QUICK_JOIN = Duration.ofSeconds(1);

    /** Networks that are used in turn; the sockets of the last round with the same one are closed by then. */
    private static final int NETWORKS = 200;

    private final ActorSystem<Rounds> system;
    private final int count;
    private final String network;
    private int round;

    /** What the pools of a process are asked for as a whole. */
    private sealed interface Rounds {}

    /** Starts a pool. */
    private record Start(PoolSettings settings, PoolState state, ActorRef<ActorRef<GossipPool.Command>> replyTo)
            implements Rounds {}

    /** Stops all pools. */
    private record Stop(ActorRef<Stopped> replyTo) implements Rounds {}

    private enum Stopped {
        INSTANCE
    }

    private ManyPools(ActorSystem<Rounds> system, int count, String network) {
        this.system = system;
        this.count = count;
        this.network = network;
    }

    /** Takes how many, how their addresses begin, and how often they join in quick succession, as in {@code 30 127.91. 100}. */
    public static void main(String[] arguments) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Config config = ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF,"
                        + " scheduler.tick-duration = 40ms, scheduler.ticks-per-wheel = 512 }")
                .withFallback(ConfigFactory.load())
                .resolve();
        PoolEnvironment environment =
                PoolEnvironment.system(NetworkSettings.from(config.getConfig("sotto.gossip.network")));
        ActorSystem<Rounds> system = ActorSystem.create(rounds(environment), "many", config);
        ManyPools pools = new ManyPools(system, Integer.parseInt(arguments[0]), arguments[1]);
        pools.join(environment, PAUSE_SECONDS);
        for (int quick = Integer.parseInt(arguments[2]); System.in.read() >= 0; quick = 0) {
            for (int i = 0; i < quick; i++) {
                pools.stop();
                pools.join(environment, 0);
                TimeUnit.MILLISECONDS.sleep(AFTER_A_QUICK_JOIN.toMillis());
            }
            pools.stop();
            pools.join(environment, PAUSE_SECONDS);
        }
        System.exit(0);
    }

    private static Behavior<Rounds> rounds(PoolEnvironment environment) {
        return Behaviors.setup(context -> new Pools(context, environment).running());
    }

    /** Holds the pools of a round, until they are told to stop and have. */
    private record Pools(ActorContext<Rounds> context, PoolEnvironment environment) {
        private Behavior<Rounds> running() {
            return Behaviors.receive(Rounds.class)
                    .onMessage(Start.class, start -> {
                        ActorRef<GossipPool.Command> pool = context.spawnAnonymous(
                                GossipPool.create(start.settings, environment, start.state),
                                DispatcherSelector.fromConfig("sotto.default-dispatcher"));
                        context.watch(pool);
                        start.replyTo.tell(pool);
                        return Behaviors.same();
                    })
                    .onMessage(Stop.class, stop -> {
                        context.getChildren().forEach(context::stop);
                        return stopping(context.getChildren().size(), stop.replyTo);
                    })
                    .build();
        }

        private Behavior<Rounds> stopping(int running, ActorRef<Stopped> replyTo) {
            return Behaviors.receive(Rounds.class)
                    .onSignal(Terminated.class, gone -> {
                        if (running > 1) {
                            return stopping(running - 1, replyTo);
                        }
                        replyTo.tell(Stopped.INSTANCE);
                        return running();
                    })
                    .build();
        }
    }

    private void stop() throws Exception {
        ask(Stop::new);
    }

    private void join(PoolEnvironment environment, int pauseSeconds) throws Exception {
        String hosts = network + (round++ % NETWORKS + 1) + ".";
        List<PoolState> states = new ArrayList<>();
        List<ActorRef<GossipPool.Command>> pools = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            PoolSettings settings = settings("node-" + i, InetAddress.getByName(hosts + i));
            PoolState state = PoolState.create(settings, environment.time());
            ActorRef<GossipPool.Command> pool =
                    ask((ActorRef<ActorRef<GossipPool.Command>> replyTo) -> new Start(settings, state, replyTo));
            GossipPool.Started started = AskPattern.<GossipPool.Command, GossipPool.Started>ask(
                            pool, GossipPool.WhenStarted::new, PATIENCE, system.scheduler())
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (started instanceof GossipPool.Started.Failed failed) {
                throw new IllegalStateException(failed.reason());
            }
            states.add(state);
            pools.add(pool);
        }
        System.out.println("bound");
        TimeUnit.SECONDS.sleep(pauseSeconds);
        System.out.println(pauseSeconds > 0 ? "joining" : "warming up");
        long start = System.nanoTime();
        ActorRef<JoinReport> nobody = system.ignoreRef();
        for (ActorRef<GossipPool.Command> pool : pools.subList(1, count)) {
            pool.tell(new GossipPool.Join(List.of(hosts + "1:7946"), nobody));
        }
        while (states.stream().anyMatch(state -> state.members().poolSize() < count)) {
            if (System.nanoTime() - start > FORMED_WITHIN.toNanos()) {
                System.out.println("members seen by each: "
                        + states.stream()
                                .map(state -> state.members().poolSize())
                                .toList());
                System.exit(1);
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        System.out.println("formed " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    private <T> T ask(Function<ActorRef<T>, Rounds> question) throws Exception {
        return AskPattern.<Rounds, T>ask(system, question::apply, PATIENCE, system.scheduler())
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static PoolSettings settings(String name, InetAddress address) {
        return PoolSettings.of(
                "lan",
                PoolRules.open(name, SwimSettings.lan(), SerfSettings.serf()),
                new InetSocketAddress(address, 7_946));
    }
}
