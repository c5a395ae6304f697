package io.sotto.rpc.tls;

import io.sotto.pki.CertificateFacts;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.PeerRefused;
import io.sotto.pki.TlsSnapshot;
import io.sotto.rpc.supervision.SecondTry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;

/**
 * Keeps the {@link TlsFeed} what the files say: {@code watching}, always.
 *
 * <p>Files are read whole at every look, so a symbolic link that is turned, a file that is renamed over another and one that is
 * written in place are all noticed. Files that changed are tried only once two looks in a row found them the same, since one may
 * be half written, or a certificate be there before its key. What cannot be used is counted and told once, and the old snapshot
 * stays. A {@link Reload} is tried at once.
 *
 * <p>Nothing here fails on what a file holds. Supervised by restart: the feed goes on with the snapshot that it has, what is watched
 * is kept, and the message on which it failed is handled once more.
 */
public final class Tls {
    /** What the actor is told. */
    public sealed interface Command {}

    /** Reads these files now, which are watched from then on if they can be used. */
    public record Reload(TlsFiles files, ActorRef<TlsOutcome> replyTo) implements Command {}

    /**
     * A peer was refused, or is not what it acts as; told by whoever drove the connection. If its certificate is of this pool's
     * authority and it acted as a server, this is an alarm.
     */
    public record Refused(PeerRefused refused, InetSocketAddress peer) implements Command {}

    /**
     * The alarm of {@link Refused}, for whoever wants to tell people.
     *
     * @param certificate what the peer showed
     * @param refused why it is no server
     * @param peer where it is
     */
    public record Alarm(CertificateFacts certificate, PeerRefused refused, InetSocketAddress peer) {}

    private enum Look implements Command {
        INSTANCE
    }

    private record Looked(TlsFiles files, TlsReading reading) implements Command {}

    private record Reloaded(Reload reload, TlsReading reading) implements Command {}

    private enum TellAgain implements Command {
        INSTANCE
    }

    /**
     * What changes.
     *
     * @param files those in force
     * @param inForce what they held when they were taken
     * @param changed what a look found that is not in force; empty: nothing
     * @param failed what was tried and could not be used
     */
    private record Watched(
            TlsFiles files,
            TlsReading inForce,
            Optional<TlsReading> changed,
            Optional<TlsReading> failed,
            ExpiryNotices certificate,
            ExpiryNotices authority) {
        Watched changed(TlsReading next) {
            return new Watched(files, inForce, Optional.of(next), failed, certificate, authority);
        }

        Watched calm() {
            return new Watched(files, inForce, Optional.empty(), Optional.empty(), certificate, authority);
        }

        Watched failed(TlsReading next) {
            return new Watched(files, inForce, Optional.empty(), Optional.of(next), certificate, authority);
        }

        Watched taken(TlsFiles next, TlsReading reading) {
            return new Watched(
                    next, reading, Optional.empty(), Optional.empty(), ExpiryNotices.none(), ExpiryNotices.none());
        }

        Watched noticed(ExpiryNotices ownNotices, ExpiryNotices authorityNotices) {
            return new Watched(files, inForce, changed, failed, ownNotices, authorityNotices);
        }
    }

    /** What is watched, and what is in force and was not told, for the next life of the actor. */
    private static final class Kept {
        private Optional<Watched> watched = Optional.empty();
        private Optional<TlsSnapshot> untold = Optional.empty();
    }

    private static final Duration ALARM_AGAIN = Duration.ofHours(1);
    private static final int ALARMS_REMEMBERED = 64;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final TlsFeed feed;
    private final TlsWatch watch;
    private final Consumer<TlsSnapshot> swapped;
    private final Consumer<Alarm> alarm;
    private final Function<TlsFiles, TlsReading> reader;
    private final Executor disk;
    private final Kept kept;
    /** Fingerprint to when it was last spoken of; the oldest makes room. */
    private final Map<String, Instant> spokenOf = new LinkedHashMap<>();

