package io.sotto.gossip;

import io.sotto.gossip.PoolCounters.AnswerEnd;
import io.sotto.gossip.PoolCounters.QueryEnd;
import io.sotto.gossip.datapath.Sealing;
import io.sotto.gossip.keys.KeyKeeper;
import io.sotto.gossip.keys.KeyMessages;
import io.sotto.gossip.keys.KeyOperation;
import io.sotto.membership.EventSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.event.Sighting;
import io.sotto.membership.query.AskedQueries;
import io.sotto.membership.query.ConflictAnswer;
import io.sotto.membership.query.InternalQuery;
import io.sotto.membership.query.KeyAnswer;
import io.sotto.membership.query.QueryAnswers;
import io.sotto.membership.query.QueryBook;
import io.sotto.membership.query.QueryFlags;
import io.sotto.membership.query.QueryRequest;
import io.sotto.membership.query.SottoQuery;
import io.sotto.wire.Octets;
import io.sotto.wire.Rejection;
import io.sotto.wire.WireText;
import io.sotto.wire.crypto.GossipKey;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import io.sotto.wire.message.Tags;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The half of {@link Events} that deals with queries: it has those of others handled and answered, and keeps track of our
 * own. Used by that actor only.
 *
 * <p>What it holds for others is bounded: queries that applications have not answered yet, of which the eldest is given up
 * for a new one. Source: gossip specification, sections 17.6 and 17.7.
 */
final class QueryDesk {
    private static final Duration DEADLINE_MAX = Duration.ofHours(24);

    private final Events.Links links;
    private final EventSettings settings;
    private final RandomGenerator random;
    private final QueryBook book;
    private final AskedQueries asked;
    private final Map<Long, Asker> askers = new HashMap<>();
    private final Map<Long, Unanswered> unanswered = new LinkedHashMap<>();
    private final Consumer<IncomingQuery> deliver;
    private final ActorRef<IncomingQuery.Answer> answers;
    private final Keyring keyring;
    private int keyQueriesOpen;
    private long lastNumber;

    /** A query that an application may still answer; {@code to} is empty if we asked it ourselves. */
    private record Unanswered(SerfMessage.Query query, Optional<InetSocketAddress> to, Instant deadline) {}

    /** Who waits for answers; {@code sealing} says whether only those count that came sealed. */
    private record Asker(Consumer<QueryProgress> progress, Sealing sealing) {}

    /** A key query of another, whose answer goes {@code to} there. */
    record KeysAsked(KeyOperation operation, SerfMessage.Query query, InetSocketAddress to) {}

    /** How the keyring is asked; it answers with {@link #onKeyring}. */
    interface Keyring {
        void ask(Function<ActorRef<KeyKeeper.Answer>, KeyKeeper.Request> request, KeysAsked query);
    }

    QueryDesk(
            Events.Links links,
            RandomGenerator random,
            Consumer<IncomingQuery> deliver,
            ActorRef<IncomingQuery.Answer> answers,
            Keyring keyring) {
        this.links = links;
        this.keyring = keyring;
        this.settings = links.rules().serf().events();
        this.random = random;
        this.deliver = deliver;
        this.answers = answers;
        this.book = new QueryBook(settings, links.claims());
        this.asked = new AskedQueries(
                settings,
                () -> links.rules().swim().gossipInterval(),
                links.flood().queriesMax());
        book.resume(links.floors());
    }

    long time() {
        return book.time();
    }

    void witnessNext(long queryLTime) {
        book.witnessNext(queryLTime);
    }

    /** Asks; answers the query's time and how long it has, for {@link #over}, or empty if it was refused. */
    Optional<AskedQueries.Asking.Begun> ask(QueryRequest request, Consumer<QueryProgress> asker) {
        return begin(
                asked.begin(request, ourselves(), book.time(), links.time().now(), random), asker, Sealing.AS_DEMANDED);
    }

