package io.sotto.membership;

import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One other member: memberlist's states with the suspicion timer, and Serf's status above them.
 *
 * <p>Feed it everything that is said about the member, in the order of arrival. {@code poolSize} is the number of records
 * with {@link MemberRecord#pooled}, ourselves included. Nothing that a peer said makes it throw. Source: gossip
 * specification, sections 10, 11.4 and 17.2.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class MemberMachine {
    private MemberMachine() {}

    /** A name never heard of, with what {@link IntentBook#recent} holds for it. The first claim decides about it. */
    public static MemberMachine unknown(
            String name, PoolRules rules, Optional<SerfMessage.Intent> buffered, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** Goes on from a record; call {@link #restartTimer} next. */
    public static MemberMachine resume(MemberRecord record, PoolRules rules) {
        throw new IllegalStateException("pending");
    }

    /** What is known; empty until a first claim created the member. */
    public Optional<MemberRecord> record() {
        throw new IllegalStateException("pending");
    }

    /** After {@link #resume}: gives a suspect its time anew; otherwise nothing. */
    public List<Effect> restartTimer(int poolSize, Instant now) {
        throw new IllegalStateException("pending");
    }

    /**
     * An alive, suspect or dead about this member, from a datagram, from a push/pull
     * ({@link io.sotto.membership.merge.PushPullMerge#claims}) or from our own probe. A claim that leaves an unknown name
     * unknown ends in {@link Effect.Forget}.
     */
    public List<Effect> onClaim(SwimMessage.Claim claim, int poolSize, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** A join or leave intent about this member. Its time must already be witnessed. */
    public List<Effect> onIntent(SerfMessage.Intent intent, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** A {@link Effect.Schedule} of this machine came due; a stale generation does nothing. */
    public List<Effect> onTimer(long generation, int poolSize, Instant now) {
        throw new IllegalStateException("pending");
    }

    /** The probe ring wrapped and wants the member out of the pool, which happens if it has been gone long enough. */
    public List<Effect> leavePool(Instant now) {
        throw new IllegalStateException("pending");
    }

    /** Serf's reaper came by: forgets a member that has failed or left long ago. */
    public List<Effect> reap(Instant now) {
        throw new IllegalStateException("pending");
    }
}
