package io.sotto.gossip;

import io.sotto.gossip.PoolCounters.UserEventEnd;
import io.sotto.gossip.datapath.Sealing;
import io.sotto.gossip.datapath.WirePolicy;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.membership.Claims;
import io.sotto.membership.LamportFloors;
import io.sotto.membership.PoolRules;
import io.sotto.membership.event.EventBook;
import io.sotto.membership.event.Sighting;
import io.sotto.membership.event.UserEvent;
import io.sotto.membership.merge.PushPullMerge;
import io.sotto.membership.query.AskedQueries;
import io.sotto.membership.query.InternalQuery;
import io.sotto.membership.query.NameTally;
import io.sotto.membership.query.QueryRequest;
import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Serf's layer of a pool but for its intents: user events and queries, ours and those of others, and what push/pulls tell
 * of them. Applications subscribe here; news is handed to {@link Broadcasts}, in the bytes in which it came; answers go out
 * through the same door, to where {@link Answers} lets them.
 *
 * <p>A name in conflict is asked about, if the settings want that, and the outcome logged; the node goes on whatever it is.
 * Key queries are obeyed only if they came sealed; in the clear they are ignored, not passed on, and counted.
 *
 * <p>Supervised by resume: the books it owns are only changed by calls that return. What has been seen, who subscribed and
 * which queries are under way outlives the failure; the message that caused it is lost.
 *
 * <p>Source: gossip specification, sections 14, 16 and 17.
 */
final class Events {
    sealed interface Command {}

    /**
     * A user event, a query, an answer to one, or an answer to be passed on.
     *
     * @param original the whole message
     * @param sealed whether a key of the ring opened what it came in
     */
    record Heard(SerfMessage message, Octets original, InetSocketAddress source, boolean sealed) implements Command {}

    /** Complete our part of a push/pull, which holds what Serf says of members, and answer with it. */
    record Describe(
            boolean join, List<PushPull.Node> nodes, SerfMessage.PushPullState members, ActorRef<PushPull> replyTo)
            implements Command {
        Describe {
            nodes = List.copyOf(nodes);
        }
    }

    /** What the other side of a push/pull has seen. {@code ignoreOld}: we join, and its old events are not for us. */
    record Merge(SerfMessage.PushPullState remote, boolean ignoreOld) implements Command {}

    /** See {@link GossipPool.Broadcast}. */
    record Send(String name, Octets payload, boolean coalesce, ActorRef<Broadcasted> replyTo) implements Command {}

    /** See {@link GossipPool.Ask}. */
    record Ask(QueryRequest request, ActorRef<QueryProgress> replyTo) implements Command {}

    /**
     * A question of this node's own: one of Serf's or sotto's that applications cannot ask. Where there is a ring it travels
     * sealed, and only answers that came sealed count.
     */
    record AskOwn(QueryRequest request, ActorRef<QueryProgress> replyTo) implements Command {}

    /** See {@link GossipPool.SubscribeEvents}. */
    record Subscribe(ActorRef<UserEvent> subscriber) implements Command {}

    /** See {@link GossipPool.ServeQueries}. */
    record Serve(ActorRef<IncomingQuery> server) implements Command {}

    /** Another address claims to be the member that we are. */
    record NameClaimed(NodeAddress other) implements Command {}

    /** A fault of this actor lost a message: what depends on it is made good. */
    enum Amend implements Command {
        INSTANCE
    }

    private record Answered(IncomingQuery.Answer answer) implements Command {}

    private record KeyringAnswered(QueryDesk.KeysAsked query, KeyKeeper.Answer answer) implements Command {}

    private record QueryOver(long ltime) implements Command {}

    private record Unsubscribed(ActorRef<UserEvent> subscriber) implements Command {}

    private record Unserved(ActorRef<IncomingQuery> server) implements Command {}

    /** What it needs of its pool. {@code rejected} is told what came in and was not for us to obey. */
    record Links(
            ActorRef<Broadcasts.Command> broadcasts,
            ActorRef<KeyKeeper.Command> keyring,
            Supplier<MembersView> view,
            Supplier<WirePolicy> policy,
            SottoAnswers sottoAnswers,
            Published<EventClocks> clocks,
            Answers answers,
            Inflow inflow,
            FloodSettings flood,
            PoolRules rules,
            Claims claims,
            LamportFloors floors,
            Limits limits,
            PoolTime time,
            Supplier<RandomGenerator> randoms,
            Consumer<Rejection> rejected,
            PoolCounters counters) {}

    /** Between two questions about our name: each costs a query to the whole pool. */
    private static final Duration NAME_QUESTIONS_APART = Duration.ofSeconds(30);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Links links;
    private final EventBook book;
    private final QueryDesk queries;
    private final Set<ActorRef<UserEvent>> subscribers = new LinkedHashSet<>();
    private final Set<ActorRef<IncomingQuery>> servers = new LinkedHashSet<>();
    private Instant nextNameQuestion = Instant.MIN;

