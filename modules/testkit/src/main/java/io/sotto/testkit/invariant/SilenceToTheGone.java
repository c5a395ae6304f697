package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who left on purpose and has ended is sent nothing any more, once all know that it left: no gossip, no probe. The time
 * begins a moment after the last has come to know, and nothing is held against anybody while news may have been delayed or
 * somebody's probes take long. Source: gossip specification, 11.1 and 12.2.
 */
final class SilenceToTheGone implements Invariant {
    /** Until what was under way has ended: a relayed ping, and what was sent when the last learned of the leave. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Bounds bounds;
    private final Disturbances disturbances;
    private final Map<Owner, Duration> knownSince = new HashMap<>();
    private final Map<Life, Map<Owner, Long>> packets = new HashMap<>();

    SilenceToTheGone(Bounds bounds, Disturbances disturbances) {
        this.bounds = bounds;
        this.disturbances = disturbances;
    }

    @Override
    public String claim() {
        return "who left is left alone";
    }

    @Override
    public void changed(Change change, Report report) {
        // Whoever changes its mind about a member begins the time anew.
        change.before().map(Owner::of).ifPresent(knownSince::remove);
        change.after().map(Owner::of).ifPresent(knownSince::remove);
    }

    @Override
    public void counted(Moment moment, Sight sight, Tally tally, Report report) {
        Map<Owner, Long> before = packets.computeIfAbsent(sight.life(), life -> new HashMap<>());
        Map<Owner, Long> now = new HashMap<>();
        for (MemberRecord record : sight.picture().records()) {
            Owner owner = Owner.of(record);
            if (record.pooled() && record.state() == NodeState.LEFT && isKnownToHaveLeft(moment, owner)) {
                long sent = tally.packetsTo().applyAsLong(record.address());
                Long sentBefore = before.get(owner);
                now.put(owner, sent);
                if (sentBefore != null && sent > sentBefore) {
                    report.violated(
                            this,
                            sight.life() + " has sent " + (sent - sentBefore) + " datagrams to " + owner
                                    + ", which left");
                }
            }
        }
        packets.put(sight.life(), now);
    }

    private boolean isKnownToHaveLeft(Moment moment, Owner owner) {
        boolean gone = moment.owner(owner).isEmpty()
                && !disturbances.isNewsDelayed(moment.at().minus(bounds.longestProbe()))
                && moment.sights().stream().allMatch(sight -> takesForLeft(sight, owner));
        if (!gone) {
            knownSince.remove(owner);
            return false;
        }
        Duration since = knownSince.computeIfAbsent(owner, unknown -> moment.at());
        return moment.at().minus(since).compareTo(PATIENCE) >= 0;
    }

    private static boolean takesForLeft(Sight sight, Owner owner) {
        Optional<MemberRecord> known = sight.picture().find(owner.name());
        return sight.picture().healthScore() == 0
                && (known.isEmpty() || !known.get().pooled() || known.get().state() == NodeState.LEFT);
    }
}
