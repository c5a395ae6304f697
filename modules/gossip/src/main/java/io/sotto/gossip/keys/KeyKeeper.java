package io.sotto.gossip.keys;

import io.sotto.gossip.flight.KeyUseEvent;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.crypto.Keyring;
import io.sotto.wire.crypto.KeyringChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Owns the ring of a pool: {@code closed -> open}. Reads or makes its file at start, changes it on request, and publishes
 * an immutable snapshot that stages read.
 *
 * <p>A change goes to the file first and then, by swapping the snapshot, into force; when the file cannot be written,
 * both stay as they were and the asker is told why. Without a file the ring is kept in memory only. Changes are of this
 * node alone. A key that was removed is wiped when nothing that began under the old ring can still be under way.
 *
 * <p>Runs on a dispatcher for blocking work. Supervised by resume: the ring in force never changes by a fault, and a file
 * that cannot be read at start is reported as {@link Opened.Failed}, never replaced by "no encryption".
 *
 * <p>Source: agent specification, section 3; gossip specification, sections 6.2 and 17.7, for the rules and the words.
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

    /** A question about the ring of this node, or a change of it. */
    public sealed interface Request extends Command {
        ActorRef<Answer> replyTo();
    }

    /** Which keys are on the ring. */
    public record ListKeys(ActorRef<Answer> replyTo) implements Request {}

    /** Put a key on the ring, behind the others. The keeper wipes it once it was removed: it must have no other owner. */
    public record Install(GossipKey key, ActorRef<Answer> replyTo) implements Request {}

    /** Make a key that is on the ring the primary. */
    public record Use(GossipKey key, ActorRef<Answer> replyTo) implements Request {}

    /** Take a key that is not the primary off the ring. */
    public record Remove(GossipKey key, ActorRef<Answer> replyTo) implements Request {}

    /**
     * Take a key off the ring that an upshift gave it, though it may be the primary: the next one takes its place. If it was the
     * only one there is no encryption from then on, and no file. A key that is not there changes nothing.
     *
     * @param key its id
     */
    public record Abandon(String key, ActorRef<Answer> replyTo) implements Request {}

    /**
     * Put what the settings now say in force. An empty ring takes the key as its primary, the file first; a key that is on
     * the ring, or none, changes nothing of it; any other is refused.
     *
     * @param publish called once instead of the keeper's own, with the ring that is then in force: it puts in force whatever
     *     is to change together with it. Not called when nothing may change
     */
    public record Adopt(Optional<GossipKey> key, Consumer<Keyring> publish, ActorRef<Answer> replyTo)
            implements Request {}

    /** What came of a {@link Request}. */
    public sealed interface Answer {
        /** Why it is not done; empty if it is. */
        default String fault() {
            return "";
        }

        /** This is the ring now, in force and in the file. */
        record Done(Keyring ring) implements Answer {}

        /** The ring does not allow it, or is not open; nothing changed. In Serf's words where it has some. */
        record Refused(String reason) implements Answer {
            @Override
            public String fault() {
                return reason;
            }
        }

        /** The file could not be written; it and the ring in force are as they were. */
        record NotWritten(String reason) implements Answer {
            @Override
            public String fault() {
                return reason;
            }
        }
    }

    private record Wipe(GossipKey key) implements Command {}

    /** Streams under the old ring end within 10 s by default; batches of datagrams within milliseconds. */
    private static final Duration WIPE_AFTER = Duration.ofMinutes(1);

    /** Why a key is refused that a reload brings. Source: ours. */
    private static final String NOT_ON_RING =
            "encrypt is a key that the keyring does not hold; keys are changed by \"sotto keyring rotate\"";

    private static final String NOT_OPEN = "the keyring is not open";
    /** Source: Serf, in its own words. */
    public static final String NOTHING_TO_MODIFY = "No keyring to modify (encryption not enabled)";
    /** Source: Serf, in its own words. */
    public static final String NOTHING_TO_LIST = "Keyring is empty (encryption not enabled)";

    private final ActorContext<Command> context;
    private final KeySettings settings;
    private final Optional<KeyringFile> file;
    private final Consumer<Keyring> publish;
    /** As it is in the file: set before anybody is told, so that no fault in telling makes it another. */
    private Keyring ring = Keyring.empty();
    /** What there was to say when the ring was opened; empty while it is closed. */
    private Optional<Optional<String>> warning = Optional.empty();

    private KeyKeeper(ActorContext<Command> context, KeySettings settings, Consumer<Keyring> publish) {
        this.context = context;
        context.setLoggerName(KeyKeeper.class);
        this.settings = settings;
        this.file = settings.file().map(KeyringFile::new);
        this.publish = publish;
    }

    /** A keeper that tells {@code publish} the ring whenever it changes. */
    public static Behavior<Command> create(KeySettings settings, Consumer<Keyring> publish) {
        return Behaviors.setup(context -> new KeyKeeper(context, settings, publish).keeping());
    }

    private Behavior<Command> keeping() {
        return Behaviors.receive(Command.class)
                .onMessage(Open.class, open -> {
                    if (warning.isPresent()) {
                        open.replyTo.tell(new Opened.Ready(ring, warning.get()));
                        return Behaviors.same();
                    }
                    return onOpen(open);
                })
                .onMessage(
                        Request.class,
                        request -> warning.isEmpty(),
                        early -> answer(early, new Answer.Refused(NOT_OPEN)))
                .onMessage(
                        ListKeys.class,
                        list -> answer(
                                list, ring.isEmpty() ? new Answer.Refused(NOTHING_TO_LIST) : new Answer.Done(ring)))
                .onMessage(Install.class, install -> change(install, ring.install(install.key)))
                .onMessage(Use.class, use -> change(use, ring.use(use.key)))
                .onMessage(Remove.class, remove -> change(remove, ring.remove(remove.key)))
                .onMessage(Abandon.class, this::abandon)
                .onMessage(Adopt.class, this::adopt)
                .onMessage(Wipe.class, wipe -> {
                    wipe.key.wipe();
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onOpen(Open open) {
        try {
            Opened.Ready ready = load();
            ring = ready.ring();
            warning = Optional.of(ready.warning());
            publish.accept(ring);
            open.replyTo.tell(ready);
            return Behaviors.same();
        } catch (KeyringFault fault) {
            context.getLog().debug("keyring not opened", fault);
            open.replyTo.tell(new Opened.Failed("Failed to configure keyring: " + fault.getMessage()));
            return Behaviors.same();
        }
    }

    private Opened.Ready load() throws KeyringFault {
        Optional<GossipKey> given = settings.key();
        if (file.isEmpty()) {
            return new Opened.Ready(given.map(KeyKeeper::ringOf).orElseGet(Keyring::empty), Optional.empty());
        }
        file.get().clean();
        if (settings.checkFileMode()) {
            file.get().requirePrivate();
        }
        Optional<Keyring> kept = file.get().load();
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
        write(ring, KeyringFile.Layout.COMPACT);
        return new Opened.Ready(ring, Optional.empty());
    }

    private Behavior<Command> change(Request request, KeyringChange change) {
        if (ring.isEmpty()) {
            return answer(request, new Answer.Refused(NOTHING_TO_MODIFY));
        }
        if (change instanceof KeyringChange.Refused refused) {
            return answer(request, new Answer.Refused(refused.text()));
        }
        Keyring next = ((KeyringChange.Done) change).ring();
        try {
            // Also when nothing changed, as the real agents do: what is answered with Done is in the file.
            write(next, KeyringFile.Layout.INDENTED);
        } catch (KeyringFault fault) {
            context.getLog().warn("keyring unchanged: {}", fault.getMessage());
            return answer(request, new Answer.NotWritten(String.valueOf(fault.getMessage())));
        }
        return changed(request, next);
    }

    private Behavior<Command> abandon(Abandon abandon) {
        List<GossipKey> left = ring.keys().stream()
                .filter(key -> !key.id().equals(abandon.key))
                .toList();
        if (left.size() == ring.keys().size()) {
            return answer(abandon, new Answer.Done(ring));
        }
        Keyring next = left.isEmpty()
                ? Keyring.empty()
                : Keyring.of(left.get(0), left.subList(1, left.size()).toArray(GossipKey[]::new));
        try {
            if (!next.isEmpty()) {
                write(next, KeyringFile.Layout.INDENTED);
            } else if (file.isPresent()) {
                file.get().remove();
            }
        } catch (KeyringFault fault) {
            context.getLog().warn("keyring unchanged: {}", fault.getMessage());
            return answer(abandon, new Answer.NotWritten(String.valueOf(fault.getMessage())));
        }
        return changed(abandon, next);
    }

    /** It is in the file; now it is put in force. */
    private Behavior<Command> changed(Request request, Keyring next) {
        Keyring before = ring;
        ring = next;
        publish.accept(next);
        if (!next.equals(before)) {
            context.getLog().info("keyring changed: {} is now {}", before, next);
        }
        if (KeyUseEvent.isRecorded()) {
            tellRecorder(request);
        }
        before.keys().stream()
                .filter(key -> !next.keys().contains(key))
                .forEach(gone -> context.scheduleOnce(WIPE_AFTER, context.getSelf(), new Wipe(gone)));
        return answer(request, new Answer.Done(next));
    }

    private Behavior<Command> adopt(Adopt adopt) {
        if (adopt.key.isEmpty() || ring.keys().contains(adopt.key.get())) {
            adopt.publish.accept(ring);
            return answer(adopt, new Answer.Done(ring));
        }
        if (!ring.isEmpty()) {
            return answer(adopt, new Answer.Refused(NOT_ON_RING));
        }
        Keyring first = ringOf(adopt.key.get());
        try {
            write(first, KeyringFile.Layout.COMPACT);
        } catch (KeyringFault fault) {
            context.getLog().warn("keyring unchanged: {}", fault.getMessage());
            return answer(adopt, new Answer.NotWritten(String.valueOf(fault.getMessage())));
        }
        Keyring before = ring;
        ring = first;
        adopt.publish.accept(first);
        if (KeyUseEvent.isRecorded()) {
            tellRecorder(adopt);
        }
        context.getLog().info("keyring changed: {} is now {}", before, first);
        return answer(adopt, new Answer.Done(first));
    }

    private void tellRecorder(Request request) {
        String primary = ring.primary().map(GossipKey::id).orElse("");
        int keys = ring.keys().size();
        if (request instanceof Install install) {
            KeyUseEvent.record("install", install.key.id(), primary, keys);
        } else if (request instanceof Use use) {
            KeyUseEvent.record("use", use.key.id(), primary, keys);
        } else if (request instanceof Remove remove) {
            KeyUseEvent.record("remove", remove.key.id(), primary, keys);
        } else if (request instanceof Abandon abandon) {
            KeyUseEvent.record("abandon", abandon.key, primary, keys);
        } else if (request instanceof Adopt adopt) {
            KeyUseEvent.record("adopt", adopt.key.map(GossipKey::id).orElse(""), primary, keys);
        }
    }

    private void write(Keyring ring, KeyringFile.Layout layout) throws KeyringFault {
        if (file.isPresent()) {
            file.get().store(ring, layout).ifPresent(doubt -> context.getLog().warn("keyring written, but: {}", doubt));
        }
    }

    private static Behavior<Command> answer(Request request, Answer answer) {
        request.replyTo().tell(answer);
        return Behaviors.same();
    }

    /** The ring's keys are wiped when they are removed; the configured one is not the ring's alone. */
    private static Keyring ringOf(GossipKey key) {
        return Keyring.of(key.copy());
    }
}
