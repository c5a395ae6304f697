package io.sotto.agent.exec;

import io.sotto.wire.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command of others: {@code taking -> starting -> running -> (its exit code is written) stopped}.
 *
 * <p>{@link JobRun} decides what is written and when; this carries it out, one write after another, and takes in no more
 * output than it can write. A command that runs too long is ended with all that it started, and so is one whose initiator is
 * gone, which a refused write shows. If this stops for any other reason, as with the agent, the command ends too. It is not
 * restarted: what ran half is not run again.
 */
final class RemoteJob {
    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration TICK = Duration.ofMillis(100);
    /** How long the pipe of a command that was killed may stay open, in hands that were not found. */
    private static final Duration GIVE_UP = Duration.ofSeconds(2);

    /** What it hears. */
    sealed interface Command {}

    private record Taken(JobDesk.Taken outcome) implements Command {}

    private record Started(Program program) implements Command {}

    private record NotStarted(String reason) implements Command {}

    private record OutputBegins(ActorRef<Ack> ackTo) implements Command {}

    private record Output(ActorRef<Ack> ackTo, Octets bytes) implements Command {}

    private record Exited(int code) implements Command {}

    private record Written(Optional<String> failure, boolean isLast) implements Command {}

    private enum Signal implements Command {
        OUTPUT_ENDED,
        TICK,
        TIMED_OUT,
        GIVE_UP
    }

    /** Tells the stream of output that it may go on. */
    private enum Ack {
        INSTANCE
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ExecHost host;
    private final String eventId;
    private final ExecEvent event;
    private final JobDesk desk;

    private RemoteJob(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ExecHost host,
            String eventId,
            ExecEvent event) {
        this.context = context;
        this.timers = timers;
        this.host = host;
        this.eventId = eventId;
        this.event = event;
        this.desk = new JobDesk(host.consul(), event, host.node());
    }

