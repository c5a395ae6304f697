package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A process declares a death only after a suspicion of at least the least time, or when it hears of one that somebody has
 * just declared, of whoever bore the name, since a death on the wire names no address; where claims are guarded, when its
 * own ping has then gone unanswered. A death that was told in an exchange of views is only a suspicion, and no suspicion
 * ends at once. Not held against a process while news may have been delayed. Source: gossip specification, 10.5 and 11.4.
 */
final class DeathsTakeTime implements Invariant {
    private final Bounds bounds;
    private final Disturbances disturbances;
    private final Map<Life, Map<String, Duration>> suspectSince = new HashMap<>();
    private final Map<String, Duration> lastDeath = new HashMap<>();

    DeathsTakeTime(Bounds bounds, Disturbances disturbances) {
        this.bounds = bounds;
        this.disturbances = disturbances;
    }

    @Override
    public String claim() {
        return "nobody is dead before a suspicion has had its time";
    }

    @Override
    public void changed(Change change, Report report) {
        MemberRecord after = change.after().filter(MemberRecord::pooled).orElse(null);
        if (after == null || change.isAboutItself()) {
            return;
        }
        Duration now = change.moment().at();
        Map<String, Duration> since =
                suspectSince.computeIfAbsent(change.observer().life(), life -> new HashMap<>());
        if (change.became(NodeState.SUSPECT)) {
            since.put(change.name(), now);
        }
        if (change.became(NodeState.DEAD)) {
            boolean suspectedLongEnough = change.before()
                            .filter(record -> record.pooled() && record.state() == NodeState.SUSPECT)
                            .isPresent()
                    && now.minus(since.getOrDefault(change.name(), now)).compareTo(bounds.leastSuspicion()) >= 0;
            Duration fresh = now.minus(freshness(change));
            boolean heard = lastDeath.containsKey(change.name())
                    && lastDeath.get(change.name()).compareTo(fresh) >= 0;
            if (!suspectedLongEnough && !heard && !disturbances.isNewsDelayed(fresh)) {
                report.violated(this, change.toString());
            }
            lastDeath.put(change.name(), now);
        }
    }

    /** Until a death that is declared now has left the queue of who declared it, and who heard it has asked for itself. */
    private Duration freshness(Change change) {
        int names = change.observer().picture().records().size();
        return bounds.drain(names, 2 * names)
                .plus(bounds.latency().multipliedBy(2))
                .plus(bounds.proof());
    }
}
