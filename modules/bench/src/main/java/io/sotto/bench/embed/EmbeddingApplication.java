package io.sotto.bench.embed;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.scalecube.cluster.Cluster;
import io.scalecube.cluster.ClusterConfig;
import io.scalecube.cluster.ClusterImpl;
import io.scalecube.transport.netty.tcp.TcpTransportFactory;
import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.logging.ConsoleLogging;
import io.sotto.cluster.Sotto;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A Pekko application that does nothing, with or without a cluster library inside. It prints a line once it sees as many members
 * as it was told to wait for; then, for each line that it is given, what it holds.
 */
public final class EmbeddingApplication {
    private static final int POLL_MILLIS = 5;
    private static final int COLLECTIONS = 4;
    private static final int FIRST_PORT = 20_000;

    /** What is inside. */
    public enum Inside {
        /** Nothing. */
        NOTHING,
        /** A pool of ours, with the library's own settings. */
        SOTTO,
        /** A cluster of ScaleCube's, with its settings for a local network. */
        SCALECUBE
    }

    private EmbeddingApplication() {}

    /** {@code INSIDE ADDRESS SEED MEMBERS}: its own loopback address, another's, and how many members to wait for. */
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (Exception e) {
            System.out.println("failed: " + e);
        }
        // Whoever started it has had what was wanted; the others list it as failed.
        Runtime.getRuntime().halt(0);
    }

    private static void run(String[] arguments) throws Exception {
        ConsoleLogging.level(AgentSettings.LogLevel.ERROR);
        Inside inside = Inside.valueOf(arguments[0]);
        String address = arguments[1];
        String seed = arguments[2];
        int members = Integer.parseInt(arguments[3]);
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "application", settings(address, seed));
        IntSupplier seen = switch (inside) {
            case NOTHING -> () -> members;
            case SOTTO -> sotto(system);
            case SCALECUBE -> scalecube(address, seed);
        };
        while (seen.getAsInt() < members) {
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
        }
        System.out.println("ready");
        while (System.in.read() == '\n') {
            System.out.println("holds " + heapBytes() + " "
                    + ManagementFactory.getThreadMXBean().getThreadCount());
        }
    }

    private static Config settings(String address, String seed) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.loglevel",
                        "ERROR",
                        "sotto.node-name",
                        "node-" + address,
                        "sotto.profile",
                        "serf",
                        "sotto.bind-addr",
                        address,
                        "sotto.retry-join",
                        List.of(seed)))
                .withFallback(ConfigFactory.load());
    }

    private static IntSupplier sotto(ActorSystem<?> system) {
        Sotto sotto = Sotto.get(system);
        return () -> sotto.lan().members().size();
    }

    private static IntSupplier scalecube(String address, String seed) {
        Cluster cluster = new ClusterImpl(ClusterConfig.defaultLanConfig()
                        .memberAlias("node-" + address)
                        .externalHost(address)
                        .transport(transport -> transport.port(port(address)))
                        .membership(membership -> membership.seedMembers(seed + ":" + port(seed))))
                .transportFactory(TcpTransportFactory::new)
                .startAwait();
        return () -> cluster.members().size();
    }

    /** A port for each address: ScaleCube listens on all addresses, whichever it is told to say. */
    private static int port(String address) {
        String[] octets = address.split("\\.", -1);
        return FIRST_PORT + Integer.parseInt(octets[2]) * 256 + Integer.parseInt(octets[3]);
    }

    /** What lives, after the collector has had its say. */
    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
