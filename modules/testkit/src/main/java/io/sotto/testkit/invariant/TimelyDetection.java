package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When somebody stops while nothing else is amiss, everybody knows within {@link Bounds#detection}: probes come round,
 * suspicions are confirmed and time out, and the news spreads. The time begins when the last disturbance of anybody else
 * has ended, or when the observer came to take the stopped one for running. Source: SWIM, section 4.3; gossip
 * specification, 11.
 */
final class TimelyDetection implements Invariant {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final Bounds bounds;
    private final Disturbances disturbances;
    private final Map<Life, Map<Owner, Duration>> takenForRunning = new HashMap<>();
    private final Map<Life, Owner> running = new HashMap<>();
    private final Map<Owner, Duration> stopped = new LinkedHashMap<>();
    private Duration nextLook = Duration.ZERO;
    private Duration calmSince = Duration.ZERO;
    private int worstHealth;

    TimelyDetection(Bounds bounds, Disturbances disturbances) {
        this.bounds = bounds;
        this.disturbances = disturbances;
    }

    @Override
    public String claim() {
        return "who stops is found out in time";
    }

    @Override
    public void changed(Change change, Report report) {
        Optional<MemberRecord> before = change.before().filter(TimelyDetection::isTakenForRunning);
        Optional<MemberRecord> after = change.after().filter(TimelyDetection::isTakenForRunning);
        if (before.map(Owner::of).equals(after.map(Owner::of))) {
            return;
        }
        Map<Owner, Duration> since =
                takenForRunning.computeIfAbsent(change.observer().life(), life -> new LinkedHashMap<>());
        before.map(Owner::of).ifPresent(since::remove);
        after.map(Owner::of).ifPresent(owner -> since.put(owner, change.moment().at()));
    }

    @Override
    public void looked(Moment moment, Report report) {
        notice(moment);
        if (stopped.isEmpty() || moment.at().compareTo(nextLook) < 0) {
            return;
        }
        nextLook = moment.at().plus(LOOK_INTERVAL);
        Duration last = disturbances.lastAnywhere(moment.at());
        if (!last.equals(calmSince)) {
            calmSince = last;
            worstHealth = 0;
        }
        for (Sight sight : moment.sights()) {
            worstHealth = Math.max(worstHealth, sight.picture().healthScore());
        }
        for (Sight sight : moment.sights()) {
            Map<Owner, Duration> since = takenForRunning.getOrDefault(sight.life(), Map.of());
            Duration most = bounds.detection(sight.picture().poolSize(), stopped.size(), worstHealth);
            for (Owner owner : stopped.keySet()) {
                Duration began = since.get(owner);
                if (began != null && moment.at().minus(later(began, calmSince)).compareTo(most) > 0) {
                    report.violated(
                            this,
                            sight.life() + " takes " + owner + " for running "
                                    + moment.at().minus(stopped.getOrDefault(owner, moment.at()))
                                    + " after it stopped, and nothing was amiss for " + most);
                }
            }
        }
    }

    private void notice(Moment moment) {
        if (running.size() == moment.sights().size()
                && moment.sights().stream().allMatch(sight -> running.containsKey(sight.life()))) {
            return;
        }
        Map<Life, Owner> now = new LinkedHashMap<>();
        moment.sights().forEach(sight -> now.put(sight.life(), Owner.of(sight.life())));
        running.forEach((life, owner) -> {
            if (!now.containsKey(life)) {
                stopped.put(owner, moment.at());
            }
        });
        now.values().forEach(stopped::remove);
        running.clear();
        running.putAll(now);
    }

    private static boolean isTakenForRunning(MemberRecord record) {
        return record.pooled() && !record.state().isGone();
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
