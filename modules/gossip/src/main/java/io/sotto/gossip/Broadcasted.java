package io.sotto.gossip;

/** What came of a {@link GossipPool.Broadcast}. */
public sealed interface Broadcasted {
    /** It was delivered here and will be gossiped. {@code ltime} is its unsigned Lamport time. */
    record Sent(long ltime) implements Broadcasted {}

    /** It was not sent; the reason is for the caller, in one line. */
    record Refused(String reason) implements Broadcasted {}
}
