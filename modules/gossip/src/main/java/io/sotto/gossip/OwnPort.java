package io.sotto.gossip;

import io.sotto.wire.message.SwimMessage;

/**
 * Reads a port of 0 in what others say of a member's address as "the port that you use yourself".
 *
 * <p>Source: gossip specification, section 5.2, for push/pull; the vectors show the same for gossip.
 */
final class OwnPort {
    private OwnPort() {}

    /** The claim as it is to be understood by a node that listens on {@code ownPort}. */
    static SwimMessage.Claim inPlaceOfNone(SwimMessage.Claim claim, int ownPort) {
        return claim instanceof SwimMessage.Alive alive && alive.address().port() == 0
                ? new SwimMessage.Alive(
                        alive.incarnation(), alive.node(), alive.address().withPort(ownPort), alive.meta(), alive.vsn())
                : claim;
    }
}
