package io.sotto.gossip;

import io.sotto.gossip.PoolCounters.AnswerEnd;
import io.sotto.gossip.PoolCounters.QueryEnd;
import io.sotto.membership.EventSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.event.Sighting;
import io.sotto.membership.query.AskedQueries;
import io.sotto.membership.query.ConflictAnswer;
import io.sotto.membership.query.InternalQuery;
import io.sotto.membership.query.QueryAnswers;
import io.sotto.membership.query.QueryBook;
import io.sotto.membership.query.QueryFlags;
import io.sotto.membership.query.QueryRequest;
import io.sotto.wire.Octets;
import io.sotto.wire.WireText;
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
    private final Map<Long, Consumer<QueryProgress>> askers = new HashMap<>();
    private final Map<Long, Unanswered> unanswered = new LinkedHashMap<>();
    private final Consumer<IncomingQuery> deliver;
    private final ActorRef<IncomingQuery.Answer> answers;
    private long lastNumber;

    /** A query that an application may still answer; {@code to} is empty if we asked it ourselves. */
    private record Unanswered(SerfMessage.Query query, Optional<InetSocketAddress> to, Instant deadline) {}

    QueryDesk(
            Events.Links links,
            RandomGenerator random,
            Consumer<IncomingQuery> deliver,
            ActorRef<IncomingQuery.Answer> answers) {
        this.links = links;
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
        MembersView view = links.view().get();
        int alive = view.othersPresent() + (view.self().state().isGone() ? 0 : 1);
        AskedQueries.Asking asking = asked.begin(
                request,
                new AskedQueries.Asker(self(), view.self().address(), alive),
                book.time(),
                links.time().now(),
                random);
        if (asking instanceof AskedQueries.Asking.Refused refused) {
            asker.accept(new QueryProgress.Refused(refused.reason()));
            return Optional.empty();
        }
        var begun = (AskedQueries.Asking.Begun) asking;
        SerfMessage.Query query = begun.query();
        links.counters().queries.increment(QueryEnd.ASKED);
        askers.put(query.ltime(), asker);
        asker.accept(new QueryProgress.Started(query.id(), query.ltime(), begun.timeout()));
        book.hear(query);
        links.broadcasts().tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, begun.body()));
        handleIfMeant(query, Optional.empty());
        return Optional.of(begun);
    }

    /** The time of a query of ours is over. */
    void over(long ltime) {
        Consumer<QueryProgress> asker = askers.remove(ltime);
        Optional<AskedQueries.Count> count = asked.finish(ltime);
        if (asker != null && count.isPresent()) {
            asker.accept(
                    new QueryProgress.Finished(count.get().acks(), count.get().answers()));
        }
    }

    void onQuery(SerfMessage.Query query, Octets original, InetSocketAddress source) {
        QueryBook.Heard heard = book.hear(query);
        if (heard.sighting() != Sighting.NEW) {
            links.counters().queries.increment(QueryEnd.of(heard.sighting()));
            return;
        }
        if (heard.passOn() && links.inflow().news().enterIfQuiet()) {
            links.broadcasts().tell(new Broadcasts.QueueMessage(Broadcasts.Transmitted.QUERY, original));
        }
        Optional<InetSocketAddress> asker = links.answers().asker(query.sourceNode(), query.asker(), source);
        if (asker.isEmpty()) {
            links.counters().queries.increment(QueryEnd.UNANSWERABLE);
            return;
        }
        handleIfMeant(query, asker);
    }

    /** Whatever one message says of itself: an ack or an answer to a query of ours. */
    void onResponse(SerfMessage.QueryResponse response) {
        AskedQueries.Answer answer = asked.onResponse(response, links.time().now());
        links.counters().answers.increment(AnswerEnd.of(answer));
        Consumer<QueryProgress> asker = askers.get(response.ltime());
        if (asker == null) {
            return;
        }
        switch (answer) {
            case ACK -> asker.accept(new QueryProgress.Acked(response.from()));
            case ANSWER -> asker.accept(new QueryProgress.Answered(response.from(), response.payload()));
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
        if (internal.filter(InternalQuery::concernsKeys).isPresent()) {
            links.counters().queries.increment(QueryEnd.KEYS_IGNORED);
            return;
        }
        links.counters().queries.increment(QueryEnd.HANDLED);
        if ((query.flags() & QueryFlags.ACK) != 0) {
            reply(query, QueryAnswers.ack(query, self()), to);
        }
        if (internal.isPresent()) {
            answerOurselves(internal.get(), query, to);
        } else if (!InternalQuery.isReserved(query.name())) {
            show(query, to);
        }
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
            case INSTALL_KEY, USE_KEY, REMOVE_KEY, LIST_KEYS ->
                throw new IllegalStateException("key queries are not answered");
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
            onResponse(response);
        } else if (send(to.get(), body.get())) {
            links.counters().answers.increment(AnswerEnd.SENT);
            relay(query, body.get());
        }
    }

    private void relay(SerfMessage.Query query, Octets body) {
        List<MemberRecord> relays =
                QueryAnswers.relays(query, links.view().get().records(), self(), links.claims(), random);
        Optional<Octets> wrapped = relays.isEmpty() ? Optional.empty() : QueryAnswers.wrap(query, body, settings);
        if (wrapped.isPresent()) {
            for (MemberRecord relay : relays) {
                relay.address().socket().ifPresent(at -> send(at, wrapped.get()));
            }
        }
    }

    /** Sends a Serf message by itself; answers whether it may. */
    boolean send(InetSocketAddress to, Octets body) {
        boolean may =
                links.answers().admits(to.getAddress()) && links.inflow().news().enter();
        if (may) {
            links.broadcasts().tell(new Broadcasts.Send(to, List.of(new SwimMessage.User(body)), false, false));
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
