package io.sotto.membership.merge;

import io.sotto.membership.IntentBook;
import io.sotto.membership.MemberRecord;
import io.sotto.wire.message.PushPull;
import io.sotto.wire.message.SerfMessage;
import io.sotto.wire.message.SwimMessage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rules of an exchange of whole views. Stateless.
 *
 * <p>After an exchange: {@link #versionObjection}, on a join the pool's admission rule over all nodes, then
 * {@link #claims} in order, then {@link #witness} and {@link #intents} in order. An objection drops the whole exchange.
 * Source: gossip specification, sections 9, 10.5, 14 and 17.4.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class PushPullMerge {
    private PushPullMerge() {}

    /** Why the two views cannot form one pool, or empty. */
    public static Optional<String> versionObjection(List<PushPull.Node> remote, Collection<MemberRecord> local) {
        throw new IllegalStateException("pending");
    }

    /** The remote records as claims; a told death is only a suspicion, as if it were our own. */
    public static List<SwimMessage.Claim> claims(List<PushPull.Node> remote, String self) {
        throw new IllegalStateException("pending");
    }

    /** Witnesses the three clocks of the other side. */
    public static void witness(SerfMessage.PushPullState state, IntentBook book) {
        throw new IllegalStateException("pending");
    }

    /** What Serf's state says of members, as intents in the order in which they count; never gossiped on. */
    public static List<SerfMessage.Intent> intents(SerfMessage.PushPullState state) {
        throw new IllegalStateException("pending");
    }

    /** Our view for the other side: every record in the pool. */
    public static List<PushPull.Node> nodes(Collection<MemberRecord> records) {
        throw new IllegalStateException("pending");
    }

    /**
     * Serf's part of our view: every listed member.
     *
     * @param events the ring of remembered events, by slot
     */
    public static SerfMessage.PushPullState serfState(
            Collection<MemberRecord> records, IntentBook book, List<Optional<SerfMessage.EventSlot>> events) {
        throw new IllegalStateException("pending");
    }
}
