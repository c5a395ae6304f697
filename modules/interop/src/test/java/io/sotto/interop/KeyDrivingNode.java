package io.sotto.interop;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.Sotto;
import io.sotto.membership.rotation.RotationMachine;
import io.sotto.membership.rotation.RotationOutcome;
import io.sotto.membership.rotation.RotationProgress;
import io.sotto.wire.crypto.KeyAccess;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A whole member that drives one rotation of its pool's key after another, the first of which may be one that an earlier life
 * began, and says each step ({@code PHASE old-key new-key}, the keys by their ids); until it has driven as many as it is told,
 * is killed, or nobody listens. Arguments: data directory, bind address, seed, how many rotations.
 */
final class KeyDrivingNode {
    private static final long PATIENCE_SECONDS = 60;

    private KeyDrivingNode() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // Whatever logs there goes elsewhere.
        System.setOut(System.err);
        String key = Rings.key(Long.parseLong(arguments[2]), 0).toBase64(KeyAccess.KEYRING_FILE);
        Config settings = ConfigFactory.parseString("sotto { profile = serf, node-name = driving, ports.serf-lan = 0"
                        + ", data-dir = \"" + arguments[0] + "\", bind-addr = \"" + arguments[1] + "\", encrypt = \""
                        + key + "\", key-rotation.grace = 0s, gossip-lan.gossip-interval = 20ms }"
                        + ", pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "driving", settings);
        Sotto sotto = Sotto.get(system);
        sotto.lan().started().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        int rotations = Integer.parseInt(arguments[3]);
        RotationProgress last;
        do {
            last = sotto.lan()
                    .clusterKeyring()
                    .rotate(RotationMachine.Beginning.SETTLED)
                    .map(step -> {
                        out.println(step.phase() + " " + step.oldKey().orElse("") + " "
                                + step.newKey().orElse(""));
                        return step;
                    })
                    .runFold(RotationProgress.idle(""), (before, step) -> step, system)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            rotations--;
        } while (rotations > 0
                && last.outcome().filter(RotationOutcome.FINISHED::equals).isPresent()
                && !out.checkError());
        System.err.println("ended with " + last);
        system.terminate();
    }
}
