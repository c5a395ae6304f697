package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.Octets;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;

/**
 * How a probe ended, and what that says of our own health. Source: gossip specification, sections 11.1 and 11.3.
 */
public sealed interface Verdict {
    /** What to give to {@code SelfMachine.onHealth}. */
    int healthDelta();

    MemberRecord target();

    /** The target answered in time; {@code payload} is its network coordinate or empty. */
    record Direct(MemberRecord target, Duration roundTrip, Octets payload) implements Verdict {
        @Override
        public int healthDelta() {
            return -1;
        }
    }

    /** The target answered late, or through a helper. */
    record Indirect(MemberRecord target) implements Verdict {
        @Override
        public int healthDelta() {
            return -1;
        }
    }

    /** Only the stream got through: worth a warning that datagrams may be broken. */
    record StreamOnly(MemberRecord target) implements Verdict {
        @Override
        public int healthDelta() {
            return -1;
        }
    }

    /** No ack came: process {@code suspicion} like any other claim, which also gossips it. */
    record Failed(MemberRecord target, SwimMessage.Suspect suspicion, int healthDelta) implements Verdict {}

    /** The ping could not be sent, for a reason of our own: nothing is known. */
    record Abandoned(MemberRecord target) implements Verdict {
        @Override
        public int healthDelta() {
            return 0;
        }
    }
}