    /**
     * The same for a question of this node's own, which may be about keys: where there is a ring it travels sealed, and only
     * answers that came sealed count.
     */
    Optional<AskedQueries.Asking.Begun> askOwn(QueryRequest request, Consumer<QueryProgress> asker) {
        return begin(
                asked.beginOwn(request, ourselves(), book.time(), links.time().now(), random),
                asker,
                links.policy().get().isKeyed() || carriesKeys(request.name()) ? Sealing.ALWAYS : Sealing.AS_DEMANDED);
    }

    private AskedQueries.Asker ourselves() {
        MembersView view = links.view().get();
        int alive = view.othersPresent() + (view.self().state().isGone() ? 0 : 1);
        return new AskedQueries.Asker(self(), view.self().address(), alive);
    }

    private Optional<AskedQueries.Asking.Begun> begin(
            AskedQueries.Asking asking, Consumer<QueryProgress> asker, Sealing sealing) {
        if (asking instanceof AskedQueries.Asking.Refused refused) {
            asker.accept(new QueryProgress.Refused(refused.reason()));
            return Optional.empty();
        }
        var begun = (AskedQueries.Asking.Begun) asking;
        SerfMessage.Query query = begun.query();
        links.counters().queries.increment(QueryEnd.ASKED);
        askers.put(query.ltime(), new Asker(asker, sealing));
        asker.accept(new QueryProgress.Started(query.id(), query.ltime(), begun.timeout()));
        book.hear(query);
        links.broadcasts().tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, begun.body(), sealing));
        handleIfMeant(query, Optional.empty());
        return Optional.of(begun);
    }

    /** Ends queries of ours whose time is over, and nothing has said so. */
    void endOverdue() {
        asked.overdue(links.time().now()).forEach(this::over);
    }

    /** The time of a query of ours is over. */
    void over(long ltime) {
        Asker asker = askers.remove(ltime);
        Optional<AskedQueries.Count> count = asked.finish(ltime);
        if (asker != null && count.isPresent()) {
            asker.progress.accept(
                    new QueryProgress.Finished(count.get().acks(), count.get().answers()));
        }
    }

    void onQuery(SerfMessage.Query query, Octets original, InetSocketAddress source, boolean sealed) {
        Sealing sealing = sealing(query.name());
        if (sealing == Sealing.ALWAYS && !sealed) {
            // Not even remembered: else whoever has no key could have the sealed one taken for a duplicate.
            links.counters().queries.increment(QueryEnd.KEYS_IGNORED);
            links.rejected()
                    .accept(new Rejection(
                            Rejection.Reason.PLAINTEXT,
                            "a query that counts only sealed came in the clear",
                            source,
                            original.length()));
            return;
        }
        QueryBook.Heard heard = book.hear(query);
        if (heard.sighting() != Sighting.NEW) {
            links.counters().queries.increment(QueryEnd.of(heard.sighting()));
            return;
        }
        if (heard.passOn() && links.inflow().news().enterIfQuiet()) {
            links.broadcasts().tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, original, sealing));
        }
        Optional<InetSocketAddress> asker = links.answers().asker(query.sourceNode(), query.asker(), source);
        if (asker.isEmpty()) {
            links.counters().queries.increment(QueryEnd.UNANSWERABLE);
            return;
        }
        handleIfMeant(query, asker);
    }

    /** Whatever one message says of itself: an ack or an answer to a query of ours. */
    void onResponse(SerfMessage.QueryResponse response, boolean sealed) {
        Asker asker = askers.get(response.ltime());
        if (asker != null && asker.sealing == Sealing.ALWAYS && !sealed) {
            links.counters().answers.increment(AnswerEnd.IN_CLEAR);
            return;
        }
        AskedQueries.Answer answer = asked.onResponse(response, links.time().now());
        links.counters().answers.increment(AnswerEnd.of(answer));
        if (asker == null) {
            return;
        }
        switch (answer) {
            case ACK -> asker.progress.accept(new QueryProgress.Acked(response.from()));
            case ANSWER -> asker.progress.accept(new QueryProgress.Answered(response.from(), response.payload()));
            case DUPLICATE, UNKNOWN, SURPLUS -> {
                // Counted; nobody waits for it.
            }
        }
    }

    /** An application answers. */
    void onAnswer(IncomingQuery.Answer answer) {
        Unanswered open = unanswered.remove(answer.number());
        if (open == null || !links.time().now().isBefore(open.deadline)) {
            links.counters().answers.increment(AnswerEnd.LATE);
            return;
        }
        reply(open.query, QueryAnswers.answer(open.query, self(), answer.payload()), open.to);
    }

    private void handleIfMeant(SerfMessage.Query query, Optional<InetSocketAddress> to) {
        if (!QueryBook.isMeantFor(
                query, self(), Tags.decode(links.view().get().self().meta()))) {
            links.counters().queries.increment(QueryEnd.NOT_MEANT);
            return;
        }
        Optional<InternalQuery> internal = InternalQuery.of(query.name());
        links.counters().queries.increment(QueryEnd.HANDLED);
        if ((query.flags() & QueryFlags.ACK) != 0) {
            reply(query, QueryAnswers.ack(query, self()), to);
        }
        if (internal.isPresent()) {
            answerOurselves(internal.get(), query, to);
        } else if (SottoQuery.isReserved(query.name())) {
            SottoQuery.of(query.name()).ifPresent(asked -> answerAmongUs(asked, query, to));
        } else if (!InternalQuery.isReserved(query.name())) {
            show(query, to);
        }
    }

    private void answerAmongUs(SottoQuery asked, SerfMessage.Query query, Optional<InetSocketAddress> to) {
        int maxBytes = QueryAnswers.payloadMaxBytes(query, self(), settings);
        links.sottoAnswers()
                .answer(asked, query.payload(), maxBytes)
                .ifPresent(payload -> reply(query, QueryAnswers.answer(query, self(), payload), to));
    }

    /** Whether a query of this name, and all that answers it, may only travel sealed. */
    private Sealing sealing(String name) {
        boolean amongUs = SottoQuery.isReserved(name) && links.policy().get().isKeyed();
        return amongUs || carriesKeys(name) ? Sealing.ALWAYS : Sealing.AS_DEMANDED;
    }

    static boolean carriesKeys(String name) {
        return InternalQuery.of(name).filter(InternalQuery::concernsKeys).isPresent()
                || SottoQuery.of(name).filter(SottoQuery::concernsKeys).isPresent();
    }

    private void answerOurselves(InternalQuery internal, SerfMessage.Query query, Optional<InetSocketAddress> to) {
        switch (internal) {
            case PING -> {
                // The ack was the answer.
            }
            case CONFLICT -> {
                String node = WireText.decode(query.payload());
                if (!node.equals(self())) {
                    Octets known = ConflictAnswer.payload(links.view().get().find(node));
                    reply(query, QueryAnswers.answer(query, self(), known), to);
                }
            }
            case INSTALL_KEY, USE_KEY, REMOVE_KEY, LIST_KEYS -> to.ifPresent(asker -> obey(internal, query, asker));
        }
    }

    /** Has the keyring do what another asks for. What we ask for ourselves, who asks has done without us. */
    private void obey(InternalQuery internal, SerfMessage.Query query, InetSocketAddress asker) {
        KeyOperation operation = KeyOperation.of(internal).orElseThrow();
        KeysAsked open = new KeysAsked(operation, withoutContent(query), asker);
        if (keyQueriesOpen >= links.flood().queriesMax()) {
            links.counters().queries.increment(QueryEnd.FULL);
        } else if (operation == KeyOperation.LIST) {
            askKeyring(open, Optional.empty());
        } else {
            KeyMessages.Asked asked = KeyMessages.key(query.payload(), links.limits());
            if (asked instanceof KeyMessages.Asked.Of of) {
                askKeyring(open, Optional.of(of.key()));
            } else if (asked instanceof KeyMessages.Asked.Fault fault) {
                replySealed(open, KeyAnswer.outcome(query, self(), fault.reason()));
            }
        }
    }

    private void askKeyring(KeysAsked open, Optional<GossipKey> key) {
        keyQueriesOpen++;
        keyring.ask(replyTo -> open.operation.request(key, replyTo), open);
    }

    /** What the keyring did. */
    void onKeyring(KeysAsked query, KeyKeeper.Answer answer) {
        keyQueriesOpen--;
        if (answer instanceof KeyKeeper.Answer.Done done && query.operation == KeyOperation.LIST) {
            KeyMessages.listing(query.query, self(), done.ring(), settings)
                    .ifPresentOrElse(
                            body -> replySealed(query, body),
                            () -> links.counters().answers.increment(AnswerEnd.OVERSIZE));
        } else {
            replySealed(query, KeyAnswer.outcome(query.query, self(), answer.fault()));
        }
    }

    private void replySealed(KeysAsked query, Octets body) {
        if (send(query.to, body, Sealing.ALWAYS)) {
            links.counters().answers.increment(AnswerEnd.SENT);
            relay(query.query, body, Sealing.ALWAYS);
        }
    }

    private void show(SerfMessage.Query query, Optional<InetSocketAddress> to) {
        Instant now = links.time().now();
        Duration given = Duration.ofNanos(Math.max(0, query.timeoutNanos()));
        Instant deadline = now.plus(given.compareTo(DEADLINE_MAX) < 0 ? given : DEADLINE_MAX);
        long number = ++lastNumber;
        forgetTheEldest(now);
        unanswered.put(number, new Unanswered(withoutContent(query), to, deadline));
        deliver.accept(new IncomingQuery(
                number,
                query.ltime(),
                query.id(),
                query.name(),
                query.payload(),
                query.sourceNode(),
                deadline,
                QueryAnswers.payloadMaxBytes(query, self(), settings),
                answers));
    }

    private void forgetTheEldest(Instant now) {
        Iterator<Unanswered> eldest = unanswered.values().iterator();
        while (eldest.hasNext()) {
            boolean over = !now.isBefore(eldest.next().deadline);
            if (!over && unanswered.size() < links.flood().queriesMax()) {
                return;
            }
            eldest.remove();
        }
    }

    private void reply(SerfMessage.Query query, SerfMessage.QueryResponse response, Optional<InetSocketAddress> to) {
        Optional<Octets> body = QueryAnswers.encode(response, settings);
        if (body.isEmpty()) {
            links.counters().answers.increment(AnswerEnd.OVERSIZE);
        } else if (to.isEmpty()) {
            onResponse(response, true);
        } else if (send(to.get(), body.get(), sealing(query.name()))) {
            links.counters().answers.increment(AnswerEnd.SENT);
            relay(query, body.get(), sealing(query.name()));
        }
    }

    private void relay(SerfMessage.Query query, Octets body, Sealing sealing) {
        List<MemberRecord> relays =
                QueryAnswers.relays(query, links.view().get().records(), self(), links.claims(), random);
        Optional<Octets> wrapped = relays.isEmpty() ? Optional.empty() : QueryAnswers.wrap(query, body, settings);
        if (wrapped.isPresent()) {
            for (MemberRecord relay : relays) {
                relay.address().socket().ifPresent(at -> send(at, wrapped.get(), sealing));
            }
        }
    }

    /** Sends a Serf message by itself; answers whether it may. */
    boolean send(InetSocketAddress to, Octets body, Sealing sealing) {
        boolean may =
                links.answers().admits(to.getAddress()) && links.inflow().news().enter();
        if (may) {
            links.broadcasts()
                    .tell(new Broadcasts.Send(to, List.of(new SwimMessage.User(body)), false, false, sealing));
        } else {
            links.counters().answers.increment(AnswerEnd.REFUSED);
        }
        return may;
    }

    private String self() {
        return links.rules().self();
    }

    /** What answers need of it, which takes little. */
    private static SerfMessage.Query withoutContent(SerfMessage.Query query) {
        return new SerfMessage.Query(
                query.ltime(),
                query.id(),
                query.asker(),
                query.sourceNode(),
                List.of(),
                query.flags(),
                query.relayFactor(),
                query.timeoutNanos(),
                "",
                Octets.empty());
    }
}