    private Events(ActorContext<Command> context, TimerScheduler<Command> timers, Links links) {
        this.context = context;
        // Pekko's timers touch the logger first and would name it after a class of theirs.
        context.setLoggerName(Events.class);
        this.timers = timers;
        this.links = links;
        this.book = new EventBook(links.rules.serf().events(), links.flood.eventsMemoryMaxBytes(), links.claims);
        book.resume(links.floors);
        this.queries = new QueryDesk(
                links,
                links.randoms.get(),
                query -> servers.forEach(server -> server.tell(query)),
                context.messageAdapter(IncomingQuery.Answer.class, Answered::new),
                this::askKeyring);
    }

    private void askKeyring(
            Function<ActorRef<KeyKeeper.Answer>, KeyKeeper.Request> request, QueryDesk.KeysAsked query) {
        ActorRef<Command> self = context.getSelf();
        KeyringAsker.ask(context, links.keyring, request, answer -> self.tell(new KeyringAnswered(query, answer)));
    }

    static Behavior<Command> create(Links links) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Events(context, timers, links).open()));
    }

    private Behavior<Command> open() {
        return Behaviors.receive(Command.class)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(Describe.class, this::onDescribe)
                .onMessage(Merge.class, this::onMerge)
                .onMessage(Send.class, this::onSend)
                .onMessage(Ask.class, ask -> ask(ask.request, ask.replyTo::tell))
                .onMessage(AskOwn.class, ask -> begun(queries.askOwn(ask.request, ask.replyTo::tell)))
                .onMessage(Subscribe.class, this::onSubscribe)
                .onMessage(Serve.class, this::onServe)
                .onMessage(NameClaimed.class, this::onNameClaimed)
                .onMessage(Answered.class, answered -> {
                    queries.onAnswer(answered.answer);
                    return Behaviors.same();
                })
                .onMessage(KeyringAnswered.class, answered -> {
                    queries.onKeyring(answered.query, answered.answer);
                    return Behaviors.same();
                })
                .onMessage(Amend.class, amend -> {
                    queries.endOverdue();
                    return Behaviors.same();
                })
                .onMessage(QueryOver.class, over -> {
                    queries.over(over.ltime);
                    return Behaviors.same();
                })
                .onMessage(Unsubscribed.class, gone -> {
                    subscribers.remove(gone.subscriber);
                    return Behaviors.same();
                })
                .onMessage(Unserved.class, gone -> {
                    servers.remove(gone.server);
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Command> onHeard(Heard heard) {
        links.inflow.leftEvents(heard.original.length());
        switch (heard.message.kind()) {
            case USER_EVENT -> onEvent((SerfMessage.UserEvent) heard.message, heard.original);
            case QUERY ->
                queries.onQuery((SerfMessage.Query) heard.message, heard.original, heard.source, heard.sealed);
            case QUERY_RESPONSE -> queries.onResponse((SerfMessage.QueryResponse) heard.message, heard.sealed);
            case RELAY -> onRelay((SerfMessage.Relay) heard.message, heard.source, heard.sealed);
            case LEAVE, JOIN, PUSH_PULL, CONFLICT_RESPONSE, KEY_REQUEST, KEY_RESPONSE ->
                throw new IllegalStateException(heard.message.kind() + " is not for Serf's events");
        }
        return publishClocks();
    }

    private void onEvent(SerfMessage.UserEvent message, Octets original) {
        Sighting sighting = book.hear(message);
        if (sighting != Sighting.NEW) {
            links.counters.userEvents.increment(UserEventEnd.of(sighting));
            return;
        }
        deliver(EventBook.event(message));
        if (links.inflow.news().enterIfQuiet()) {
            links.broadcasts.tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, original));
        }
    }

    private void deliver(UserEvent event) {
        links.counters.userEvents.increment(UserEventEnd.DELIVERED);
        subscribers.forEach(subscriber -> subscriber.tell(event));
    }

    /**
     * Answers to queries are passed on to known members, and nothing else is passed on to anybody. What came sealed leaves
     * sealed; what holds keys and did not stays here.
     */
    private void onRelay(SerfMessage.Relay relay, InetSocketAddress source, boolean sealed) {
        Optional<SerfMessage> decoded = decode(relay.inner());
        Optional<SerfMessage.QueryResponse> inner = decoded.flatMap(message ->
                message instanceof SerfMessage.QueryResponse response ? Optional.of(response) : Optional.empty());
        if (!sealed && decoded.filter(this::holdsKeys).isPresent()) {
            reject(Rejection.Reason.PLAINTEXT, "it asks us to pass on keys in the clear", source, relay);
            return;
        }
        if (links.claims == Claims.GUARDED && inner.isEmpty()) {
            reject(Rejection.Reason.TYPE, "it asks us to pass on what is no answer to a query", source, relay);
            return;
        }
        boolean forUs = relay.destination()
                .socket()
                .equals(links.view.get().self().address().socket());
        if (forUs && inner.isPresent()) {
            queries.onResponse(inner.get(), sealed);
            return;
        }
        Optional<InetSocketAddress> to = links.answers.relayed(relay.destinationNode(), relay.destination());
        if (to.isEmpty()) {
            reject(
                    Rejection.Reason.THIRD_PARTY,
                    "it asks us to send to what is no known member's address",
                    source,
                    relay);
        } else if (queries.send(to.get(), relay.inner(), sealed ? Sealing.ALWAYS : Sealing.AS_DEMANDED)) {
            links.counters.answers.increment(PoolCounters.AnswerEnd.RELAYED);
        }
    }

    private Optional<SerfMessage> decode(Octets body) {
        return SerfCodec.decode(body, links.limits) instanceof DecodedSerf.Message decoded
                ? Optional.of(decoded.message())
                : Optional.empty();
    }

    private boolean holdsKeys(SerfMessage message) {
        if (message instanceof SerfMessage.Query query) {
            return QueryDesk.carriesKeys(query.name());
        }
        return message instanceof SerfMessage.QueryResponse response
                && decode(response.payload())
                        .filter(payload -> payload.kind() == SerfMessage.Kind.KEY_RESPONSE)
                        .isPresent();
    }

    private void reject(Rejection.Reason reason, String detail, InetSocketAddress source, SerfMessage.Relay relay) {
        links.rejected.accept(
                new Rejection(reason, detail, source, relay.inner().length()));
    }

    private Behavior<Command> onDescribe(Describe describe) {
        var state = PushPullMerge.withEvents(describe.members, book.time(), book.slots(), queries.time());
        describe.replyTo.tell(new PushPull(describe.join, describe.nodes, Broadcasts.body(state)));
        return Behaviors.same();
    }

    private Behavior<Command> onMerge(Merge merge) {
        queries.witnessNext(merge.remote.queryLTime());
        book.merge(merge.remote.eventLTime(), merge.remote.events(), merge.ignoreOld)
                .forEach(this::deliver);
        return publishClocks();
    }

    private Behavior<Command> onSend(Send send) {
        EventBook.Sending sending = book.send(send.name, send.payload, send.coalesce);
        if (sending instanceof EventBook.Sending.Refused refused) {
            send.replyTo.tell(new Broadcasted.Refused(refused.reason()));
        } else if (sending instanceof EventBook.Sending.Stamped stamped) {
            links.counters.userEvents.increment(UserEventEnd.SENT);
            send.replyTo.tell(new Broadcasted.Sent(stamped.event().ltime()));
            if (stamped.isNew()) {
                deliver(stamped.event());
            }
            links.broadcasts.tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.EVENT, stamped.body()));
        }
        return publishClocks();
    }

    private Behavior<Command> ask(QueryRequest request, Consumer<QueryProgress> asker) {
        return begun(queries.ask(request, asker));
    }

    private Behavior<Command> begun(Optional<AskedQueries.Asking.Begun> asking) {
        asking.ifPresent(begun -> timers.startSingleTimer(
                new QueryOver(begun.query().ltime()),
                new QueryOver(begun.query().ltime()),
                begun.timeout()));
        return publishClocks();
    }

    private Behavior<Command> onSubscribe(Subscribe subscribe) {
        if (subscribers.add(subscribe.subscriber)) {
            context.watchWith(subscribe.subscriber, new Unsubscribed(subscribe.subscriber));
        }
        return Behaviors.same();
    }

    private Behavior<Command> onServe(Serve serve) {
        if (servers.add(serve.server)) {
            context.watchWith(serve.server, new Unserved(serve.server));
        }
        return Behaviors.same();
    }

    /** A real agent that is in the minority stops; this one leaves that to its operator. */
    private Behavior<Command> onNameClaimed(NameClaimed claimed) {
        Instant now = links.time.now();
        if (!links.rules.serf().events().resolveNameConflicts() || now.isBefore(nextNameQuestion)) {
            return Behaviors.same();
        }
        nextNameQuestion = now.plus(NAME_QUESTIONS_APART);
        NameTally tally = new NameTally(links.view.get().self().address(), links.limits);
        QueryRequest question = QueryRequest.of(InternalQuery.CONFLICT.queryName(), Octets.utf8(links.rules.self()));
        return ask(question, progress -> {
            if (progress instanceof QueryProgress.Answered answer) {
                tally.add(answer.payload());
            } else if (progress instanceof QueryProgress.Finished) {
                report(tally, claimed.other);
            }
        });
    }

    private void report(NameTally tally, NodeAddress other) {
        links.counters.nameQuestions.increment(
                tally.isMajority() ? PoolCounters.NameOutcome.MAJORITY : PoolCounters.NameOutcome.MINORITY);
        if (tally.isMajority()) {
            context.getLog()
                    .info(
                            "serf: majority in name conflict resolution [{} / {}] against {}",
                            tally.forUs(),
                            tally.answers(),
                            other);
        } else {
            context.getLog()
                    .error(
                            "serf: minority in name conflict resolution [{} / {}] against {}; going on nevertheless: "
                                    + "rename one of the two",
                            tally.forUs(),
                            tally.answers(),
                            other);
        }
    }

    private Behavior<Command> publishClocks() {
        links.clocks.set(new EventClocks(book.time(), queries.time()));
        return Behaviors.same();
    }
}
