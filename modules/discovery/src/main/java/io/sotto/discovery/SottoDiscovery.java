package io.sotto.discovery;

import io.sotto.cluster.Pool;
import io.sotto.cluster.Suspicion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import scala.Option;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.DurationConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * Pekko's discovery method {@code sotto}: looks services up among the members that gossip knows, and asks nobody. Loaded by
 * Pekko with {@code pekko.discovery.method = sotto}; what names mean is said in {@code reference.conf}.
 *
 * <p>A lookup answers at once. One that comes before the pool runs waits for that, and fails with a
 * {@link ServiceDiscovery.DiscoveryTimeoutException} when its time is over. Its answer is what this node has heard by then, and may be
 * nobody; that a member offers a service is a claim of whoever holds the key.
 *
 * <p>Not final: Pekko hands the method's name to nobody, so that a further method with settings of its own is a class of
 * its own.
 *
 * <pre>{@code
 * public final class EastDiscovery extends SottoDiscovery {   // pekko.discovery.east { class = "EastDiscovery", pool = "east" }
 *     public EastDiscovery(ExtendedActorSystem system) {
 *         super(system, "pekko.discovery.east");
 *     }
 * }
 * }</pre>
 */
public class SottoDiscovery extends ServiceDiscovery {
    private static final String USUAL_PATH = "pekko.discovery.sotto";

    private final ActorSystem<Void> system;
    private final ServiceRules rules;

    /**
     * Called by Pekko.
     *
     * @throws com.typesafe.config.ConfigException for settings that cannot be
     */
    public SottoDiscovery(ExtendedActorSystem system) {
        this(system, USUAL_PATH);
    }

    /**
     * @param path where its settings are; those that are missing there are taken from {@code pekko.discovery.sotto}
     * @throws com.typesafe.config.ConfigException for settings that cannot be
     */
    protected SottoDiscovery(ExtendedActorSystem system, String path) {
        this.system = Adapter.toTyped(system);
        this.rules = ServiceRules.of(system.settings()
                .config()
                .getConfig(path)
                .withFallback(system.settings().config().getConfig(USUAL_PATH)));
    }

    @Override
    public Future<Resolved> lookup(Lookup lookup, FiniteDuration resolveTimeout) {
        return FutureConverters.asScala(lookup(lookup, DurationConverters.toJava(resolveTimeout)));
    }

    @Override
    public CompletionStage<Resolved> lookup(Lookup lookup, Duration resolveTimeout) {
        CompletionStage<Resolved> resolved;
        try {
            ServiceRule rule = rules.find(lookup.serviceName());
            resolved = DiscoveryPools.get(system)
                    .started(rule.pool())
                    .thenApply(pool -> resolved(lookup, targets(pool, rule, lookup.getPortName())));
        } catch (RuntimeException e) {
            // A name that means nothing, or settings of the node that cannot be.
            return CompletableFuture.failedFuture(e);
        }
        return Deadline.within(
                system,
                resolved,
                resolveTimeout,
                () -> new DiscoveryTimeoutException("the gossip pool did not start within " + resolveTimeout));
    }

    private static List<ServiceRule.Target> targets(Pool pool, ServiceRule rule, Optional<String> portName) {
        Set<String> suspects = pool.suspicions().stream()
                .filter(suspicion -> suspicion.outcome() == Suspicion.Outcome.OPEN)
                .map(Suspicion::member)
                .collect(Collectors.toUnmodifiableSet());
        return rule.targets(pool.members(), suspects, portName);
    }

    private static Resolved resolved(Lookup lookup, List<ServiceRule.Target> targets) {
        return new Resolved(
                lookup.serviceName(),
                CollectionConverters.asScala(
                                targets.stream().map(SottoDiscovery::resolved).toList())
                        .toList());
    }

    private static ResolvedTarget resolved(ServiceRule.Target target) {
        Optional<Object> port =
                target.port().isPresent() ? Optional.of(target.port().getAsInt()) : Optional.empty();
        return new ResolvedTarget(
                target.address().getHostAddress(), OptionConverters.toScala(port), Option.apply(target.address()));
    }
}
