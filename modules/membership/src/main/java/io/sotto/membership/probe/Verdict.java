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

    /**
     * No ack came: process {@code suspicion} like any other claim, which also gossips it.
     *
     * @param asked helpers that were to answer in any case
     * @param witnesses those of them that did, and say that the target did not answer them either
     */
    record Failed(MemberRecord target, SwimMessage.Suspect suspicion, int healthDelta, int asked, int witnesses)
            implements Verdict {
        public Failed withHealthDelta(int value) {
            return new Failed(target, suspicion, value, asked, witnesses);
        }
    }

    /** The process stood still while the probe ran, or cannot hear: its failure says nothing about the target. */
    record Excused(MemberRecord target, Excuse excuse, int healthDelta) implements Verdict {}

    /** Why a failed probe is held against this node itself. */
    enum Excuse {
        /** A timer came late, or the process is known to have been paused. */
        PAUSED,
        /** Nobody testified that this node can be heard and hears. */
        DEAF
    }
}
