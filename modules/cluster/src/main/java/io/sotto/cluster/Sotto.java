package io.sotto.cluster;

import com.typesafe.config.Config;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;

/**
 * sotto inside an actor system: this node, a member of one gossip pool per network.
 *
 * <pre>{@code
 * Sotto sotto = Sotto.get(system);          // reads "sotto { … }" and starts
 * sotto.lan().join(List.of("10.0.0.1"));
 * sotto.lan().members();
 * }</pre>
 *
 * <p>Creating it never blocks and never throws for a fault of the network: see {@link Pool#started}. It throws
 * {@link com.typesafe.config.ConfigException} or {@link IllegalArgumentException} for settings that contradict themselves.
 * The node leaves its pools when the system shuts down (coordinated shutdown, {@code sotto.leave-on-shutdown}).
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Sotto implements Extension {
    private Sotto() {}

    /** The instance of this system, configured under {@code sotto}; the first call starts it. */
    public static Sotto get(ActorSystem<?> system) {
        throw new IllegalStateException("comes with the gossip actors");
    }

    /** A further instance, configured under {@code path} with {@code sotto} as fallback. */
    public static Sotto create(ActorSystem<?> system, String path) {
        throw new IllegalStateException("comes with the gossip actors");
    }

    /** A further instance from settings made in code: a {@code sotto} section, with {@code reference.conf} beneath. */
    public static Sotto create(ActorSystem<?> system, Config section) {
        throw new IllegalStateException("comes with the gossip actors");
    }

    public Pool lan() {
        throw new IllegalStateException("comes with the gossip actors");
    }

    /** Leaves all pools; the instance answers reads afterwards, but is a member of nothing. */
    public CompletionStage<Done> leave() {
        throw new IllegalStateException("comes with the gossip actors");
    }
}
