package io.sotto.gossip.snapshot;

import io.sotto.membership.LamportFloors;
import io.sotto.membership.MemberEvent;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.snapshot.SnapshotBook;
import io.sotto.membership.snapshot.SnapshotJournal;
import io.sotto.membership.snapshot.SnapshotJournal.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns the snapshot file of a pool: {@code closed -> opening -> recording <-> failing}, or {@code off} when there is a file
 * that cannot be read.
 *
 * <p>Changes go to the {@link SnapshotJournal} at once and to the disk every half second, on threads for blocking work, so
 * that a disk that hangs holds up nobody and costs no more than the journal's bounded memory. A write that fails is
 * reported and tried again every 30 s, as a replacement of the whole file. A file that cannot be read is reported and left
 * alone: it may be worth more than what this life could write into it.
 *
 * <p>Supervised by resume: the journal is only changed by calls that return. It is told {@link Leave} when the node leaves,
 * and writes what is left when it is stopped. Source: gossip specification, section 17.8.
 */
public final class SnapshotKeeper {
    /** What it can be asked. */
    public sealed interface Command {}

    /** Read the file. Asked once, by the pool, before anything is bound. */
    public record Open(ActorRef<Opened> replyTo) implements Command {}

    /**
     * What the file says. From now on it is kept up to date with what {@code events} is told.
     *
     * @param previous names and addresses of the members last known to be alive, this node perhaps among them
     */
    public record Opened(LamportFloors floors, Map<String, String> previous, ActorRef<MemberEvent> events) {
        public Opened {
            previous = Map.copyOf(previous);
        }
    }

    /** This node leaves its pool on purpose. */
    public enum Leave implements Command {
        INSTANCE
    }

    private record Loaded(SnapshotJournal journal, Optional<String> fault) implements Command {}

    private record Happened(MemberEvent event) implements Command {}

    private record Written(Write write, Optional<String> fault, Optional<String> doubt) implements Command {}

    /** A fault of this actor lost a message: what depends on it is made good. */
    public enum Amend implements Command {
        INSTANCE
    }

    /** By now what a write came to has been told. */
    private enum Overdue implements Command {
        INSTANCE
    }

    private enum Flush implements Command {
        INSTANCE
    }

    /** What it needs of its pool. {@code seen} tells the times by now; {@code blocking} runs what waits for the disk. */
    public record Links(Supplier<LamportFloors> seen, int membersMax, Executor blocking, SnapshotCounters counters) {}

    /** Source: Serf, snapshot.go. */
    private static final Duration FLUSH_INTERVAL = Duration.ofMillis(500);

    /** Within which a message that has been sent is handled. */
    private static final Duration HANDLED_WITHIN = Duration.ofSeconds(5);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(30);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final SnapshotSettings settings;
    private final SnapshotFile file;
    private final Links links;
    private CompletableFuture<Written> lastWrite = new CompletableFuture<>();

    private SnapshotKeeper(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SnapshotSettings settings,
            SnapshotFile file,
            Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(SnapshotKeeper.class);
        this.timers = timers;
        this.settings = settings;
        this.file = file;
        this.links = links;
    }

