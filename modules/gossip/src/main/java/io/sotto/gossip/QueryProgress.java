package io.sotto.gossip;

import io.sotto.wire.Octets;
import java.time.Duration;

/**
 * What becomes of a {@link GossipPool.Ask}: {@link Started}, then acks and answers in the order in which they come, then
 * {@link Finished}; or only {@link Refused}.
 */
public sealed interface QueryProgress {
    /** It is under way. {@code id} and {@code ltime} together tell it from others; answers count for {@code timeout}. */
    record Started(long id, long ltime, Duration timeout) implements QueryProgress {}

    /** This member has taken it up; once for each, and only if acks were asked for. */
    record Acked(String from) implements QueryProgress {}

    /** This member answers; once for each. */
    record Answered(String from, Octets payload) implements QueryProgress {}

    /** Its time is over. */
    record Finished(int acks, int answers) implements QueryProgress {}

    /** It was not asked; the reason is for the caller, in one line. */
    record Refused(String reason) implements QueryProgress {}
}
