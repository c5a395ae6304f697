package io.sotto.membership.query;

import io.sotto.membership.EventSettings;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.List;
import java.util.Optional;

/**
 * The answers to key queries, shaped as real members shape them. Stateless.
 *
 * <p>None may travel in the clear: whoever sends them has them sealed. Source: gossip specification, section 17.7; security
 * rules, "Keys".
 */
public final class KeyAnswer {
    /** By which the first number of keys is guessed that may fit. */
    private static final int BYTES_PER_KEY = 25;

    private KeyAnswer() {}

    /**
     * The keys on the ring, or as many of the first of them as fit into an answer; empty if not even none does.
     *
     * @param keys in base64, the primary key first
     */
    public static Optional<Octets> list(
            SerfMessage.Query query, String self, List<String> keys, String primaryKey, EventSettings settings) {
        Octets whole = response(new SerfMessage.KeyResponse(true, "", keys, primaryKey), query, self);
        if (whole.length() <= settings.answerMaxBytes()) {
            return Optional.of(whole);
        }
        for (int shown = Math.min(settings.answerMaxBytes() / BYTES_PER_KEY, keys.size()); shown >= 0; shown--) {
            String message = "truncated key list response, showing first " + shown + " of " + keys.size() + " keys";
            Octets cut = response(
                    new SerfMessage.KeyResponse(true, message, keys.subList(0, shown), primaryKey), query, self);
            if (cut.length() <= settings.answerMaxBytes()) {
                return Optional.of(cut);
            }
        }
        return Optional.empty();
    }

    /** What came of installing, using or removing a key; an empty {@code fault} is success. */
    public static Octets outcome(SerfMessage.Query query, String self, String fault) {
        return response(new SerfMessage.KeyResponse(fault.isEmpty(), fault, List.of(), ""), query, self);
    }

    private static Octets response(SerfMessage.KeyResponse keys, SerfMessage.Query query, String self) {
        return Octets.wrap(SerfCodec.encode(QueryAnswers.answer(query, self, Octets.wrap(SerfCodec.encode(keys)))));
    }
}
