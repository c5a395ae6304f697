package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.pki.PeerRole;
import io.sotto.rpc.RpcResult;
import io.sotto.rpc.application.RpcCodecs;
import io.sotto.rpc.application.RpcMethod;
import io.sotto.rpc.application.RpcOutcome;
import io.sotto.rpc.pool.Callee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

/** Typed calls between simulated members: production links, codecs and connections over the simulated network. */
final class CallsSimTest {
    private static final RpcMethod<String, String> GREET =
            RpcMethod.of("Shop.Greet", RpcCodecs.text(), RpcCodecs.text());
    private static final RpcMethod<String, String> COUNT =
            RpcMethod.of("Shop.Count", RpcCodecs.text(), RpcCodecs.text());
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofMinutes(2);

    @Test
    void aCallOnALinkThatIsThereTakesOneTurnOfTheNetwork() {
        try (SimCluster cluster = serving(1)) {
            cluster.network().everyLink(link -> link.latency(Latency.constant(Duration.ofMillis(10))));
            assertThat(await(cluster, call(cluster, "n1", "n2")).answer()).contains("n2 greets n1");
            Duration linkedAt = cluster.now();

            assertThat(await(cluster, call(cluster, "n1", "n2")).answer()).contains("n2 greets n1");
            assertThat(cluster.now().minus(linkedAt)).isEqualTo(Duration.ofMillis(20));
        }
    }

    @Test
    void aCallIntoAPartitionEndsByItsTimeAndAfterHealingCallsWorkAgain() {
        try (SimCluster cluster = serving(2)) {
            await(cluster, call(cluster, "n1", "n2"));
            cluster.partition(cluster.members("n1"), cluster.members("n2", "n3"));

            Duration cutAt = cluster.now();
            assertThat(await(cluster, call(cluster, "n1", "n2")))
                    .isEqualTo(new RpcOutcome.NoAnswer<String>(new RpcResult.TimedOut(TIMEOUT)));
            assertThat(cluster.now().minus(cutAt)).isEqualTo(TIMEOUT);
            assertThat(await(cluster, call(cluster, "n2", "n3")).answer()).contains("n3 greets n2");
            cluster.run(Duration.ofMinutes(2));
            assertThat(await(cluster, call(cluster, "n1", "n2")).answer()).isEmpty();

            cluster.heal();
            cluster.runUntil("all to see all", cluster::seesItself, MOST);
            cluster.run(Duration.ofSeconds(1));
            assertThat(await(cluster, call(cluster, "n1", "n2")).answer()).contains("n2 greets n1");
        }
    }

    @Test
    void aMemberThatIsKilledAnswersNothingAndItsNextLifeAnswersAgain() {
        try (SimCluster cluster = serving(3)) {
            SimMember n2 = cluster.member("n2");
            await(cluster, call(cluster, "n1", "n2"));
            cluster.kill(n2);
            RpcOutcome<String> none = await(cluster, call(cluster, "n1", "n2"));
            assertThat(none.answer()).isEmpty();

            cluster.restart(n2);
            serve(n2);
            cluster.join(n2, cluster.member("n1"));
            cluster.runUntil("all to see all", cluster::seesItself, MOST);
            cluster.run(Duration.ofSeconds(1));
            assertThat(await(cluster, call(cluster, "n1", "n2")).answer()).contains("n2 greets n1");
            assertThat(await(cluster, call(cluster, "n2", "n1")).answer()).contains("n1 greets n2");
        }
    }

    @Test
    void aPausedMemberAnswersOnceItIsResumed() {
        try (SimCluster cluster = serving(4)) {
            await(cluster, call(cluster, "n1", "n2"));
            cluster.pause(cluster.member("n2"));
            CompletableFuture<RpcOutcome<String>> held = call(cluster, "n1", "n2");
            cluster.run(Duration.ofSeconds(2));
            assertThat(held).isNotDone();

            cluster.resume(cluster.member("n2"));
            assertThat(await(cluster, held).answer()).contains("n2 greets n1");
        }
    }

    @Test
    void aStreamOfAnswersComesWholeThroughLossAndDelay() {
        try (SimCluster cluster = serving(5)) {
            cluster.network()
                    .everyLink(link -> link.latency(Latency.constant(Duration.ofMillis(20)))
                            .loss(0.02));
            cluster.member("n2")
                    .rpc()
                    .serveStream(
                            COUNT,
                            PeerRole.UNPROVEN,
                            (request, context) -> Source.range(1, 1_000).map(String::valueOf));
            List<String> parts = new ArrayList<>();
            var ended = cluster.member("n1").rpc().stream(Callee.member("n2"), COUNT, "", Duration.ofMinutes(10))
                    .to(Sink.foreach(parts::add))
                    .run(cluster.virtual().system());

            RpcOutcome<Long> end = cluster.virtual().await(ended, Duration.ofMinutes(10));
            assertThat(end).isEqualTo(new RpcOutcome.Answer<>(1_000L));
            assertThat(parts).hasSize(1_000).startsWith("1", "2").endsWith("1000");
        }
    }

    @Test
    void theSameSeedMakesTheSameCallsAtTheSameTimes() {
        assertThat(logOfARun(7)).isEqualTo(logOfARun(7)).isNotEqualTo(logOfARun(8));
    }

    private static List<String> logOfARun(long seed) {
        try (SimCluster cluster = serving(seed)) {
            cluster.network().everyLink(link -> link.loss(0.05));
            for (int i = 0; i < 20; i++) {
                RpcOutcome<String> outcome = await(cluster, call(cluster, "n" + (1 + i % 3), "n" + (1 + (i + 1) % 3)));
                cluster.note(String.valueOf(outcome.answer()));
                cluster.run(Duration.ofSeconds(1));
            }
            return List.copyOf(cluster.log());
        }
    }

    private static SimCluster serving(long seed) {
        SimCluster cluster = SimCluster.builder().seed(seed).members(3).build();
        cluster.formed();
        cluster.members().forEach(CallsSimTest::serve);
        // Until all know where the others take calls.
        cluster.run(Duration.ofSeconds(3));
        return cluster;
    }

    private static void serve(SimMember member) {
        member.rpc()
                .serve(
                        GREET,
                        PeerRole.UNPROVEN,
                        (name, context) -> CompletableFuture.completedFuture(member.name() + " greets " + name));
    }

    private static CompletableFuture<RpcOutcome<String>> call(SimCluster cluster, String from, String to) {
        return cluster.member(from).rpc().call(Callee.member(to), GREET, from, TIMEOUT);
    }

    private static <T> T await(SimCluster cluster, CompletableFuture<T> stage) {
        return cluster.virtual().await(stage, MOST);
    }
}