    private Tls(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            TlsFeed feed,
            TlsWatch watch,
            Consumer<TlsSnapshot> swapped,
            Consumer<Alarm> alarm,
            Function<TlsFiles, TlsReading> reader,
            Executor disk,
            Kept kept) {
        this.context = context;
        this.kept = kept;
        this.timers = timers;
        this.feed = feed;
        this.watch = watch;
        this.swapped = swapped;
        this.alarm = alarm;
        this.reader = reader;
        this.disk = disk;
    }

    /**
     * The actor of one feed.
     *
     * @param files what the feed was loaded from
     * @param swapped is told each new snapshot after it is in force, on the actor's thread: the time to drain old connections
     * @param alarm is told, on the actor's thread, of certificates that act as what they are not
     */
    public static Behavior<Command> create(
            TlsFeed feed, TlsFiles files, TlsWatch watch, Consumer<TlsSnapshot> swapped, Consumer<Alarm> alarm) {
        return Behaviors.setup(context -> create(
                feed,
                files,
                watch,
                swapped,
                alarm,
                TlsReader::read,
                context.getSystem().dispatchers().lookup(DispatcherSelector.blocking())));
    }

    static Behavior<Command> create(
            TlsFeed feed,
            TlsFiles files,
            TlsWatch watch,
            Consumer<TlsSnapshot> swapped,
            Consumer<Alarm> alarm,
            Function<TlsFiles, TlsReading> reader,
            Executor disk) {
        Kept kept = new Kept();
        Behavior<Command> keeper = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Tls tls = new Tls(context, timers, feed, watch, swapped, alarm, reader, disk, kept);
            tls.lookIn(watch.interval());
            if (kept.watched.isPresent()) {
                kept.untold.ifPresent(snapshot -> context.getSelf().tell(TellAgain.INSTANCE));
                return tls.watching(kept.watched.get());
            }
            feed.warnings().forEach(warning -> context.getLog().warn("TLS: {}", warning));
            Watched begun = new Watched(
                    files,
                    feed.first(),
                    Optional.empty(),
                    Optional.empty(),
                    ExpiryNotices.none(),
                    ExpiryNotices.none());
            return tls.watching(tls.noticing(begun));
        }));
        // A look that a fault broke off would be the last one if it went on.
        return SecondTry.of(Command.class, SupervisorStrategy.restart(), feed::faults, keeper);
    }

    private Behavior<Command> watching(Watched now) {
        kept.watched = Optional.of(now);
        return Behaviors.receive(Command.class)
                .onMessage(Reload.class, reload -> {
                    read(reload.files(), reading -> new Reloaded(reload, reading));
                    return Behaviors.same();
                })
                .onMessage(Reloaded.class, reloaded -> watching(reload(now, reloaded)))
                .onMessage(Look.class, look -> {
                    read(now.files(), reading -> new Looked(now.files(), reading));
                    return watching(noticing(now));
                })
                .onMessage(
                        Looked.class,
                        looked -> looked.files().equals(now.files()) ? watching(look(now, looked.reading())) : resume())
                .onMessage(TellAgain.class, again -> {
                    kept.untold.ifPresent(this::tell);
                    return Behaviors.same();
                })
                .onMessage(Refused.class, refused -> {
                    raise(refused);
                    return Behaviors.same();
                })
                .build();
    }

    /** What was looked at is not watched any more. */
    private Behavior<Command> resume() {
        lookIn(watch.interval());
        return Behaviors.same();
    }

    private Watched reload(Watched now, Reloaded reloaded) {
        Reload reload = reloaded.reload();
        if (reload.files().equals(now.files()) && reloaded.reading().equals(now.inForce())) {
            reload.replyTo().tell(new TlsOutcome.Unchanged(feed.get().generation()));
            return now.calm();
        }
        try {
            Watched next = take(now, reload.files(), reloaded.reading());
            reload.replyTo()
                    .tell(new TlsOutcome.Swapped(feed.get().generation(), warnings(reloaded.reading(), feed.get())));
            return next;
        } catch (InvalidTlsException invalid) {
            feed.refused();
            log().warn(
                            "TLS: the reload was refused, generation {} stays in force: {}",
                            feed.get().generation(),
                            invalid.getMessage());
            reload.replyTo().tell(new TlsOutcome.Kept(feed.get().generation(), invalid.faults()));
            return reload.files().equals(now.files()) ? now.failed(reloaded.reading()) : now;
        }
    }

    private Watched look(Watched now, TlsReading found) {
        if (found.equals(now.inForce())) {
            now.failed().ifPresent(gone -> log().info("TLS: the files are again those in force"));
            lookIn(watch.interval());
            return now.calm();
        }
        if (now.failed().equals(Optional.of(found))) {
            lookIn(watch.interval());
            return now;
        }
        if (!now.changed().equals(Optional.of(found))) {
            lookIn(watch.settle());
            return now.changed(found);
        }
        lookIn(watch.interval());
        try {
            return take(now, now.files(), found);
        } catch (InvalidTlsException invalid) {
            feed.refused();
            log().warn(
                            "TLS: the files have changed and cannot be used, generation {} stays in force: {}",
                            feed.get().generation(),
                            invalid.getMessage());
            return now.failed(found);
        }
    }

    private Watched take(Watched now, TlsFiles files, TlsReading reading) throws InvalidTlsException {
        TlsSnapshot next = feed.next(reading);
        feed.swap(next);
        // Before anybody is told, so that no fault in telling brings the old files back.
        kept.watched = Optional.of(now.taken(files, reading));
        log().info("TLS: generation {} is in force", next.generation());
        warnings(reading, next).forEach(warning -> log().warn("TLS: {}", warning));
        kept.untold = Optional.of(next);
        tell(next);
        return noticing(now.taken(files, reading));
    }

    private void tell(TlsSnapshot next) {
        swapped.accept(next);
        kept.untold = Optional.empty();
    }

    private Watched noticing(Watched now) {
        Instant instant = feed.time().instant();
        return now.noticed(
                noticed(now.certificate(), feed.certificateLeft(), instant, "this agent's certificate"),
                noticed(now.authority(), feed.authorityLeft(), instant, "a trusted authority"));
    }

    private ExpiryNotices noticed(ExpiryNotices before, Optional<Duration> left, Instant now, String what) {
        if (left.isEmpty()) {
            return before;
        }
        if (before.speaks(watch.warnings(), left.get(), now)) {
            log().warn("TLS: {} {}", what, ExpiryNotices.words(left.get()));
        }
        return before.after(watch.warnings(), left.get(), now);
    }

    private void raise(Refused told) {
        Optional<CertificateFacts> certificate = told.refused().certificate();
        if (!told.refused().reason().actsAsServer() || certificate.isEmpty()) {
            return;
        }
        feed.alarmed();
        String fingerprint = certificate.get().fingerprint();
        Instant now = feed.time().instant();
        Instant last = spokenOf.getOrDefault(fingerprint, Instant.MIN);
        if (!last.equals(Instant.MIN) && now.isBefore(last.plus(ALARM_AGAIN))) {
            return;
        }
        if (spokenOf.size() >= ALARMS_REMEMBERED && !spokenOf.containsKey(fingerprint)) {
            spokenOf.remove(spokenOf.keySet().iterator().next());
        }
        spokenOf.put(fingerprint, now);
        log().error(
                        "TLS ALARM: {} acts as a server and shows a certificate that is none: {} ({})",
                        told.peer(),
                        certificate.get().brief(),
                        told.refused().explain());
        alarm.accept(new Alarm(certificate.get(), told.refused(), told.peer()));
    }

    private void read(TlsFiles files, Function<TlsReading, Command> message) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> reader.apply(files), disk),
                (reading, failure) -> message.apply(
                        failure == null ? reading : new TlsReading(files.flags(), List.of(text(failure)), List.of())));
    }

    private static String text(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return "the files cannot be read: " + cause.getClass().getSimpleName();
    }

    private static List<String> warnings(TlsReading reading, TlsSnapshot snapshot) {
        List<String> all = new java.util.ArrayList<>(reading.warnings());
        all.addAll(snapshot.warnings());
        return all;
    }

    private void lookIn(Duration delay) {
        if (!watch.interval().isZero()) {
            timers.startSingleTimer(Look.INSTANCE, delay);
        }
    }

    private Logger log() {
        return context.getLog();
    }
}
