package io.sotto.interop;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sotto.cluster.KeyringOutcome;
import io.sotto.cluster.PoolKeyring;
import io.sotto.cluster.Sotto;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.KeyAccess;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A whole member that never stops to rotate its key, and says each ring before it asks for it ({@code next}) and once it has
 * it ({@code is}), by the ids of its keys; until it is killed or nobody listens. Arguments: data directory, bind address,
 * seed.
 */
final class KeyChangingNode {
    private static final int KEYS = 500;
    private static final long PATIENCE_SECONDS = 60;

    private KeyChangingNode() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // Whatever logs there goes elsewhere.
        System.setOut(System.err);
        long seed = Long.parseLong(arguments[2]);
        List<GossipKey> keys = IntStream.range(0, KEYS)
                .mapToObj(number -> Rings.key(seed, number))
                .toList();
        Config settings = ConfigFactory.parseString("sotto { profile = serf, node-name = rotating, ports.serf-lan = 0"
                        + ", data-dir = \"" + arguments[0] + "\", bind-addr = \"" + arguments[1] + "\", encrypt = \""
                        + keys.get(0).toBase64(KeyAccess.KEYRING_FILE) + "\" }, pekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rotating", settings);
        Sotto sotto = Sotto.get(system);
        sotto.lan().started().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        rotate(sotto.lan().keyring(), keys, out);
        system.terminate();
    }

    private static void rotate(PoolKeyring keyring, List<GossipKey> keys, PrintStream out) throws Exception {
        List<String> ring = await(keyring.list());
        say(out, "is", ring);
        while (!out.checkError()) {
            GossipKey primary = byId(keys, ring.get(0));
            if (ring.size() == 1) {
                GossipKey next = keys.get((keys.indexOf(primary) + 1) % KEYS);
                say(out, "next", List.of(primary.id(), next.id()));
                ring = await(keyring.install(next));
            } else {
                GossipKey other = byId(keys, ring.get(1));
                if (isNewer(keys, other, primary)) {
                    say(out, "next", List.of(other.id(), primary.id()));
                    ring = await(keyring.use(other));
                } else {
                    say(out, "next", List.of(primary.id()));
                    ring = await(keyring.remove(other));
                }
            }
            say(out, "is", ring);
        }
    }

    private static boolean isNewer(List<GossipKey> keys, GossipKey one, GossipKey other) {
        return keys.indexOf(one) == (keys.indexOf(other) + 1) % KEYS;
    }

    private static GossipKey byId(List<GossipKey> keys, String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow();
    }

    private static List<String> await(CompletionStage<KeyringOutcome> outcome) throws Exception {
        KeyringOutcome done = outcome.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (done instanceof KeyringOutcome.Done ring) {
            return ring.keyIds();
        }
        throw new IllegalStateException(done.toString());
    }

    private static void say(PrintStream out, String word, List<String> ids) {
        out.println(ids.stream().collect(Collectors.joining(",", word + " ", "")));
    }
}
