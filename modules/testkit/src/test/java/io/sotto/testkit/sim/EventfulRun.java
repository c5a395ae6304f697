package io.sotto.testkit.sim;

import io.sotto.gossip.keys.KeySettings;
import io.sotto.wire.crypto.GossipKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A run with a bit of everything, for comparing with itself; as a program it writes its log to a file. */
final class EventfulRun {
    private EventfulRun() {}

    /** Arguments: the file to write, the seed. */
    public static void main(String[] arguments) throws Exception {
        Files.write(Path.of(arguments[0]), log(Long.parseLong(arguments[1])), StandardCharsets.UTF_8);
    }

    static List<String> log(long seed) {
        KeySettings keys = new KeySettings(
                Optional.of(GossipKey.parse("pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=")),
                Optional.empty(),
                true,
                true);
        try (SimCluster cluster =
                SimCluster.builder().seed(seed).members(7).keys(keys).build()) {
            cluster.network()
                    .everyLink(link -> link.latency(Latency.logNormal(Duration.ofMillis(2), 0.7))
                            .loss(0.1)
                            .duplication(0.05)
                            .reordering(0.1));
            cluster.formed();
            List<SimMember> members = cluster.members();
            cluster.partition(members.subList(0, 3), members.subList(3, 7));
            cluster.run(Duration.ofSeconds(40));
            cluster.heal();
            cluster.restart(members.get(2));
            cluster.join(members.get(2), members.get(5));
            cluster.pause(members.get(4));
            cluster.run(Duration.ofSeconds(15));
            cluster.resume(members.get(4));
            cluster.network().block(members.get(1));
            cluster.slow(members.get(0), Duration.ofMillis(3));
            cluster.jumpClock(members.get(6), Duration.ofHours(1));
            cluster.run(Duration.ofSeconds(20));
            cluster.network().unblock(members.get(1));
            cluster.slow(members.get(0), Duration.ZERO);
            cluster.kill(members.get(6));
            cluster.leave(members.get(3));
            SimMember late = cluster.add("late");
            cluster.join(late, members.get(0));
            cluster.cut(late, members.get(1));
            cluster.run(Duration.ofSeconds(60));
            cluster.heal();
            cluster.network().everyLink(link -> link.loss(0));
            cluster.runUntil("all to see all", cluster::seesItself, Duration.ofMinutes(5));
            return List.copyOf(cluster.log());
        }
    }
}
