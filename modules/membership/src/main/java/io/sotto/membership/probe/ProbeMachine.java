package io.sotto.membership.probe;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SwimSettings;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One probe of one member: direct, then through helpers and over a stream, then a verdict. Lives for one protocol period.
 *
 * <p>After {@link ProbeEffect.Done} it answers everything with nothing. Source: gossip specification, section 11.1.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class ProbeMachine {
    /**
     * @param self our own record: the asker in pings
     * @param target alive or suspect
     * @param seqNo of all messages of this probe
     * @param healthScore scales the whole period
     */
    public ProbeMachine(MemberRecord self, MemberRecord target, long seqNo, int healthScore, SwimSettings settings) {}

    public List<ProbeEffect> start(Instant now) {
        throw new IllegalStateException("pending");
    }

    /** An ack, from whomever; another sequence number is ignored. */
    public List<ProbeEffect> onAck(SwimMessage.Ack ack, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** A helper could not reach the target either. */
    public List<ProbeEffect> onNack(SwimMessage.Nack nack) {
        throw new IllegalStateException("pending");
    }

    /** The stream brought an ack with our sequence number. It counts when the period is over. */
    public List<ProbeEffect> onStreamAck() {
        throw new IllegalStateException("pending");
    }

    /** The ping could not be sent; {@code remoteFailure} if the error shows that the other side failed. */
    public List<ProbeEffect> onSendFailed(
            boolean remoteFailure, List<MemberRecord> records, RandomGenerator random, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** A {@link ProbeEffect.Schedule} came due. Helpers are chosen from {@code records}. */
    public List<ProbeEffect> onTimer(long generation, List<MemberRecord> records, RandomGenerator random, Instant now) {
        throw new IllegalStateException("pending");
    }
}
