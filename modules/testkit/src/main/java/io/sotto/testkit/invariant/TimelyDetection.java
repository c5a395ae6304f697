package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When somebody stops while nothing else is amiss, everybody knows within {@link Bounds#detection}: probes come round,
 * suspicions are confirmed and time out, and the news spreads. Otherwise all know within {@link Bounds#lateDetection} of the
 * end of the last disturbance, or of the moment when the observer came to take the stopped one for running. Source: SWIM,
 * section 4.3; gossip specification, 11.
 */
final class TimelyDetection implements Invariant {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final Bounds bounds;
    private final Disturbances disturbances;
    private final Map<Life, Map<Owner, Duration>> takenForRunning = new HashMap<>();
    private final Map<Life, Owner> running = new HashMap<>();
    private final Map<Owner, Stop> stopped = new LinkedHashMap<>();
    private Duration nextLook = Duration.ZERO;
    private Duration calmSince = Duration.ZERO;
    private int worstHealth;

    /**
     * The end of a process.
     *
     * @param fromPeace whether all took all for alive and were healthy, so that nobody has the start of another
     */
    private record Stop(Duration at, boolean fromPeace) {}

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
            int poolSize = sight.picture().poolSize();
            for (Map.Entry<Owner, Stop> entry : stopped.entrySet()) {
                Owner owner = entry.getKey();
                Stop stop = entry.getValue();
                Duration most = stop.fromPeace && disturbances.isLast(owner.name())
                        ? bounds.detection(poolSize, worstHealth)
                        : bounds.lateDetection(poolSize, stopped.size(), worstHealth);
                Duration began = since.get(owner);
                if (began != null && moment.at().minus(later(began, calmSince)).compareTo(most) > 0) {
                    report.violated(
                            this,
                            sight.life() + " takes " + owner + " for running "
                                    + moment.at().minus(stop.at)
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
                stopped.put(owner, new Stop(moment.at(), isPeaceful(moment)));
            }
        });
        now.values().forEach(stopped::remove);
        running.clear();
        running.putAll(now);
    }

    private static boolean isPeaceful(Moment moment) {
        int names = moment.sights().isEmpty()
                ? 0
                : moment.sights().get(0).picture().records().size();
        for (Sight sight : moment.sights()) {
            if (sight.picture().healthScore() != 0
                    || sight.picture().records().size() != names
                    || !sight.picture().records().stream().allMatch(MemberRecord::isAlive)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTakenForRunning(MemberRecord record) {
        return record.pooled() && !record.state().isGone();
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
