package io.sotto.bench.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.cluster.Sotto;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Many client members of a Consul datacenter in one process, on loopback sockets, each with an address of its own. Says when all
 * have joined; for each line of its input one of them leaves, and it says who.
 */
public final class DatacenterCrowd {
    /** What is printed once all have joined. */
    static final String JOINED = "crowd joined";

    private static final int PATIENCE_SECONDS = 60;

    private DatacenterCrowd() {}

    /** Takes how many, how their addresses begin, and whom they join, as in {@code 97 127.94.1. 127.93.1.1}. */
    public static void main(String[] arguments) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        int count = Integer.parseInt(arguments[0]);
        Config config = ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF,"
                        + " scheduler.tick-duration = 40ms, scheduler.ticks-per-wheel = 512 }")
                .withFallback(ConfigFactory.load())
                .resolve();
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "crowd", config);
        List<Sotto> members = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            members.add(Sotto.create(
                    system,
                    ConfigFactory.parseString("node-name = \"crowd-" + i + "\", node-id = \"" + UUID.randomUUID()
                            + "\", bind-addr = \"" + arguments[1] + i + "\", start-join = [\"" + arguments[2]
                            + "\"], leave-on-shutdown = false")));
        }
        for (Sotto member : members) {
            member.lan().started().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        System.out.println(JOINED);
        while (System.in.read() >= 0 && !members.isEmpty()) {
            Sotto leaving = members.remove(members.size() - 1);
            leaving.leave().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            System.out.println("left " + leaving.lan().name());
        }
        System.exit(0);
    }
}
