package io.sotto.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.testkit.junit.Simulation;
import io.sotto.testkit.sim.Latency;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.virtualtime.Recorder;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** How an application tests its own actors over a cluster that is cut in two: see docs/start/testkit.md. */
class RotaTest {
    @Simulation(members = 5, seeds = 3)
    void eachSideOfAPartitionHasOneOnDuty(SimCluster cluster) {
        cluster.network()
                .everyLink(link -> link.latency(Latency.logNormal(Duration.ofMillis(2), 0.5))
                        .loss(0.01));
        cluster.formed();
        List<ActorRef<Rota.Command>> rotas = cluster.members().stream()
                .map(member -> member.spawn(Rota.create(member.lan()), "rota"))
                .toList();
        cluster.run(Duration.ofSeconds(1));
        assertThat(onDuty(cluster, rotas)).containsExactly("n1", "n1", "n1", "n1", "n1");

        cluster.partition(cluster.members("n1", "n2"), cluster.members("n3", "n4", "n5"));
        cluster.run(Duration.ofMinutes(1));
        assertThat(onDuty(cluster, rotas)).containsExactly("n1", "n1", "n3", "n3", "n3");

        cluster.heal();
        cluster.runUntil("all members to see all", cluster::seesItself, Duration.ofMinutes(3));
        assertThat(onDuty(cluster, rotas)).containsExactly("n1", "n1", "n1", "n1", "n1");
    }

    private static List<String> onDuty(SimCluster cluster, List<ActorRef<Rota.Command>> rotas) {
        Recorder<String> answers = cluster.virtual().recorder();
        rotas.forEach(rota -> rota.tell(new Rota.WhoIsOnDuty(answers.ref())));
        cluster.run(Duration.ofMillis(1));
        return answers.take();
    }

    @Simulation(members = 3)
    void pekkosTestKitAndItsProbesWorkToo(SimCluster cluster) {
        cluster.formed();
        ActorTestKit kit = ActorTestKit.create(cluster.virtual().system());
        TestProbe<String> probe = kit.createTestProbe();
        SimMember third = cluster.member("n3");
        ActorRef<Rota.Command> rota = kit.spawn(Rota.create(third.lan()));
        cluster.kill(cluster.member("n1"));
        cluster.run(Duration.ofSeconds(40));

        rota.tell(new Rota.WhoIsOnDuty(probe.ref()));
        // A probe waits by the real clock, so what it is to receive must have happened before it is asked.
        cluster.run(Duration.ofSeconds(1));
        probe.expectMessage("n2");
        probe.expectNoMessage(Duration.ZERO);
    }
}
