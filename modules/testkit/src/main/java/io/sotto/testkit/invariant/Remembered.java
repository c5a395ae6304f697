package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.membership.SerfStatus;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Nobody is forgotten before its time: the pool keeps a member until it has been gone for the time that the dead are told,
 * and Serf lists it until the time for failed members, or for those that left, is over. Source: gossip specification, 10.7
 * and 17.3.
 */
final class Remembered implements Invariant {
    private final Bounds bounds;
    private final Map<Life, Map<String, Duration>> stateSince = new HashMap<>();

    Remembered(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String claim() {
        return "nobody is forgotten before its time";
    }

    @Override
    public void changed(Change change, Report report) {
        Map<String, Duration> since =
                stateSince.computeIfAbsent(change.observer().life(), life -> new HashMap<>());
        Duration now = change.moment().at();
        Optional<NodeState> before = change.before().map(MemberRecord::state);
        Optional<NodeState> after = change.after().map(MemberRecord::state);
        Duration gone = now.minus(since.getOrDefault(change.name(), now));
        boolean leftPool = Change.stateOf(change.before()).isPresent()
                && Change.stateOf(change.after()).isEmpty();
        if (leftPool
                && (!before.map(NodeState::isGone).orElse(false)
                        || isBefore(gone, bounds.swim().gossipToTheDeadTime()))) {
            report.violated(this, change + " after " + gone);
        }
        SerfStatus status = change.before().map(MemberRecord::status).orElse(SerfStatus.NONE);
        boolean unlisted = status != SerfStatus.NONE
                && change.after().filter(MemberRecord::isListed).isEmpty();
        if (unlisted && isBefore(gone, patience(status))) {
            report.violated(this, change + " after " + gone);
        }
        if (!before.equals(after)) {
            since.put(change.name(), now);
        }
    }

    /** How long a member is listed with this status. */
    private Duration patience(SerfStatus status) {
        return switch (status) {
            case FAILED -> bounds.serf().reconnectTimeout();
            case LEFT -> bounds.serf().tombstoneTimeout();
            case NONE, ALIVE, LEAVING -> Duration.ofDays(Integer.MAX_VALUE);
        };
    }

    private static boolean isBefore(Duration gone, Duration patience) {
        return gone.compareTo(patience) < 0;
    }
}
