package io.sotto.membership.query;

import io.sotto.membership.EventSettings;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The queries of our own that are under way, and whose acks and answers have come. Nothing that a peer said makes it
 * throw. One owner.
 *
 * <p>Source: gossip specification, section 17.6; how many queries may be under way, and from how many names answers are
 * taken, is bounded by us.
 */
public final class AskedQueries {
    private static final Duration TIMEOUT_MAX = Duration.ofHours(24);
    /** Answers taken where the pool is smaller than that; a pool may grow while it is asked. */
    private static final int ANSWERERS_LEAST = 1_024;

    private final EventSettings settings;
    private final Supplier<Duration> gossipInterval;
    private final int maxOpen;
    private final Map<Long, Open> byLTime = new HashMap<>();

    /**
     * @param gossipInterval gives the one in force
     * @param maxOpen queries that may be under way at once
     */
    public AskedQueries(EventSettings settings, Supplier<Duration> gossipInterval, int maxOpen) {
        this.settings = settings;
        this.gossipInterval = gossipInterval;
        this.maxOpen = maxOpen;
    }

    /** What came of an attempt to ask. */
    public sealed interface Asking {
        /** Handle {@code query} here, gossip {@code body}, and {@link #finish} after {@code timeout}. */
        record Begun(SerfMessage.Query query, Octets body, Duration timeout) implements Asking {}

        /** It was not asked; the reason is for the caller. */
        record Refused(String reason) implements Asking {}
    }

    /** What a message was that says that it answers a query of ours. */
    public enum Answer {
        ACK,
        ANSWER,
        /** It came from there before. */
        DUPLICATE,
        /** To no query that is under way, or to one whose time is over. */
        UNKNOWN,
        /** From more names than the pool has members. */
        SURPLUS
    }

    /** Who asks, and what the size of the pool says of how long it takes. */
    public record Asker(String name, NodeAddress address, int aliveMembers) {}

    /** Asks for an application. {@code ltime} is the time of the next query, {@link QueryBook#time}. */
    public Asking begin(QueryRequest request, Asker asker, long ltime, Instant now, RandomGenerator random) {
        if (InternalQuery.of(request.name()).filter(InternalQuery::concernsKeys).isPresent()) {
            return new Asking.Refused("key operations are not asked for by query");
        }
        if (SottoQuery.isReserved(request.name())) {
            return new Asking.Refused("queries of this name are asked by sotto members only");
        }
        return beginOwn(request, asker, ltime, now, random);
    }

    /** Asks for this node itself, which may ask about keys. */
    public Asking beginOwn(QueryRequest request, Asker asker, long ltime, Instant now, RandomGenerator random) {
        Duration timeout = request.timeout().orElseGet(() -> defaultTimeout(asker.aliveMembers));
        Optional<String> objection = objection(request, timeout, ltime);
        if (objection.isPresent()) {
            return new Asking.Refused(objection.get());
        }
        var query = new SerfMessage.Query(
                ltime,
                random.nextInt(Integer.MAX_VALUE),
                asker.address,
                asker.name,
                request.filters().stream().map(QueryFilter::encode).toList(),
                request.wantAck() ? QueryFlags.ACK : 0,
                request.relayFactor(),
                timeout.toNanos(),
                request.name(),
                request.payload());
        Octets body = Octets.wrap(SerfCodec.encode(query));
        if (body.length() > settings.queryMaxBytes()) {
            return new Asking.Refused("query exceeds limit of " + settings.queryMaxBytes() + " bytes");
        }
        byLTime.put(
                ltime,
                new Open(
                        query.id(),
                        request.wantAck(),
                        now.plus(timeout),
                        Math.max(ANSWERERS_LEAST, 2 * asker.aliveMembers)));
        return new Asking.Begun(query, body, timeout);
    }

    /** An ack or an answer came, whatever it is to. */
    public Answer onResponse(SerfMessage.QueryResponse response, Instant now) {
        Open open = byLTime.get(response.ltime());
        if (open == null || open.id != response.id() || !now.isBefore(open.deadline)) {
            return Answer.UNKNOWN;
        }
        boolean ack = (response.flags() & QueryFlags.ACK) != 0;
        if (ack && !open.wantsAcks) {
            return Answer.UNKNOWN;
        }
        Set<String> from = ack ? open.acked : open.answered;
        if (from.contains(response.from())) {
            return Answer.DUPLICATE;
        }
        if (from.size() >= open.answerersMax) {
            return Answer.SURPLUS;
        }
        from.add(response.from());
        return ack ? Answer.ACK : Answer.ANSWER;
    }

    /** The time of this query is over; answers how many acks and answers it got, or empty if there is none. */
    public Optional<Count> finish(long ltime) {
        Open open = byLTime.remove(ltime);
        return open == null ? Optional.empty() : Optional.of(new Count(open.acked.size(), open.answered.size()));
    }

    /** Of which the time is over, by their Lamport times. */
    public List<Long> overdue(Instant now) {
        return byLTime.entrySet().stream()
                .filter(open -> !now.isBefore(open.getValue().deadline))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** From how many members acks and answers came. */
    public record Count(int acks, int answers) {}

    /** Queries under way. */
    public int size() {
        return byLTime.size();
    }

    /** How long answers are waited for if nothing else is said. */
    public Duration defaultTimeout(int aliveMembers) {
        return gossipInterval.get().multipliedBy(settings.queryTimeoutMult()).multipliedBy((long)
                Math.ceil(Math.log10(aliveMembers + 1.0)));
    }

    private Optional<String> objection(QueryRequest request, Duration timeout, long ltime) {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            return Optional.of("the timeout of a query must be above zero and at most 24 hours");
        }
        if (byLTime.size() >= maxOpen) {
            return Optional.of("too many queries are under way, " + maxOpen);
        }
        if (byLTime.containsKey(ltime)) {
            return Optional.of("the query clock stands at its last time");
        }
        for (QueryFilter filter : request.filters()) {
            @Nullable String fault = fault(filter);
            if (fault != null) {
                return Optional.of(fault);
            }
        }
        return request.filters().size() > QueryFilter.COUNT_MAX
                ? Optional.of("a query has at most " + QueryFilter.COUNT_MAX + " filters")
                : Optional.empty();
    }

    private static @Nullable String fault(QueryFilter filter) {
        return filter instanceof QueryFilter.Tag tag
                        && TagExpression.parse(tag.expression()).isEmpty()
                ? "'" + tag.expression() + "' is no RE2 expression, or one that may cost too much"
                : null;
    }

    private static final class Open {
        private final long id;
        private final boolean wantsAcks;
        private final Instant deadline;
        private final int answerersMax;
        private final Set<String> acked = new HashSet<>();
        private final Set<String> answered = new HashSet<>();

        private Open(long id, boolean wantsAcks, Instant deadline, int answerersMax) {
            this.id = id;
            this.wantsAcks = wantsAcks;
            this.deadline = deadline;
            this.answerersMax = answerersMax;
        }
    }
}