    /**
     * A keeper of the file that {@code settings} name.
     *
     * @throws IllegalArgumentException if they name none
     */
    public static Behavior<Command> create(SnapshotSettings settings, Links links) {
        SnapshotFile file = new SnapshotFile(
                settings.file().orElseThrow(() -> new IllegalArgumentException("no file to keep a snapshot in")));
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new SnapshotKeeper(context, timers, settings, file, links).closed()));
    }

    private Behavior<Command> closed() {
        return common().onMessage(Open.class, open -> {
                    read();
                    return opening(open.replyTo);
                })
                .onMessage(Amend.class, amend -> Behaviors.same())
                .onMessage(Loaded.class, never -> Behaviors.same())
                .onMessage(Happened.class, early -> Behaviors.same())
                .onMessage(Written.class, never -> Behaviors.same())
                .onMessage(Flush.class, never -> Behaviors.same())
                .onMessage(Leave.class, early -> Behaviors.same())
                .build();
    }

    private Behavior<Command> opening(ActorRef<Opened> replyTo) {
        return common().onMessage(Open.class, again -> Behaviors.same())
                .onMessage(Loaded.class, loaded -> onLoaded(loaded, replyTo))
                .onMessage(Amend.class, amend -> {
                    read();
                    return Behaviors.same();
                })
                .onMessage(Happened.class, early -> Behaviors.same())
                .onMessage(Written.class, never -> Behaviors.same())
                .onMessage(Flush.class, never -> Behaviors.same())
                .onMessage(Leave.class, early -> Behaviors.same())
                .build();
    }

    private Behavior<Command> recording(SnapshotJournal journal, boolean isFailing) {
        return Behaviors.receive(Command.class)
                .onMessage(Open.class, again -> {
                    tell(again.replyTo, journal.book());
                    return Behaviors.same();
                })
                .onMessage(Amend.class, amend -> {
                    timers.startSingleTimer(Overdue.INSTANCE, HANDLED_WITHIN);
                    return Behaviors.same();
                })
                .onMessage(Overdue.class, overdue -> {
                    if (lastWrite.isDone() && journal.isWriting()) {
                        // That it ended was lost; to replace the file is right whatever it came to.
                        journal.failed();
                    }
                    return Behaviors.same();
                })
                .onMessage(Loaded.class, never -> Behaviors.same())
                .onMessage(Happened.class, happened -> onHappened(journal, happened.event))
                .onMessage(Flush.class, flush -> onFlush(journal))
                .onMessage(Written.class, written -> onWritten(journal, written, isFailing))
                .onMessage(Leave.class, leave -> {
                    journal.seen(links.seen.get());
                    journal.leave();
                    return onFlush(journal);
                })
                .onSignal(PostStop.class, stopped -> onStopped(journal))
                .build();
    }

    private Behavior<Command> off() {
        return common().onMessage(Open.class, again -> {
                    tell(again.replyTo, emptyBook());
                    return Behaviors.same();
                })
                .onMessage(Amend.class, amend -> Behaviors.same())
                .onMessage(Loaded.class, never -> Behaviors.same())
                .onMessage(Happened.class, unrecorded -> Behaviors.same())
                .onMessage(Written.class, never -> Behaviors.same())
                .onMessage(Flush.class, never -> Behaviors.same())
                .onMessage(Leave.class, unrecorded -> Behaviors.same())
                .build();
    }

    private static BehaviorBuilder<Command> common() {
        return Behaviors.receive(Command.class).onMessage(Overdue.class, late -> Behaviors.same());
    }

    private Loaded load() {
        try {
            SnapshotFile.Loaded loaded = file.load(emptyBook());
            return new Loaded(new SnapshotJournal(loaded.book(), loaded.bytes(), loaded.isSound()), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Loaded unreadable(Throwable failure) {
        return new Loaded(new SnapshotJournal(emptyBook(), 0, false), Optional.of(faultOf("read", failure)));
    }

    private Behavior<Command> onLoaded(Loaded loaded, ActorRef<Opened> replyTo) {
        SnapshotBook book = loaded.journal.book();
        if (loaded.fault.isPresent()) {
            links.counters.unread.increment();
            context.getLog()
                    .error(
                            "serf: Failed to read snapshot: {}; this node starts without it and keeps none",
                            loaded.fault.get());
            tell(replyTo, book);
            return off();
        }
        if (book.skipped() > 0) {
            context.getLog().warn("serf: Unrecognized snapshot lines: {} in {}", book.skipped(), file.path());
        }
        links.counters.bytes(loaded.journal.fileBytes());
        tell(replyTo, book);
        timers.startTimerWithFixedDelay(Flush.INSTANCE, FLUSH_INTERVAL);
        return recording(loaded.journal, false);
    }

    private void tell(ActorRef<Opened> replyTo, SnapshotBook book) {
        replyTo.tell(new Opened(book.floors(), book.alive(), context.messageAdapter(MemberEvent.class, Happened::new)));
    }

    private static Behavior<Command> onHappened(SnapshotJournal journal, MemberEvent event) {
        MemberRecord member = event.member();
        switch (event.kind()) {
            case JOINED, UPDATED -> {
                if (!member.status().isGone()) {
                    journal.joined(member.name(), member.address().toString());
                }
            }
            case LEFT, FAILED, REAPED -> journal.gone(member.name());
        }
        return Behaviors.same();
    }

    private Behavior<Command> onFlush(SnapshotJournal journal) {
        journal.seen(links.seen.get());
        journal.due().ifPresent(write -> {
            lastWrite = CompletableFuture.supplyAsync(() -> written(write), links.blocking);
            context.pipeToSelf(
                    lastWrite,
                    (written, failure) -> written == null
                            ? new Written(write, Optional.of(faultOf("write", failure)), Optional.empty())
                            : written);
        });
        return Behaviors.same();
    }

    private void read() {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(this::load, links.blocking),
                (loaded, failure) -> loaded == null ? unreadable(failure) : loaded);
    }

    private Written written(Write write) {
        try {
            return new Written(write, Optional.empty(), file.write(write));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Behavior<Command> onWritten(SnapshotJournal journal, Written written, boolean wasFailing) {
        if (written.fault.isPresent()) {
            journal.failed();
            links.counters.unwritten.increment();
            context.getLog()
                    .warn(
                            "serf: Failed to update snapshot: {}; trying again in {} s",
                            written.fault.get(),
                            RETRY_INTERVAL.toSeconds());
            timers.startTimerWithFixedDelay(Flush.INSTANCE, RETRY_INTERVAL);
            return recording(journal, true);
        }
        journal.written();
        links.counters.bytes(journal.fileBytes());
        LongAdder done = switch (written.write.way()) {
            case APPEND -> links.counters.appended;
            case REPLACE -> links.counters.replaced;
        };
        done.increment();
        written.doubt.ifPresent(doubt -> context.getLog().warn("serf: Snapshot written, but: {}", doubt));
        if (wasFailing) {
            context.getLog().info("serf: Recovered from snapshot failures: {}", file.path());
            timers.startTimerWithFixedDelay(Flush.INSTANCE, FLUSH_INTERVAL);
        }
        if (journal.book().hasLeft()) {
            onFlush(journal);
        }
        return recording(journal, false);
    }

    /** On a thread for blocking work. While a write is under way the disk is slow, and what is left is left. */
    private Behavior<Command> onStopped(SnapshotJournal journal) {
        journal.seen(links.seen.get());
        journal.due().ifPresent(write -> {
            try {
                file.write(write);
            } catch (IOException e) {
                links.counters.unwritten.increment();
                context.getLog().warn("serf: Failed to update snapshot: {}", file.fault("write", e));
            }
        });
        return Behaviors.same();
    }

    private String faultOf(String action, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof UncheckedIOException wrapped && wrapped.getCause() != null
                ? file.fault(action, wrapped.getCause())
                : action + " " + file.path() + ": " + cause;
    }

    private SnapshotBook emptyBook() {
        return new SnapshotBook(settings.rejoinAfterLeave(), links.membersMax);
    }
}
