package io.sotto.membership.query;

import io.sotto.wire.Limits;
import io.sotto.wire.NodeAddress;
import io.sotto.wire.Octets;
import io.sotto.wire.message.DecodedSerf;
import io.sotto.wire.message.SerfCodec;
import io.sotto.wire.message.SerfMessage;

/**
 * Counts what the members of a pool answer to the question who bears our name, while another address claims it.
 *
 * <p>A real Serf agent that finds itself in the minority stops. This one never does: whoever can answer queries could end
 * it. The outcome is for the operator. One owner. Source: gossip specification, section 14; security rules, "Names in
 * conflict never make a node exit".
 */
public final class NameTally {
    private final NodeAddress self;
    private final Limits limits;
    private int answers;
    private int forUs;

    /** @param self the address under which we bear the name */
    public NameTally(NodeAddress self, Limits limits) {
        this.self = self;
        this.limits = limits;
    }

    /** An answer to {@link InternalQuery#CONFLICT}. One that cannot be read does not count. */
    public void add(Octets payload) {
        if (SerfCodec.decode(payload, limits) instanceof DecodedSerf.Message decoded
                && decoded.message() instanceof SerfMessage.ConflictResponse response) {
            answers++;
            if (response.member()
                    .filter(member -> member.address().socket().equals(self.socket()))
                    .isPresent()) {
                forUs++;
            }
        }
    }

    /** How many answered. */
    public int answers() {
        return answers;
    }

    /** How many of them know the name at our address. */
    public int forUs() {
        return forUs;
    }

    /** Whether more than half of those who answered know us by it; nobody's answer is no majority. */
    public boolean isMajority() {
        return forUs >= answers / 2 + 1;
    }
}
