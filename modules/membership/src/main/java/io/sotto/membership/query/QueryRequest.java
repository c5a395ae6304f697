package io.sotto.membership.query;

import io.sotto.wire.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A question of ours to the members that match all filters. Source: gossip specification, section 17.6.
 *
 * @param name what is asked; names that begin with {@code _serf_} are answered by members themselves
 * @param payload may be empty
 * @param filters none means everybody
 * @param wantAck whether whoever takes it up is to say so at once
 * @param relayFactor 0 to 255: over so many members in addition each ack and each answer is sent, where so many know how
 * @param timeout how long answers are waited for; by default the longer the more members there are
 */
public record QueryRequest(
        String name,
        Octets payload,
        List<QueryFilter> filters,
        boolean wantAck,
        int relayFactor,
        Optional<Duration> timeout) {
    private static final int RELAY_FACTOR_MAX = 255;

    public QueryRequest {
        filters = List.copyOf(filters);
        if (relayFactor < 0 || relayFactor > RELAY_FACTOR_MAX) {
            throw new IllegalArgumentException("relayFactor " + relayFactor + " is not in 0..255");
        }
    }

    /** Without the payload, which may hold a key. */
    @Override
    public String toString() {
        return "QueryRequest[" + name + ", " + payload.length() + " bytes]";
    }

    /** To everybody, without acks or relays, for the default time. */
    public static QueryRequest of(String name, Octets payload) {
        return new QueryRequest(name, payload, List.of(), false, 0, Optional.empty());
    }
}
