package io.sotto.gossip;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.SelfReportCodec;
import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Asks the sotto members what they say of their own encryption: {@code asking (twice at most) -> stopped}. The question and
 * its answers travel sealed whatever the pool demands; what comes plain does not count. Without a key nobody is asked.
 *
 * <p>Supervised by stop: a fault costs this one report, and its asker knows how long that may take. Source: ours.
 */
final class ReportInquiry {
    sealed interface Command {}

    private record Progressed(int round, QueryProgress progress) implements Command {}

    /** Members may have gone: look whether somebody is still to be waited for. */
    private enum Look implements Command {
        INSTANCE
    }

    /** What it needs of its pool. */
    record Links(
            ActorRef<Events.Command> events,
            Supplier<MembersView> view,
            Supplier<Optional<SelfReport>> ours,
            Duration lookInterval) {}

    /** A question or its answer may be lost once. */
    private static final int ROUNDS_MAX = 2;

    private final ActorContext<Command> context;
    private final Links links;
    private final ActorRef<MemberReports> replyTo;
    private final String self;
    private final Awaited awaited;
    private final SortedMap<String, SelfReport> reports = new TreeMap<>();
    private boolean isAnswered;

    private ReportInquiry(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Links links,
            ActorRef<MemberReports> replyTo) {
        this.context = context;
        context.setLoggerName(ReportInquiry.class);
        this.links = links;
        this.replyTo = replyTo;
        this.self = links.view.get().self().name();
        this.awaited = Awaited.of(links.view, this::isAsked);
        timers.startTimerAtFixedRate(Look.INSTANCE, links.lookInterval);
    }

    private boolean isAsked(MemberRecord record) {
        return !record.name().equals(self) && SottoQuery.isAnsweredBy(record);
    }

    static Behavior<Command> create(Links links, ActorRef<MemberReports> replyTo) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ReportInquiry(context, timers, links, replyTo).begin()));
    }

    private Behavior<Command> begin() {
        Optional<SelfReport> ours = links.ours.get();
        if (ours.isEmpty()) {
            return report();
        }
        reports.put(self, ours.get());
        return awaited.isEmpty() ? report() : ask(1);
    }

    private Behavior<Command> ask(int round) {
        links.events.tell(new Events.AskOwn(
                new QueryRequest(
                        SottoQuery.REPORT.queryName(),
                        Octets.empty(),
                        SottoQuery.filters(),
                        false,
                        0,
                        Optional.empty()),
                ofRound(round)));
        return asking(round);
    }

    /** A message adapter would take the end of one round's query for that of the next. */
    private ActorRef<QueryProgress> ofRound(int round) {
        ActorRef<Command> asker = context.getSelf();
        return context.spawnAnonymous(Behaviors.receiveMessage(progress -> {
            asker.tell(new Progressed(round, progress));
            return Behaviors.same();
        }));
    }

    private Behavior<Command> asking(int round) {
        return Behaviors.receive(Command.class)
                .onMessage(Progressed.class, progressed -> onProgress(round, progressed))
                .onMessage(Look.class, look -> reportIfComplete())
                // By a fault, or with the pool: nobody is left waiting.
                .onSignal(PostStop.class, stop -> isAnswered ? Behaviors.same() : report())
                .build();
    }

    private Behavior<Command> onProgress(int round, Progressed progressed) {
        QueryProgress progress = progressed.progress;
        if (progress instanceof QueryProgress.Answered answered) {
            if (!answered.from().equals(self) && awaited.mayAnswer(answered.from())) {
                SelfReportCodec.decode(answered.payload()).ifPresent(report -> reports.put(answered.from(), report));
            }
            return reportIfComplete();
        }
        boolean isOver = progress instanceof QueryProgress.Finished || progress instanceof QueryProgress.Refused;
        if (!isOver || progressed.round != round) {
            return Behaviors.same();
        }
        return round < ROUNDS_MAX && progress instanceof QueryProgress.Finished ? ask(round + 1) : report();
    }

    private Behavior<Command> reportIfComplete() {
        return awaited.isCompleteWith(reports.keySet()) ? report() : Behaviors.same();
    }

    private Behavior<Command> report() {
        isAnswered = true;
        replyTo.tell(new MemberReports(reports, new TreeSet<>(awaited.missingFrom(reports.keySet()))));
        return Behaviors.stopped();
    }
}
