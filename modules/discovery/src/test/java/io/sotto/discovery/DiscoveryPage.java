package io.sotto.discovery;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Sotto;
import io.sotto.cluster.health.SottoHealth;
import java.time.Duration;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.discovery.Discovery;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** What {@code docs/start/discovery.md} shows in Java, compiled; {@link DiscoveryPageTest} compares it with the page. */
final class DiscoveryPage {
    private DiscoveryPage() {}

    static ActorSystem<Void> bootstrap() {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "shop");
        PekkoManagement.get(system).start();
        ClusterBootstrap.get(system).start();
        return system;
    }

    static void find(ActorSystem<Void> system) {
        Discovery.get(system)
                .discovery()
                .lookup(Lookup.create("shop").withPortName("management"), Duration.ofSeconds(3))
                .thenAccept(found -> found.getAddresses().forEach(System.out::println));
    }

    static void further(ActorSystem<Void> system) {
        DiscoveryPools.get(system)
                .add("east", Sotto.create(system, "sotto-east").lan());
    }

    /** A method of its own. */
    public static final class EastDiscovery extends SottoDiscovery {
        public EastDiscovery(ExtendedActorSystem system) {
            super(system, "pekko.discovery.east");
        }
    }

    static void join(ActorSystem<Void> system) {
        Config section = ConfigFactory.parseString("method = config, service = seeds, interval = 0s");
        DiscoveryJoin joining =
                DiscoveryJoin.start(system, Sotto.create(system, "sotto-west").lan(), section);
        joining.status().problem().ifPresent(System.out::println);
    }

    static void health(ActorSystem<Void> system) {
        SottoHealth.of(system)
                .readiness()
                .thenAccept(health -> health.problems().forEach(System.out::println));
    }
}
