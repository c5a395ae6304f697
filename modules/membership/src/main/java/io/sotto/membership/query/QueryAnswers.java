package io.sotto.membership.query;

import io.sotto.membership.Claims;
import io.sotto.membership.EventSettings;
import io.sotto.membership.MemberRecord;
import io.sotto.membership.Roster;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Acks and answers to the queries of others, as they travel: straight to the asker, and wrapped over relays. Stateless.
 *
 * <p>Source: gossip specification, section 17.6.
 */
public final class QueryAnswers {
    /** Members from this maximum version on pass answers on. */
    private static final int RELAY_VERSION = 5;
    /** Source: agent behaviour, "relay factor must be in range: [0, 5]". */
    private static final int GUARDED_RELAYS = 5;

    private QueryAnswers() {}

    /** That we have taken the query up. */
    public static SerfMessage.QueryResponse ack(SerfMessage.Query query, String self) {
        return new SerfMessage.QueryResponse(query.ltime(), query.id(), self, QueryFlags.ACK, Octets.empty());
    }

    public static SerfMessage.QueryResponse answer(SerfMessage.Query query, String self, Octets payload) {
        return new SerfMessage.QueryResponse(query.ltime(), query.id(), self, 0, payload);
    }

    /** The bytes to send, or empty if they are more than an answer may have. */
    public static Optional<Octets> encode(SerfMessage.QueryResponse response, EventSettings settings) {
        return fitting(response, settings);
    }

    /** The longest payload that an answer of {@code self} may have; 0 if not even an empty one fits. */
    public static int payloadMaxBytes(SerfMessage.Query query, String self, EventSettings settings) {
        int most = settings.answerMaxBytes();
        int empty = SerfCodec.encode(answer(query, self, Octets.empty())).length;
        int guess = Math.max(0, most - empty);
        while (guess > 0 && SerfCodec.encode(answer(query, self, Octets.wrap(new byte[guess]))).length > most) {
            guess--;
        }
        return guess;
    }

    /** The answer wrapped for those who pass it on, or empty if that is more than an answer may have. */
    public static Optional<Octets> wrap(SerfMessage.Query query, Octets answer, EventSettings settings) {
        return fitting(new SerfMessage.Relay(query.asker(), "", query.sourceNode(), answer), settings);
    }

    /**
     * The members that an ack or an answer also goes to, to be passed on; none where the pool is too small for that. Under
     * {@link Claims#GUARDED} no asker has more than {@value #GUARDED_RELAYS} of them do so, the most that real tools ask for.
     */
    public static List<MemberRecord> relays(
            SerfMessage.Query query, List<MemberRecord> records, String self, Claims claims, RandomGenerator random) {
        int factor = claims == Claims.GUARDED ? Math.min(query.relayFactor(), GUARDED_RELAYS) : query.relayFactor();
        if (factor == 0 || records.stream().filter(MemberRecord::isListed).count() < factor + 1L) {
            return List.of();
        }
        return Roster.pick(
                factor,
                records,
                record -> record.status() == SerfStatus.ALIVE
                        && record.versions().pmax() >= RELAY_VERSION
                        && !record.name().equals(self),
                random);
    }

    private static Optional<Octets> fitting(SerfMessage message, EventSettings settings) {
        Octets body = Octets.wrap(SerfCodec.encode(message));
        return body.length() > settings.answerMaxBytes() ? Optional.empty() : Optional.of(body);
    }
}
