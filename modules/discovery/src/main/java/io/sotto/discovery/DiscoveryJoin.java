package io.sotto.discovery;

import com.typesafe.config.Config;
import io.sotto.cluster.Pool;
import io.sotto.cluster.Sotto;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.discovery.Discovery;
import org.apache.pekko.discovery.ServiceDiscovery;

/**
 * Joins a pool at the addresses that a discovery method finds: DNS, Kubernetes, configuration, or any other. Pekko starts it with
 * the actor system for the LAN pool of {@link Sotto#get}, if {@code sotto.discovery-join.method} names a method; for other pools
 * an application does.
 *
 * <p>It looks addresses up until another member is there, with growing pauses, and then now and then: addresses where no
 * living member is are tried again, so that parts of a pool that forgot each other become one. It ends with the pool, with
 * {@link #stop}, and, where {@code interval} is 0, once another member is there. Safe to use from every thread; nothing blocks,
 * and what fails is tried again and told by {@link #status} and the log.
 */
public final class DiscoveryJoin implements Extension {
    private static final String PATH = "sotto.discovery-join";
    private static final String DISPATCHER = "sotto.default-dispatcher";
    private static final AtomicLong STARTED = new AtomicLong();

    private final Latest latest = new Latest();
    private final Optional<ActorRef<DiscoveryJoining.Command>> actor;

    /**
     * How it went so far.
     *
     * @param lookups that were made
     * @param failedLookups those of them that failed or took too long
     * @param contacted how many addresses were joined, over all rounds
     * @param leftOut how many addresses did not have their turn in the round in which they were found, over all rounds
     * @param problem why the last round joined nobody, in one line; empty when it did, and when there was nobody to join
     */
    public record Status(long lookups, long failedLookups, long contacted, long leftOut, Optional<String> problem) {
        static final Status NONE = new Status(0, 0, 0, 0, Optional.empty());
    }

    /** The status that all threads see. */
    static final class Latest {
        private volatile Status status = Status.NONE;

        Status get() {
            return status;
        }

        /** Called by one thread at a time. */
        void set(Status next) {
            status = next;
        }
    }

    private DiscoveryJoin() {
        this.actor = Optional.empty();
    }

    private DiscoveryJoin(ActorSystem<?> system, Pool pool, ServiceDiscovery method, DiscoveryJoinSettings settings) {
        this.actor = Optional.of(system.systemActorOf(
                DiscoveryJoining.create(pool, method, settings, latest),
                "sotto-discovery-join-" + STARTED.incrementAndGet(),
                DispatcherSelector.fromConfig(DISPATCHER)));
    }

    /** The one that {@code sotto.discovery-join} asks for; it does nothing where no method is set. */
    public static DiscoveryJoin get(ActorSystem<?> system) {
        return system.registerExtension(Id.INSTANCE);
    }

    /**
     * Joins a pool.
     *
     * @param section like {@code sotto.discovery-join}, which it falls back on
     * @throws com.typesafe.config.ConfigException for settings that cannot be
     * @throws IllegalArgumentException for a discovery method that does not exist
     */
    public static DiscoveryJoin start(ActorSystem<?> system, Pool pool, Config section) {
        DiscoveryJoinSettings settings = DiscoveryJoinSettings.of(
                section.withFallback(system.settings().config().getConfig(PATH)));
        return start(system, pool, Discovery.get(system).loadServiceDiscovery(settings.method()), settings);
    }

    /** Joins a pool at what any object finds that can look something up; {@code settings.method()} does not matter. */
    public static DiscoveryJoin start(
            ActorSystem<?> system, Pool pool, ServiceDiscovery method, DiscoveryJoinSettings settings) {
        return new DiscoveryJoin(system, pool, method, settings);
    }

    public Status status() {
        return latest.status;
    }

    /** Looks nothing up any more; what has been joined stays joined. */
    public void stop() {
        actor.ifPresent(joining -> joining.tell(DiscoveryJoining.Stop.INSTANCE));
    }

    /** The extension's identity, which {@code reference.conf} of this module names. */
    public static final class Id extends ExtensionId<DiscoveryJoin> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        /** Called by Pekko, which loads extensions by this name. */
        public static Id getInstance() {
            return INSTANCE;
        }

        @Override
        public DiscoveryJoin createExtension(ActorSystem<?> system) {
            Config section = system.settings().config().getConfig(PATH);
            return DiscoveryJoinSettings.of(section).method().isEmpty()
                    ? new DiscoveryJoin()
                    : start(system, Sotto.get(system).lan(), section);
        }
    }
}
