package io.sotto.gossip;

import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import io.sotto.gossip.keys.MemberKeys;
import io.sotto.membership.query.QueryFilter;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.Limits;
import io.sotto.wire.crypto.GossipKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One key operation in the whole pool: {@code asking (twice at most) -> ours -> stopped}. Asks all members by one of Serf's key
 * queries, until each has answered that is still there, or the query's time is over; then reports to whoever wanted it.
 *
 * <p>Gossip misses a member now and then, and answers get lost. So whoever is silent when the time is over is asked the same
 * once more, by a query that names these members only, if they are few ({@link Awaited#again}). Where only the answer was lost the
 * operation is done there a second time, which changes nothing: a key that is installed may be installed, the primary may be
 * made the primary, and a key that is gone may be removed, here and at the real agents, all of which answer that it is done.
 * What a member said first stands.
 *
 * <p>Nothing is asked where it could not travel sealed: without a ring, and while outgoing verification is off. This node's
 * own ring does as the others', but changes its primary last: what asks the others for that change, the first time and the
 * second, is then sealed with the key that all of them still have.
 *
 * <p>Supervised by stop: a fault costs the report of this operation, and its asker knows how long that may take. Source:
 * gossip specification, sections 6.2 and 17.7; security rules, "Keys"; that it asks twice is ours.
 */
final class KeyInquiry {
    sealed interface Command {}

    private record Progressed(QueryProgress progress) implements Command {}

    private record Ours(MemberKeys answer) implements Command {}

    /** Members may have left: look whether somebody is still to be waited for. */
    private enum Look implements Command {
        INSTANCE
    }

    /** What is wanted of whom. */
    record Task(KeyOperation operation, Optional<GossipKey> key, Audience audience, int relayFactor) {}

    /** One of the two that may be asked; the request holds the key, whatever becomes of the asker's meanwhile. */
    private record Question(int round, QueryRequest request) {
        boolean isFirst() {
            return round == 1;
        }

        /** The same, of just these of whom it was asked. */
        Question again(QueryFilter.Nodes just) {
            List<QueryFilter> filters = new ArrayList<>(request.filters());
            filters.add(just);
            return new Question(
                    round + 1,
                    new QueryRequest(
                            request.name(),
                            request.payload(),
                            filters,
                            request.wantAck(),
                            request.relayFactor(),
                            request.timeout()));
        }
    }

    /** Who is asked. */
    enum Audience {
        ALL,
        /** Only members that are not sotto's, and not this node. */
        OTHER_SOFTWARE
    }

    /** What it needs of its pool. */
    record Links(
            ActorRef<Events.Command> events,
            ActorRef<KeyKeeper.Command> keyring,
            Supplier<MembersView> view,
            Supplier<WirePolicy> policy,
            Limits limits,
            Duration lookInterval) {}

    /** Source: security rules, "Keys". */
    static final String NOT_SEALED = "keyring operations need encrypt_verify_outgoing";

    /** Why there is no report, if a fault ended its inquiry. */
    static final String BROKEN_OFF = "a fault of this node broke it off, or the node has stopped";

    /** A question or its answer may be lost once. */
    private static final int ROUNDS_MAX = 2;

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final Task task;
    private final ActorRef<KeyReport> replyTo;
    private final Awaited awaited;
    private final String self;
    private final SortedMap<String, MemberKeys> answers = new TreeMap<>();
    private boolean isAnswered;

    private KeyInquiry(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Links links,
            Task task,
            ActorRef<KeyReport> replyTo) {
        this.context = context;
        context.setLoggerName(KeyInquiry.class);
        this.timers = timers;
        this.links = links;
        this.task = task;
        this.replyTo = replyTo;
        this.self = links.view.get().self().name();
        this.awaited = Awaited.of(links.view, record -> switch (task.audience) {
            case ALL -> true;
            case OTHER_SOFTWARE -> !record.name().equals(self) && !SottoQuery.isAnsweredBy(record);
        });
    }

    static Behavior<Command> create(Links links, Task task, ActorRef<KeyReport> replyTo) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new KeyInquiry(context, timers, links, task, replyTo).begin()));
    }

    /** Why nothing about keys may be asked of others now, if so. */
    static Optional<String> objection(KeyOperation operation, WirePolicy policy) {
        if (!policy.isKeyed()) {
            return Optional.of(
                    operation == KeyOperation.LIST ? KeyKeeper.NOTHING_TO_LIST : KeyKeeper.NOTHING_TO_MODIFY);
        }
        return policy.verifyOutgoing() ? Optional.empty() : Optional.of(NOT_SEALED);
    }

    private Behavior<Command> begin() {
        Optional<String> objection = objection(task.operation, links.policy.get());
        if (objection.isPresent()) {
            return refuse(objection.get());
        }
        return ask(new Question(
                1,
                new QueryRequest(
                        task.operation.query().queryName(),
                        KeyMessages.question(task.key),
                        filters(),
                        false,
                        task.relayFactor,
                        Optional.empty())));
    }

    private Behavior<Command> ask(Question question) {
        links.events.tell(new Events.AskOwn(
                question.request,
                // One adapter does for both rounds: nothing is told of a query once it is over.
                context.messageAdapter(QueryProgress.class, Progressed::new)));
        return asking(question);
    }

    private List<QueryFilter> filters() {
        return switch (task.audience) {
            case ALL -> List.of();
            case OTHER_SOFTWARE -> SottoQuery.othersOnly();
        };
    }

    private Behavior<Command> asking(Question question) {
        return Behaviors.receive(Command.class)
                .onMessage(Progressed.class, progressed -> onProgress(question, progressed.progress))
                .onMessage(Ours.class, this::onOursMeanwhile)
                .onMessage(Look.class, look -> endIfComplete())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    private Behavior<Command> onProgress(Question question, QueryProgress progress) {
        if (progress instanceof QueryProgress.Refused refused) {
            return question.isFirst() ? refuse(refused.reason()) : ours();
        }
        if (progress instanceof QueryProgress.Started) {
            if (question.isFirst()) {
                begun();
            }
            return Behaviors.same();
        }
        if (progress instanceof QueryProgress.Answered answered) {
            // Under our own name comes another node's answer: what our ring did, it says itself.
            if (!answered.from().equals(self) && awaited.mayAnswer(answered.from())) {
                answers.putIfAbsent(answered.from(), KeyMessages.answer(answered.payload(), links.limits));
            }
            return endIfComplete();
        }
        return progress instanceof QueryProgress.Finished ? onTimeOver(question) : Behaviors.same();
    }

    private void begun() {
        timers.startTimerAtFixedRate(Look.INSTANCE, links.lookInterval);
        if (task.operation != KeyOperation.USE) {
            askOurs();
        }
    }

    private Behavior<Command> onTimeOver(Question question) {
        // What is demanded of bytes that go out may have changed since the first question.
        boolean mayAskAgain = question.round < ROUNDS_MAX
                && objection(task.operation, links.policy.get()).isEmpty();
        Optional<QueryFilter.Nodes> silent = mayAskAgain ? awaited.again(heard()) : Optional.empty();
        return silent.map(just -> ask(question.again(just))).orElseGet(this::ours);
    }

    private Behavior<Command> onOursMeanwhile(Ours ours) {
        answers.put(self, ours.answer);
        return endIfComplete();
    }

    private Behavior<Command> endIfComplete() {
        return awaited.isCompleteWith(heard()) ? ours() : Behaviors.same();
    }

    /** Of whom no answer is to come over the network. */
    private List<String> heard() {
        List<String> heard = new ArrayList<>(answers.keySet());
        heard.add(self);
        return heard;
    }

    /** The others are done with. */
    private Behavior<Command> ours() {
        if (task.audience != Audience.ALL || answers.containsKey(self)) {
            return report();
        }
        if (task.operation == KeyOperation.USE) {
            askOurs();
        }
        return Behaviors.receive(Command.class)
                .onMessage(Ours.class, ours -> {
                    answers.put(self, ours.answer);
                    return report();
                })
                .onMessage(Progressed.class, late -> Behaviors.same())
                .onMessage(Look.class, late -> Behaviors.same())
                .onSignal(PostStop.class, stop -> onStopped())
                .build();
    }

    private void askOurs() {
        if (task.audience != Audience.ALL) {
            return;
        }
        ActorRef<Command> asker = context.getSelf();
        KeyringAsker.ask(
                context,
                links.keyring,
                replyTo -> task.operation.request(task.key, replyTo),
                answer -> asker.tell(new Ours(said(task.operation, answer))));
    }

    private static MemberKeys said(KeyOperation operation, KeyKeeper.Answer answer) {
        if (answer instanceof KeyKeeper.Answer.Done done) {
            return operation == KeyOperation.LIST
                    ? new MemberKeys(true, "", done.ring().keys(), done.ring().primary())
                    : MemberKeys.asWanted();
        }
        return MemberKeys.failed(answer.fault());
    }

    /** By a fault, or with the pool: nobody is left waiting. */
    private Behavior<Command> onStopped() {
        return isAnswered ? Behaviors.same() : refuse(BROKEN_OFF);
    }

    private Behavior<Command> report() {
        isAnswered = true;
        var silent = awaited.missingFrom(answers.keySet());
        replyTo.tell(new KeyReport(task.operation, answers.size() + silent.size(), answers, silent, Optional.empty()));
        return Behaviors.stopped();
    }

    private Behavior<Command> refuse(String reason) {
        isAnswered = true;
        replyTo.tell(KeyReport.refused(task.operation, reason));
        return Behaviors.stopped();
    }
}
