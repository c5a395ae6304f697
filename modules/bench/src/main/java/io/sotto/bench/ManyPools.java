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
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Many production pools in one process, on loopback sockets, each with an address of its own. Says when they are bound and,
 * some seconds later, begin to join, and when all have joined the first and see each other, how long that took. For each line of its input it stops
 * them and does the same with others, in a process that is warm by then; ends with its input.
 */
public final class ManyPools {
    static final int PAUSE_SECONDS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Each asks once to join: whom nobody answered, as on a machine without time for it, stays alone. */
    private static final Duration FORMED_WITHIN = Duration.ofMinutes(2);

    private ManyPools() {}

    /** Takes how many, and how their addresses begin, as in {@code 30 127.91.}; the third number counts rounds. */
    public static void main(String[] arguments) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        int count = Integer.parseInt(arguments[0]);
        Config config = ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF,"
                        + " scheduler.tick-duration = 40ms, scheduler.ticks-per-wheel = 512 }")
                .withFallback(ConfigFactory.load())
                .resolve();
        int round = 1;
        boolean goesOn;
        do {
            ActorSystem<GossipPool.Started> system = ActorSystem.create(Behaviors.ignore(), "many", config);
            form(system, count, arguments[1] + round++ + ".");
            goesOn = System.in.read() >= 0;
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } while (goesOn);
        System.exit(0);
    }

    private static void form(ActorSystem<GossipPool.Started> system, int count, String network) throws Exception {
        Config config = system.settings().config();
        List<PoolState> states = new ArrayList<>();
        List<ActorRef<GossipPool.Command>> pools = new ArrayList<>();
        PoolEnvironment environment =
                PoolEnvironment.system(NetworkSettings.from(config.getConfig("sotto.gossip.network")));
        for (int i = 1; i <= count; i++) {
            PoolSettings settings = settings("node-" + i, InetAddress.getByName(network + i));
            PoolState state = PoolState.create(settings, environment.time());
            ActorRef<GossipPool.Command> pool = system.systemActorOf(
                    GossipPool.create(settings, environment, state),
                    "pool-" + i,
                    DispatcherSelector.fromConfig("sotto.default-dispatcher"));
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
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        System.out.println("joining");
        long start = System.nanoTime();
        ActorRef<JoinReport> nobody = system.ignoreRef();
        for (ActorRef<GossipPool.Command> pool : pools.subList(1, count)) {
            pool.tell(new GossipPool.Join(List.of(network + "1:7946"), nobody));
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

    private static PoolSettings settings(String name, InetAddress address) {
        return PoolSettings.of(
                "lan",
                PoolRules.open(name, SwimSettings.lan(), SerfSettings.serf()),
                new InetSocketAddress(address, 7_946));
    }
}
