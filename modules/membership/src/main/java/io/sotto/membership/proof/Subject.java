package io.sotto.membership.proof;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.message.SwimMessage;
import java.net.InetSocketAddress;

/** Who is asked to show that it is there. Source: ours. */
public sealed interface Subject {
    /** Where it is pinged. */
    InetSocketAddress at();

    /** The name that the ping is for; empty for whoever is there. */
    String node();

    /**
     * Somebody who is not a member, or not any more, and is said to be alive.
     *
     * @param isOld whether it is news to us only, from the pool that we join
     */
    record Newcomer(SwimMessage.Alive alive, boolean isOld, InetSocketAddress at) implements Subject {
        @Override
        public String node() {
            return alive.node();
        }
    }

    /** A member that others take for dead or suspect. */
    record Doubted(MemberRecord member, InetSocketAddress at) implements Subject {
        @Override
        public String node() {
            return member.name();
        }
    }

    /** Where datagrams come from that say something of members. */
    record Sender(InetSocketAddress at) implements Subject {
        @Override
        public String node() {
            return "";
        }
    }
}
