package io.sotto.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.gossip.GossipPool;
import io.sotto.gossip.PoolEnvironment;
import io.sotto.gossip.PoolState;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * sotto inside an actor system: this node, a member of one gossip pool per network.
 *
 * <pre>{@code
 * Sotto sotto = Sotto.get(system);          // reads "sotto { … }" and starts
 * sotto.lan().join(List.of("10.0.0.1"));
 * sotto.lan().members();
 * }</pre>
 *
 * <p>Creating it never blocks and never throws for a fault of the network: see {@link Pool#started}. It throws
 * {@link com.typesafe.config.ConfigException} for settings that cannot be. The node leaves its pools when the system shuts
 * down (coordinated shutdown, {@code sotto.leave-on-shutdown}).
 */
public final class Sotto implements Extension {
    private static final String DISPATCHER = "sotto.default-dispatcher";

    /** Numbers the pools of one JVM, since actor names are unique in a system. */
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final Pool lan;

    private Sotto(ActorSystem<?> system, SottoSettings settings) {
        PoolEnvironment environment = PoolEnvironment.system(settings.network());
        PoolState state = PoolState.create(settings.lan(), environment.time());
        ActorRef<GossipPool.Command> guardian = system.systemActorOf(
                GossipPool.create(settings.lan(), environment, state),
                "sotto-" + POOLS.incrementAndGet() + "-" + settings.lan().name(),
                DispatcherSelector.fromConfig(DISPATCHER));
        this.lan = new RunningPool(system, settings.lan().name(), guardian, state);
        if (settings.leaveOnShutdown()) {
            leaveWith(CoordinatedShutdown.get(system));
        }
    }

    /** Leaves before services that depend on the pool are gone, and never holds the shutdown up for longer than its phase. */
    private void leaveWith(CoordinatedShutdown shutdown) {
        String phase = CoordinatedShutdown.PhaseBeforeClusterShutdown();
        Duration bound = Duration.ofMillis(shutdown.timeout(phase).toMillis())
                .multipliedBy(9)
                .dividedBy(10);
        shutdown.addTask(
                phase,
                "sotto-leave",
                () -> leave().toCompletableFuture()
                        .completeOnTimeout(Done.getInstance(), bound.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The instance of this system, configured under {@code sotto}; the first call starts it. */
    public static Sotto get(ActorSystem<?> system) {
        return system.registerExtension(Id.INSTANCE);
    }

    /** A further instance, configured under {@code path} with {@code sotto} as fallback. */
    public static Sotto create(ActorSystem<?> system, String path) {
        return create(system, system.settings().config().getConfig(path));
    }

    /** A further instance from settings made in code: a {@code sotto} section, with the system's own as fallback. */
    public static Sotto create(ActorSystem<?> system, Config section) {
        Config fallback = system.settings().config().getConfig("sotto");
        return new Sotto(system, SottoSettings.of(section.withFallback(fallback)));
    }

    public Pool lan() {
        return lan;
    }

    /** Leaves all pools; the instance answers reads afterwards, but is a member of nothing. */
    public CompletionStage<Done> leave() {
        return lan.leave();
    }

    /** The extension's identity, for {@code pekko.actor.typed.extensions}. */
    public static final class Id extends ExtensionId<Sotto> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        /** Called by Pekko, which loads extensions by this name. */
        public static Id getInstance() {
            return INSTANCE;
        }

        @Override
        public Sotto createExtension(ActorSystem<?> system) {
            return create(system, ConfigFactory.empty());
        }
    }
}
