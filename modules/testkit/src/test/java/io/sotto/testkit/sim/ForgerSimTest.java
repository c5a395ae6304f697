package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.membership.Claims;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.NodeState;
import io.sotto.wire.Octets;
import io.sotto.wire.ProtocolVersions;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimCodec;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One message of somebody who holds the key, sent to all from a member's address, about a member that is well. */
class ForgerSimTest {
    private static final long TOP = 0xffff_ffffL;
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    @ParameterizedTest(name = "{0} at {1}, seed {2}")
    @CsvSource({
        "suspect, 1, 1",
        "suspect, 4294967295, 2",
        "suspect, 4294967294, 3",
        "dead, 1, 4",
        "dead, 2, 5",
        "dead, 4294967295, 6",
        "dead, 4294967294, 7",
        "leaves, 1, 8",
        "leaves, 4294967295, 9",
        "alive, 2, 10",
        "alive, 4294967295, 11",
        "alive, 4294967294, 12"
    })
    void takesNobodyAway(String kind, long incarnation, long seed) {
        try (SimCluster cluster = SimCluster.builder().seed(seed).members(10).build()) {
            cluster.formed();
            cluster.run(Duration.ofSeconds(5));
            SimMember victim = cluster.member("n7");
            Octets forged = Octets.wrap(SwimCodec.encode(claim(kind, incarnation, victim)));
            double before = events(cluster);
            assertThat(before).isGreaterThan(90);

            toAll(cluster, forged);
            cluster.run(BACK_WITHIN);

            assertThat(cluster.seesItself()).isTrue();
            assertThat(events(cluster)).isEqualTo(before);
            assertThat(victim.view().self().incarnation()).isLessThan(10);

            cluster.kill(victim);
            cluster.runUntil(
                    "all to miss it",
                    () -> cluster.running().stream().allMatch(member -> fails(member, victim)),
                    Duration.ofSeconds(30));
            cluster.restart(victim);
            cluster.join(victim, cluster.member("n1"));
            cluster.runUntil("it to be alive everywhere", cluster::seesItself, BACK_WITHIN);
        }
    }

    @Test
    void underTheRealRuleOneMessageIsEnough() {
        try (SimCluster cluster =
                SimCluster.builder().seed(1).members(10).claims(Claims.UPSTREAM).build()) {
            cluster.formed();
            cluster.run(Duration.ofSeconds(5));
            double before = events(cluster);

            toAll(cluster, Octets.wrap(SwimCodec.encode(new SwimMessage.Dead(TOP, "n7", "n3"))));
            cluster.run(BACK_WITHIN);

            assertThat(events(cluster)).isGreaterThan(before);
        }
    }

    /**
     * Two messages: an intent to leave, and the farewell. The member takes the one back before the other counts; or the one is
     * of a time that none could be later than, and counts for nothing itself.
     */
    @ParameterizedTest(name = "seed {0} at {1}")
    @CsvSource({"1, 1000", "2, 1000", "3, 1000", "4, -1", "5, -2", "6, 9223372036854775807"})
    void aForgedLeaveFiresNoEvent(long seed, long ltime) {
        try (SimCluster cluster = SimCluster.builder().seed(seed).members(10).build()) {
            cluster.formed();
            cluster.run(Duration.ofSeconds(5));
            double before = events(cluster);
            SerfMessage leave = new SerfMessage.Leave(ltime, "n7", false);

            toAll(cluster, Octets.wrap(SwimCodec.encode(new SwimMessage.User(Octets.wrap(SerfCodec.encode(leave))))));
            toAll(cluster, Octets.wrap(SwimCodec.encode(new SwimMessage.Dead(1, "n7", "n7"))));
            cluster.run(BACK_WITHIN);

            assertThat(cluster.seesItself()).isTrue();
            assertThat(events(cluster)).isEqualTo(before);
            assertThat(cluster.members())
                    .allMatch(member -> member.view().find("n7").orElseThrow().status() == SerfStatus.ALIVE);
        }
    }

    /** Nothing could be later: whoever leaves after it would be taken for one that failed. */
    @Test
    void anIntentFromFarAheadMovesNoClock() {
        try (SimCluster cluster = SimCluster.builder().seed(7).members(10).build()) {
            cluster.formed();
            cluster.run(Duration.ofSeconds(5));
            SerfMessage join = new SerfMessage.Join(-1, "n7");

            toAll(cluster, Octets.wrap(SwimCodec.encode(new SwimMessage.User(Octets.wrap(SerfCodec.encode(join))))));
            cluster.run(BACK_WITHIN);

            assertThat(cluster.members())
                    .allSatisfy(member -> assertThat(member.view().clock()).isBetween(1L, 1_000L));
            cluster.leave(cluster.member("n7"));
            cluster.run(BACK_WITHIN);
            assertThat(cluster.running())
                    .hasSize(9)
                    .allSatisfy(member -> assertThat(
                                    member.view().find("n7").orElseThrow().status())
                            .isEqualTo(SerfStatus.LEFT));
        }
    }

    private static void toAll(SimCluster cluster, Octets message) {
        SimMember forger = cluster.member("n3");
        for (SimMember member : cluster.members()) {
            if (member != forger) {
                cluster.network().inject(forger.address(), member, message);
            }
        }
    }

    private static boolean fails(SimMember member, SimMember victim) {
        return member.view()
                .find(victim.name())
                .map(MemberRecord::state)
                .filter(state -> state == NodeState.DEAD)
                .isPresent();
    }

    /** What applications were told of, in all: joins, failures and leaves. */
    private static double events(SimCluster cluster) {
        return cluster.members().stream()
                .flatMap(member -> member.state().metrics().stream())
                .filter(metric -> metric.name().dotted().equals("sotto.gossip.events"))
                .filter(metric -> List.of("join", "joined", "leave", "left", "failed").stream()
                        .anyMatch(kind -> metric.labels().contains(kind)))
                .mapToDouble(metric -> metric.value())
                .sum();
    }

    private static SwimMessage.Claim claim(String kind, long incarnation, SimMember victim) {
        return switch (kind) {
            case "suspect" -> new SwimMessage.Suspect(incarnation, victim.name(), "n3");
            case "dead" -> new SwimMessage.Dead(incarnation, victim.name(), "n3");
            case "leaves" -> new SwimMessage.Dead(incarnation, victim.name(), victim.name());
            case "alive" ->
                new SwimMessage.Alive(
                        incarnation,
                        victim.name(),
                        NodeAddress.of(victim.address()),
                        victim.view().self().meta(),
                        ProtocolVersions.SERF.toOctets());
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
