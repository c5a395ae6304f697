package io.sotto.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.rotation.RotationMachine.Beginning;
import io.sotto.membership.rotation.RotationPhase;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.testkit.junit.Simulation;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.virtualtime.Recorder;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** The test that docs/start/testkit.md ends with. */
class PriceTest {
    @Simulation(members = 2, encrypted = true, tls = true, seeds = 5)
    void aPriceReachesTheOtherNodeThoughTheyAreCutOffDuringAKeyRotation(SimCluster cluster) {
        cluster.formed();
        SimMember n1 = cluster.member("n1");
        SimMember n2 = cluster.member("n2");
        ActorRef<Price.Command> here = n1.spawn(Price.create(n1.lan(), n1.rpc()), "price");
        ActorRef<Price.Command> there = n2.spawn(Price.create(n2.lan(), n2.rpc()), "price");
        cluster.run(Duration.ofSeconds(2));

        List<RotationProgress> rotation =
                cluster.record(n1.lan().clusterKeyring().rotate(Beginning.SETTLED));
        cluster.runUntil(
                "the new key to be on its way",
                () -> n1.state().rotation().phase() == RotationPhase.INSTALLING,
                Duration.ofMinutes(1));
        cluster.partition(List.of(n1), List.of(n2));
        here.tell(new Price.Set(299));
        cluster.run(Duration.ofMinutes(10));
        assertThat(ask(cluster, here)).isEqualTo(299);
        assertThat(ask(cluster, there)).isZero();
        assertThat(rotation).noneMatch(step -> step.outcome().isPresent());

        cluster.heal();
        cluster.runUntil("both to see both", cluster::seesItself, Duration.ofMinutes(5));
        cluster.runUntil(
                "the end of the rotation", () -> n1.state().rotation().outcome().isPresent(), Duration.ofMinutes(10));
        assertThat(ask(cluster, there)).isEqualTo(299);
        assertThat(n2.state().policy().ring()).isEqualTo(n1.state().policy().ring());
        assertThat(n2.state().policy().ring().keys()).hasSize(1);
    }

    private static int ask(SimCluster cluster, ActorRef<Price.Command> price) {
        Recorder<Integer> answers = cluster.virtual().recorder();
        price.tell(new Price.Get(answers.ref()));
        cluster.run(Duration.ofMillis(1));
        return answers.take().get(0);
    }
}