    /** Runs what {@code event} leads to, and stops. */
    static Behavior<Command> create(ExecHost host, String eventId, ExecEvent event) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new RemoteJob(context, timers, host, eventId, event).taking()));
    }

    private Behavior<Command> taking() {
        context.pipeToSelf(
                desk.take(),
                (taken, broken) ->
                        new Taken(broken == null ? taken : new JobDesk.Taken.Nothing(String.valueOf(broken))));
        return Behaviors.receive(Command.class)
                .onMessage(Taken.class, taken -> {
                    if (taken.outcome instanceof JobDesk.Taken.Nothing nothing) {
                        host.counts().count(ExecCounts.Outcome.FAILED);
                        LOG.error("{}: event_id={}", nothing.reason(), eventId);
                        return Behaviors.stopped();
                    }
                    JobDesk.Taken.Ready ready = (JobDesk.Taken.Ready) taken.outcome;
                    return starting(new ExecAudit(eventId, event.session(), ready.from(), ready.spec()));
                })
                .onMessage(Command.class, early -> Behaviors.unhandled())
                .build();
    }

    private Behavior<Command> starting(ExecAudit audit) {
        audit.began();
        CompletableFuture<Program> starting = CompletableFuture.supplyAsync(() -> start(audit.spec()), host.blocking());
        context.pipeToSelf(
                starting, (program, broken) -> broken == null ? new Started(program) : new NotStarted(reason(broken)));
        return Behaviors.receive(Command.class)
                .onMessage(Started.class, started -> running(started.program, audit))
                .onMessage(NotStarted.class, failed -> {
                    host.counts().count(ExecCounts.Outcome.FAILED);
                    audit.failed(failed.reason);
                    Octets said = Octets.utf8("[this node cannot run it: " + failed.reason + "]\n");
                    return finishing(said);
                })
                .onMessage(Command.class, early -> Behaviors.unhandled())
                .onSignal(PostStop.class, stopped -> {
                    var unused = starting.thenAccept(Program::kill);
                    return Behaviors.same();
                })
                .build();
    }

    private Program start(JobSpec spec) {
        try {
            return host.starter().start(spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reason(Throwable broken) {
        Throwable cause =
                broken instanceof CompletionException && broken.getCause() != null ? broken.getCause() : broken;
        return cause instanceof UncheckedIOException && cause.getCause() != null
                ? String.valueOf(cause.getCause().getMessage())
                : String.valueOf(cause);
    }

    /** What could not be started has an exit code too: that of Consul's agents. */
    private Behavior<Command> finishing(Octets said) {
        JobKeys keys = event.keys();
        CompletableFuture<Optional<String>> written = desk.write(keys.output(host.node(), 0), said)
                .thenCompose(ignored -> desk.write(keys.exit(host.node()), Octets.utf8("255")));
        context.pipeToSelf(written, (failure, broken) -> new Written(Optional.empty(), true));
        return Behaviors.receive(Command.class)
                .onMessage(Written.class, done -> Behaviors.stopped())
                .onMessage(Command.class, late -> Behaviors.same())
                .build();
    }

    private Behavior<Command> running(Program program, ExecAudit audit) {
        Instant since = host.clock().instant();
        JobOutput output =
                new JobOutput(audit.spec().patience(), host.settings().outputMaxBytes(), since);
        host.counts().began();
        program.output()
                .runWith(
                        ActorSink.actorRefWithBackpressure(
                                context.getSelf(),
                                (ackTo, bytes) -> new Output(ackTo, bytes),
                                OutputBegins::new,
                                Ack.INSTANCE,
                                Signal.OUTPUT_ENDED,
                                broken -> Signal.OUTPUT_ENDED),
                        context.getSystem());
        context.pipeToSelf(program.exit(), (code, broken) -> new Exited(broken == null ? code : JobRun.KILLED));
        timers.startTimerWithFixedDelay(Signal.TICK, TICK);
        timers.startSingleTimer(Signal.TIMED_OUT, host.settings().timeout());
        return new Attended(program, audit, since, output, new JobRun(event.keys(), host.node(), output)).behavior();
    }

    /** A command under way; the one place of this actor where something changes is its {@link JobRun}. */
    private final class Attended {
        private final Program program;
        private final ExecAudit audit;
        private final Instant since;
        private final JobOutput output;
        private final JobRun run;

        Attended(Program program, ExecAudit audit, Instant since, JobOutput output, JobRun run) {
            this.program = program;
            this.audit = audit;
            this.since = since;
            this.output = output;
            this.run = run;
        }

        Behavior<Command> behavior() {
            return held(Optional.empty());
        }

        /** @param held who waits to send more output */
        private Behavior<Command> held(Optional<ActorRef<Ack>> held) {
            return Behaviors.receive(Command.class)
                    .onMessage(OutputBegins.class, begins -> {
                        begins.ackTo.tell(Ack.INSTANCE);
                        return Behaviors.same();
                    })
                    .onMessage(Output.class, more -> {
                        run.add(more.bytes, host.clock().instant());
                        write();
                        return goOn(Optional.of(more.ackTo));
                    })
                    .onMessage(Exited.class, exited -> {
                        run.exited(exited.code);
                        write();
                        return Behaviors.same();
                    })
                    .onMessage(Written.class, written -> {
                        if (written.failure.isPresent()) {
                            return abandon(written.failure.get());
                        }
                        if (written.isLast) {
                            return over();
                        }
                        run.written();
                        write();
                        return goOn(held);
                    })
                    .onMessage(Signal.class, signal -> {
                        switch (signal) {
                            case OUTPUT_ENDED -> run.outputEnded();
                            case TIMED_OUT -> killLate();
                            case GIVE_UP -> {
                                run.outputEnded();
                                run.exited(JobRun.KILLED);
                            }
                            case TICK -> {}
                        }
                        write();
                        return Behaviors.same();
                    })
                    .onMessage(Command.class, late -> Behaviors.same())
                    .onSignal(PostStop.class, stopped -> {
                        if (!run.isOver()) {
                            // Here and now: with the agent, the threads that could do it later end as well.
                            program.kill();
                        }
                        program.tidy();
                        host.counts().wrote(output);
                        host.counts().ended();
                        return Behaviors.same();
                    })
                    .build();
        }

        private Behavior<Command> goOn(Optional<ActorRef<Ack>> waiting) {
            if (waiting.isPresent() && run.hasRoom()) {
                waiting.get().tell(Ack.INSTANCE);
                return held(Optional.empty());
            }
            return held(waiting);
        }

        private void write() {
            run.next(host.clock().instant())
                    .ifPresent(write -> context.pipeToSelf(
                            desk.write(write.key(), write.value()),
                            (failure, broken) -> new Written(
                                    broken == null ? failure : Optional.of(String.valueOf(broken)), write.isLast())));
        }

        private void killLate() {
            run.killed("ended after " + host.settings().timeout().toSeconds() + " s, the most that remote-exec.timeout"
                    + " of this node allows");
            host.blocking().execute(program::kill);
            timers.startSingleTimer(Signal.GIVE_UP, GIVE_UP);
        }

        private Behavior<Command> abandon(String reason) {
            LOG.warn(
                    "a remote exec job is ended, since its output cannot be written: event_id={} error=\"{}\"",
                    eventId,
                    reason);
            host.blocking().execute(program::kill);
            return ended(ExecCounts.Outcome.ABANDONED, reason);
        }

        private Behavior<Command> over() {
            return run.wasKilled()
                    ? ended(ExecCounts.Outcome.KILLED, "too long")
                    : ended(ExecCounts.Outcome.EXITED, "exit code " + run.exitCode());
        }

        private Behavior<Command> ended(ExecCounts.Outcome outcome, String detail) {
            run.over();
            host.counts().count(outcome);
            audit.ended(outcome, detail, output, since, host.clock().instant());
            return Behaviors.stopped();
        }
    }
}
