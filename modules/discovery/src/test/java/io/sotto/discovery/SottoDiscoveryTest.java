package io.sotto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.wire.message.Tags;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.discovery.Discovery;
import org.apache.pekko.discovery.Lookup;
import org.apache.pekko.discovery.ServiceDiscovery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lookups in a simulated pool, by the method that Pekko loads. */
class SottoDiscoveryTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Config CONFIG = ConfigFactory.parseString("""
                    pekko.loglevel = WARNING
                    pekko.discovery.method = sotto
                    pekko.discovery.east { class = "io.sotto.discovery.SottoDiscoveryTest$EastDiscovery", pool = east, port = 7 }
                    """).withFallback(ConfigFactory.load());

    private final SimCluster cluster = SimCluster.builder()
            .members(3)
            .config(CONFIG)
            .change(pool -> pool.withMeta(Tags.encode(
                    Map.of("service", pool.rules().self().equals("n3") ? "till" : "shop", "management_port", "7626"))))
            .build();

    /** A second method, with settings of its own. */
    static final class EastDiscovery extends SottoDiscovery {
        public EastDiscovery(ExtendedActorSystem system) {
            super(system, "pekko.discovery.east");
        }
    }

    @AfterEach
    void tearDown() {
        cluster.close();
    }

    @Test
    void membersAreFoundByTheirTagsUntilTheyAreGone() {
        cluster.formed();
        SimMember first = cluster.member("n1");
        DiscoveryPools.get(cluster.virtual().system()).add("lan", first.lan());
        Lookup shops = Lookup.create("shop").withPortName("management").withProtocol("tcp");

        assertThat(found(shops)).containsExactly(at("n1", 7626), at("n2", 7626));
        assertThat(found(Lookup.create("till"))).containsExactly(at("n3", 0));

        cluster.kill(cluster.member("n2"));
        cluster.run(Duration.ofSeconds(40));
        assertThat(found(shops)).containsExactly(at("n1", 7626));
        cluster.restart(cluster.member("n2"));
        cluster.join(cluster.member("n2"), first);
        cluster.runUntil("all members to see all", cluster::seesItself, Duration.ofMinutes(1));
        assertThat(found(shops)).containsExactly(at("n1", 7626), at("n2", 7626));
        assertThat(cluster.virtual().stranger()).isEmpty();
    }

    @Test
    void aLookupWaitsForItsPoolAndAnswersAtOnceWhenItIsThere() {
        cluster.formed();
        CompletableFuture<ServiceDiscovery.Resolved> waits =
                lookup("east", Lookup.create("shop"), TIMEOUT).toCompletableFuture();
        cluster.run(TIMEOUT.minusMillis(1));
        assertThat(waits).isNotDone();

        DiscoveryPools.get(cluster.virtual().system())
                .add("east", cluster.member("n1").lan());
        cluster.virtual().settle();
        assertThat(targets(waits.join())).containsExactly(at("n1", 7), at("n2", 7));
    }

    @Test
    void aLookupEndsInTimeWhereNoPoolComes() {
        CompletableFuture<ServiceDiscovery.Resolved> waits =
                lookup("east", Lookup.create("shop"), TIMEOUT).toCompletableFuture();
        cluster.run(TIMEOUT.minusMillis(1));
        assertThat(waits).isNotDone();
        cluster.run(Duration.ofMillis(1));
        assertThatThrownBy(waits::join)
                .hasCauseInstanceOf(ServiceDiscovery.DiscoveryTimeoutException.class)
                .hasMessageContaining("did not start within PT3S");
    }

    @Test
    void aNameThatMeansNothingFailsTheLookupAndThrowsNothing() {
        CompletableFuture<ServiceDiscovery.Resolved> failed =
                lookup("sotto", Lookup.create("a=1,a=2"), TIMEOUT).toCompletableFuture();
        assertThatThrownBy(failed::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    private List<String> found(Lookup lookup) {
        return targets(cluster.virtual().await(lookup("sotto", lookup, TIMEOUT), Duration.ZERO));
    }

    private CompletionStage<ServiceDiscovery.Resolved> lookup(String method, Lookup lookup, Duration timeout) {
        return Discovery.get(Adapter.toClassic(cluster.virtual().system()))
                .loadServiceDiscovery(method)
                .lookup(lookup, timeout);
    }

    private String at(String member, int port) {
        return cluster.member(member).address().getAddress().getHostAddress() + ":" + port;
    }

    private static List<String> targets(ServiceDiscovery.Resolved resolved) {
        List<ServiceDiscovery.ResolvedTarget> found = resolved.getAddresses();
        assertThat(found)
                .allSatisfy(target -> assertThat(target.getAddress().map(InetAddress::getHostAddress))
                        .hasValue(target.host()));
        return found.stream()
                .map(target -> target.host() + ":"
                        + (target.port().isDefined() ? target.port().get() : Integer.valueOf(0)))
                .toList();
    }
}
