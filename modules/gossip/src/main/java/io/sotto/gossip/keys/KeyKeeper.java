package io.sotto.gossip.keys;

import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Owns the ring of a pool: reads or makes its file at start, and publishes an immutable snapshot that stages read.
 *
 * <p>Runs on a dispatcher for blocking work. Supervised by resume: the ring in force never changes by a fault, and a file
 * that cannot be read at start is reported as {@link Opened.Failed}, never replaced by "no encryption".
 *
 * <p>Source: agent specification, section 3.
 */
public final class KeyKeeper {
    /** What it can be asked. */
    public sealed interface Command {}

    /** Read the ring, or make it from the configured key. Asked once, by the pool, before anything is bound. */
    public record Open(ActorRef<Opened> replyTo) implements Command {}

    /** What came of opening. */
    public sealed interface Opened {
        /** The ring is in force; the warning is set when the ring on disk does not hold the configured key. */
        record Ready(Keyring ring, Optional<String> warning) implements Opened {}

        /** There is no ring to use; the reason is for the operator, in the real agents' words. */
        record Failed(String reason) implements Opened {}
    }

    private final ActorContext<Command> context;
    private final KeySettings settings;
    private final Consumer<Keyring> publish;

    private KeyKeeper(ActorContext<Command> context, KeySettings settings, Consumer<Keyring> publish) {
        this.context = context;
        context.setLoggerName(KeyKeeper.class);
        this.settings = settings;
        this.publish = publish;
    }

    /** A keeper that tells {@code publish} the ring whenever it changes. */
    public static Behavior<Command> create(KeySettings settings, Consumer<Keyring> publish) {
        return Behaviors.setup(context -> new KeyKeeper(context, settings, publish).closed());
    }

    private Behavior<Command> closed() {
        return Behaviors.receive(Command.class)
                .onMessage(Open.class, this::onOpen)
                .build();
    }

    private Behavior<Command> open(Opened.Ready ready) {
        return Behaviors.receive(Command.class)
                .onMessage(Open.class, again -> {
                    again.replyTo.tell(ready);
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onOpen(Open open) {
        try {
            Opened.Ready ready = load();
            publish.accept(ready.ring());
            open.replyTo.tell(ready);
            return open(ready);
        } catch (KeyringFault fault) {
            context.getLog().debug("keyring not opened", fault);
            open.replyTo.tell(new Opened.Failed("Failed to configure keyring: " + fault.getMessage()));
            return Behaviors.same();
        }
    }

    private Opened.Ready load() throws KeyringFault {
        Optional<GossipKey> given = settings.key();
        if (settings.file().isEmpty()) {
            return new Opened.Ready(given.map(KeyKeeper::ringOf).orElseGet(Keyring::empty), Optional.empty());
        }
        KeyringFile file = new KeyringFile(settings.file().get());
        Optional<Keyring> kept = file.load();
        if (kept.isPresent()) {
            boolean unknown = given.isPresent() && !kept.get().keys().contains(given.get());
            return new Opened.Ready(
                    kept.get(),
                    unknown
                            ? Optional.of("keyring doesn't include key provided with -encrypt, using keyring")
                            : Optional.empty());
        }
        if (given.isEmpty()) {
            return new Opened.Ready(Keyring.empty(), Optional.empty());
        }
        Keyring ring = ringOf(given.get());
        file.store(ring, KeyringFile.Layout.COMPACT);
        return new Opened.Ready(ring, Optional.empty());
    }

    private static Keyring ringOf(GossipKey key) {
        return Keyring.of(key);
    }
}
