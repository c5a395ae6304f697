package io.sotto.testkit.invariant;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * No message is sent more often than the retransmit limit allows for the largest pool that the process has seen, a queue
 * to which nothing is added empties within the time that the limit gives it, and no actor fails. Source: gossip
 * specification, 12.1.
 */
final class BoundedTransmissions implements Invariant {
    private final Bounds bounds;
    private final Map<Life, Seen> lives = new HashMap<>();

    BoundedTransmissions(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String claim() {
        return "transmissions are bounded, and queues drain";
    }

    @Override
    public void looked(Moment moment, Report report) {
        for (Sight sight : moment.sights()) {
            Seen seen = lives.computeIfAbsent(sight.life(), life -> new Seen());
            if (seen.picture != sight.picture()) {
                seen.picture = sight.picture();
                seen.poolMax = Math.max(seen.poolMax, sight.picture().poolSize());
                seen.company = sight.picture().hasCompany();
            }
            boolean drains = sight.awake() && seen.company && sight.claimsQueued() + sight.intentsQueued() > 0;
            if (!drains || !seen.drains) {
                seen.idleSince = moment.at();
            }
            seen.drains = drains;
        }
    }

    @Override
    public void counted(Moment moment, Sight sight, Tally tally, Report report) {
        Seen seen = lives.computeIfAbsent(sight.life(), life -> new Seen());
        int limit = bounds.transmissions(seen.poolMax);
        if (tally.claimsSent() > tally.claimsQueued() * limit || tally.intentsSent() > tally.intentsQueued() * limit) {
            report.violated(this, sight.life() + " may send each message " + limit + " times: " + tally);
        }
        if (tally.actorFailures() > 0) {
            report.violated(this, sight.life() + " has actors that failed: " + tally);
        }
        if (tally.claimsQueued() + tally.intentsQueued() != seen.queued) {
            seen.queued = tally.claimsQueued() + tally.intentsQueued();
            seen.idleSince = moment.at();
        }
        int depth = sight.claimsQueued() + sight.intentsQueued();
        Duration most = bounds.drain(seen.poolMax, depth);
        if (depth > 0 && moment.at().minus(seen.idleSince).compareTo(most) > 0) {
            report.violated(
                    this,
                    sight.life() + " still has " + depth + " messages queued after " + most + " without a new one");
        }
    }

    private static final class Seen {
        private @Nullable Picture picture;
        private int poolMax = 1;
        private boolean company;
        private boolean drains;
        private long queued;
        private Duration idleSince = Duration.ZERO;
    }
}
