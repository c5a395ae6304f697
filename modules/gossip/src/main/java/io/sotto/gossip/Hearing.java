package io.sotto.gossip;

import io.sotto.membership.Caution;
import io.sotto.membership.Standing;
import io.sotto.membership.doubt.PauseWatch;
import io.sotto.membership.doubt.SelfDoubt;
import io.sotto.membership.probe.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What this node knows of its own hearing, shared by those who hear, those who probe, and those who decide. Any thread; a
 * batch of datagrams costs one lock that is hardly ever contended.
 */
final class Hearing {
    private final PoolTime time;
    private final SelfDoubt doubt;

    /** @param caution gives the one in force */
    Hearing(Supplier<Caution> caution, PoolTime time) {
        this.time = time;
        this.doubt = new SelfDoubt(caution, time.now());
    }

    /** Something came from another member. */
    synchronized void heard() {
        doubt.heard(time.now());
    }

    /** A target answered, in time or late. */
    synchronized void answered() {
        doubt.answered();
    }

    /** The process stood still. */
    synchronized void paused(PauseWatch.Pause pause) {
        doubt.paused(pause);
    }

    /** What a probe comes to that began at {@code since} and had no answer. */
    synchronized Verdict weigh(Verdict.Failed failed, Instant since, MembersView view) {
        return doubt.weigh(failed, since, view.othersPresent(), time.now());
    }

    /** How this node stands in the pool that it sees. */
    Standing standing(MembersView view) {
        return new Standing(view.poolSize(), view.healthScore(), lost(view));
    }

    private synchronized Duration lost(MembersView view) {
        return doubt.lost(view.othersPresent(), time.now());
    }
}
