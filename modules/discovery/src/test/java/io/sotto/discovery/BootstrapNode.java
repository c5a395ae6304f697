package io.sotto.discovery;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/**
 * One node of a Pekko Cluster that is to form by itself, configured by the file that is its argument. Prints a line whenever
 * the cluster changes: {@code CLUSTER leader=ADDRESS up=ADDRESS,ADDRESS…}.
 */
final class BootstrapNode {
    private static final Duration LOOK = Duration.ofMillis(200);

    private enum Look {
        INSTANCE
    }

    private BootstrapNode() {}

    public static void main(String[] arguments) {
        Config config =
                ConfigFactory.load(ConfigFactory.parseFile(Path.of(arguments[0]).toFile()));
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    context.spawn(watch(), "watch");
                    return Behaviors.empty();
                }),
                "shop",
                config);
        PekkoManagement.get(Adapter.toClassic(system)).start();
        ClusterBootstrap.get(Adapter.toClassic(system)).start();
    }

    private static org.apache.pekko.actor.typed.Behavior<Look> watch() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Look.INSTANCE, LOOK);
            Cluster cluster = Cluster.get(context.getSystem());
            String[] last = {""};
            return Behaviors.receiveMessage(look -> {
                String now = line(cluster.state());
                if (!now.equals(last[0])) {
                    System.out.println(now);
                    last[0] = now;
                }
                return Behaviors.same();
            });
        }));
    }

    private static String line(ClusterEvent.CurrentClusterState state) {
        return "CLUSTER leader="
                + Optional.ofNullable(state.getLeader()).map(String::valueOf).orElse("") + " up="
                + StreamSupport.stream(state.getMembers().spliterator(), false)
                        .filter(member -> member.status().equals(MemberStatus.up()))
                        .map(member -> String.valueOf(member.address()))
                        .sorted()
                        .collect(Collectors.joining(","));
    }
}
