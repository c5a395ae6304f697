package io.sotto.membership.query;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Queries and answers that the tests of this package speak of. The asker is {@code asker}, at 10.0.0.9:7946. */
final class Queries {
    static final NodeAddress ASKER = new NodeAddress(Octets.wrap(new byte[] {10, 0, 0, 9}), 7_946);

    private Queries() {}

    static SerfMessage.Query query(long ltime, long id, List<Octets> filters, long flags) {
        return new SerfMessage.Query(
                ltime, id, ASKER, "asker", filters, flags, 0, 1_000_000_000, "load", Octets.empty());
    }

    static SerfMessage.Query relayed(int relayFactor) {
        return new SerfMessage.Query(
                1, 7, ASKER, "asker", List.of(), 0, relayFactor, 1_000_000_000, "load", Octets.empty());
    }

    /** So many different keys of so many bytes. */
    static List<String> base64Keys(int count, int bytes) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[bytes];
            key[0] = (byte) i;
            keys.add(Base64.getEncoder().encodeToString(key));
        }
        return keys;
    }

    static SerfMessage.KeyResponse keysOf(Octets answer) {
        SerfMessage.QueryResponse response = (SerfMessage.QueryResponse) decoded(answer);
        return (SerfMessage.KeyResponse) decoded(response.payload());
    }

    static SerfMessage decoded(Octets body) {
        return ((DecodedSerf.Message) SerfCodec.decode(body, Limits.defaults())).message();
    }
}
