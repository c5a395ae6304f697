package io.sotto.gossip;

import io.sotto.gossip.rate.TokenBucket;

/**
 * How many names never heard of become members: so many at once and so many a second, and in all not more than a pool can
 * have. A name that is turned away is heard again, from gossip or anti-entropy, when there is room.
 *
 * <p>What an exchange of views that we asked for brings counts only against the total: that is how a node learns its pool.
 * One owner, {@link Members}. Source: security rules, "Rules for the packet path"; {@code sotto.gossip.flood}.
 */
final class Newcomers {
    private final TokenBucket bucket;
    private final int membersMax;

    Newcomers(FloodSettings settings) {
        this.bucket = TokenBucket.create(settings.newMembersRate(), settings.newMembersBurst());
        this.membersMax = settings.membersMax();
    }

    /** Whether a new name may come, with {@code members} names there. */
    boolean admits(int members, Members.Origin origin, long nowNanos) {
        return members < membersMax && (origin != Members.Origin.TOLD || bucket.admits(nowNanos));
    }
}
