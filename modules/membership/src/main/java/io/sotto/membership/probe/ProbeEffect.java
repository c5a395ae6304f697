package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.message.SwimMessage;
import java.time.Duration;
import java.util.Optional;

/** What a {@link ProbeMachine} wants done. Source: ours. */
public sealed interface ProbeEffect {
    /** One constant per permitted record, for exhaustive switches. */
    enum Kind {
        PING,
        ASK,
        STREAM_PING,
        SCHEDULE,
        DONE
    }

    Kind kind();

    /**
     * Send the ping to the target. With {@code suspicion}, send both as one compound without piggy-backed gossip, so that
     * the target can refute at once; otherwise piggy-back what fits.
     */
    record Ping(MemberRecord target, SwimMessage.Ping ping, Optional<SwimMessage.Suspect> suspicion)
            implements ProbeEffect {
        @Override
        public Kind kind() {
            return Kind.PING;
        }
    }

    /** Ask a helper to ping for us. */
    record Ask(MemberRecord helper, SwimMessage.IndirectPing request) implements ProbeEffect {
        @Override
        public Kind kind() {
            return Kind.ASK;
        }
    }

    /** Ping over a stream; all of it must end within {@code timeout}. Report an ack by {@code onStreamAck}. */
    record StreamPing(MemberRecord target, SwimMessage.Ping ping, Duration timeout) implements ProbeEffect {
        @Override
        public Kind kind() {
            return Kind.STREAM_PING;
        }
    }

    /** Call {@code onTimer(generation, …)} after this time. */
    record Schedule(Duration after, long generation) implements ProbeEffect {
        @Override
        public Kind kind() {
            return Kind.SCHEDULE;
        }
    }

    /** The probe is over. */
    record Done(Verdict verdict) implements ProbeEffect {
        @Override
        public Kind kind() {
            return Kind.DONE;
        }
    }
}
