package io.sotto.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.rotation.RotationMachine.Beginning;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.testkit.junit.Simulation;
import io.sotto.testkit.sim.Latency;
import io.sotto.testkit.sim.SimCluster;
import io.sotto.testkit.sim.SimMember;
import io.sotto.virtualtime.Recorder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The gates of a museum whose network fails while its key is replaced, minutes of it in a moment each. */
final class GateTest {
    private static final Duration MOST = Duration.ofMinutes(10);

    @Simulation(members = 3, encrypted = true, seeds = 180)
    void noVisitorIsLostOrCountedTwiceThoughTheNetworkIsCutDuringAKeyRotation(SimCluster cluster) {
        cluster.network()
                .everyLink(link -> link.latency(Latency.logNormal(Duration.ofMillis(2), 0.5))
                        .loss(0.01));
        Visitors visitors = new Visitors(cluster);
        visitors.comeFor(Duration.ofSeconds(3));

        SimMember driver = anyOf(cluster);
        List<RotationProgress> rotation =
                cluster.record(driver.lan().clusterKeyring().rotate(Beginning.SETTLED));
        cluster.run(Duration.ofMillis(cluster.random().nextInt(8_000)));
        cut(cluster);
        visitors.comeFor(Duration.ofSeconds(20 + cluster.random().nextInt(60)));
        visitors.areNowhereMoreThanCame();

        cluster.heal();
        visitors.areKnownEverywhereWithin(MOST);
        cluster.runUntil("the end of the rotation", () -> outcome(rotation).isPresent(), MOST);
        assertThat(outcome(rotation)).contains(RotationOutcome.FINISHED);
        assertThat(cluster.members())
                .allSatisfy(member -> assertThat(member.state().policy().ring())
                        .isEqualTo(driver.state().policy().ring()));
    }

    /** The other twenty of two hundred seeds: handshakes take more time than all the rest. */
    @Simulation(members = 3, encrypted = true, tls = true, seed = 181, seeds = 20)
    void norWhereCallsAreByTlsWithCertificatesOnBothSides(SimCluster cluster) {
        noVisitorIsLostOrCountedTwiceThoughTheNetworkIsCutDuringAKeyRotation(cluster);
    }

    @Simulation(members = 3, encrypted = true, seeds = 10)
    void aGateThatStartsAnewForgetsNobodyWhomAnotherGateKnows(SimCluster cluster) {
        Visitors visitors = new Visitors(cluster);
        visitors.comeFor(Duration.ofSeconds(5));
        visitors.areKnownEverywhereWithin(MOST);

        SimMember gate = anyOf(cluster);
        cluster.restart(gate);
        visitors.gateOpens(gate);
        cluster.join(gate, cluster.others(List.of(gate)).get(0));
        visitors.comeFor(Duration.ofSeconds(5));

        visitors.areKnownEverywhereWithin(MOST);
    }

    /** One gate from the two others, or one from one of them, or that in one direction only. */
    private static void cut(SimCluster cluster) {
        SimMember one = anyOf(cluster);
        List<SimMember> others = cluster.others(List.of(one));
        switch (cluster.random().nextInt(3)) {
            case 0 -> cluster.partition(List.of(one), others);
            case 1 -> cluster.partition(List.of(one), others.subList(0, 1));
            default -> cluster.cut(one, others.get(0));
        }
    }

    private static SimMember anyOf(SimCluster cluster) {
        return cluster.members().get(cluster.random().nextInt(cluster.members().size()));
    }

    private static Optional<RotationOutcome> outcome(List<RotationProgress> rotation) {
        return rotation.isEmpty()
                ? Optional.empty()
                : rotation.get(rotation.size() - 1).outcome();
    }

    /** Who came in, kept by hand, and what the gates say about it. */
    private static final class Visitors {
        private final SimCluster cluster;
        private final Map<SimMember, ActorRef<Gate.Command>> gates = new HashMap<>();
        private final Map<String, Long> came = new HashMap<>();

        Visitors(SimCluster cluster) {
            this.cluster = cluster;
            cluster.formed();
            cluster.members().forEach(this::gateOpens);
        }

        void gateOpens(SimMember member) {
            String life = String.valueOf(member.lives());
            gates.put(member, member.spawn(Gate.create(member.lan(), member.rpc(), life), "gate"));
        }

        /** Some come in through some gate, every so often. */
        void comeFor(Duration time) {
            Duration until = cluster.now().plus(time);
            while (cluster.now().compareTo(until) < 0) {
                SimMember gate = anyOf(cluster);
                int visitors = 1 + cluster.random().nextInt(9);
                gateOf(gate).tell(new Gate.Enter(visitors));
                came.merge(gate.name(), (long) visitors, Long::sum);
                cluster.run(Duration.ofMillis(cluster.random().nextInt(1_500)));
            }
        }

        void areNowhereMoreThanCame() {
            for (Tally tally : tallies()) {
                assertThat(tally.byGate())
                        .allSatisfy((gate, visitors) ->
                                assertThat(visitors).as(gate).isLessThanOrEqualTo(came.getOrDefault(gate, 0L)));
            }
        }

        void areKnownEverywhereWithin(Duration most) {
            Duration until = cluster.now().plus(most);
            while (!tallies().stream().allMatch(tally -> tally.byGate().equals(came))) {
                assertThat(cluster.now())
                        .as("%s came, gates say %s", came, tallies())
                        .isLessThan(until);
                areNowhereMoreThanCame();
                cluster.run(Duration.ofSeconds(1));
            }
        }

        private ActorRef<Gate.Command> gateOf(SimMember member) {
            return Objects.requireNonNull(gates.get(member));
        }

        private List<Tally> tallies() {
            Recorder<Tally> answers = cluster.virtual().recorder();
            cluster.members().forEach(member -> gateOf(member).tell(new Gate.Read(answers.ref())));
            cluster.virtual().settle();
            assertThat(answers.all()).hasSize(gates.size());
            return answers.take();
        }
    }
}
