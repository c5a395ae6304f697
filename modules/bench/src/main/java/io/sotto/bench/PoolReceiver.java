package io.sotto.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.gossip.FloodSettings;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolSettings;
import io.sotto.gossip.PoolState;
import io.sotto.gossip.datapath.DatapathSettings;
import io.sotto.gossip.keys.KeySettings;
import io.sotto.gossip.network.NetworkSettings;
import io.sotto.gossip.stream.StreamSettings;
import io.sotto.membership.PoolRules;
import io.sotto.membership.SerfSettings;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.crypto.GossipKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A production pool that is flooded: sockets, stages, router and actors as an agent has them, under their default settings.
 * It neither probes nor exchanges views, since the members that it is told of are not there. The flood comes from one
 * address, so the limit on what a source sends is looked at for each datagram but never reached.
 */
public final class PoolReceiver {
    private static final Duration NEVER = Duration.ofDays(1);

    private PoolReceiver() {}

    /** Takes no arguments; ends with its input. */
    public static void main(String[] arguments) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Config config = ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                .withFallback(ConfigFactory.load())
                .resolve();
        ActorSystem<GossipPool.Started> system = ActorSystem.create(Behaviors.ignore(), "flooded", config);
        Config gossip = ConfigFactory.parseString("datapath { source-rate = 100000000, source-burst = 100000000 }")
                .withFallback(config.getConfig("sotto.gossip"));
        PoolSettings settings = settings(gossip);
        PoolEnvironment environment = PoolEnvironment.system(NetworkSettings.from(gossip.getConfig("network")));
        PoolState state = PoolState.create(settings, environment.time());
        ActorRef<GossipPool.Command> pool = system.systemActorOf(
                GossipPool.create(settings, environment, state),
                "pool",
                DispatcherSelector.fromConfig("sotto.default-dispatcher"));
        GossipPool.Started started = AskPattern.<GossipPool.Command, GossipPool.Started>ask(
                        pool, GossipPool.WhenStarted::new, Duration.ofSeconds(30), system.scheduler())
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        int port = ((GossipPool.Started.Running) started).address().port();
        new FloodReceiver(
                        () -> state.members().records().size() - 1,
                        state.traffic()::accepted,
                        state.traffic()::received)
                .answer(port);
        System.exit(0);
    }

    private static PoolSettings settings(Config gossip) {
        SwimSettings swim = SwimSettings.lan()
                .withProbe(NEVER, Duration.ofMillis(500))
                .withGossip(NEVER, 3)
                .withPushPullInterval(NEVER);
        return PoolSettings.of(
                        "lan",
                        PoolRules.open("flooded", swim, SerfSettings.serf()),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withKeys(new KeySettings(Optional.of(GossipKey.of(FloodPackets.key())), Optional.empty(), true, true))
                .withDatapath(DatapathSettings.from(
                        gossip.getConfig("datapath"), DatapathSettings.limits(gossip.getConfig("limits"))))
                .withStreams(StreamSettings.from(gossip.getConfig("stream")))
                .withFlood(FloodSettings.from(gossip.getConfig("flood")));
    }
}
