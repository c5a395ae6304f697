package io.sotto.testkit.invariant;

import io.sotto.membership.MemberRecord;
import io.sotto.wire.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * At most one claim about each member waits to be gossiped, and only about members of whom something was news within the
 * time that a queue takes to empty; about itself a process may have two, its refutation and the rest. Intents wait within
 * Serf's bound. Time counts while the process is awake and has somebody to tell. Source: gossip specification, 12.1.
 */
final class BoundedQueues implements Invariant {
    private final Bounds bounds;
    private final Map<Life, News> lives = new HashMap<>();

    BoundedQueues(Bounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public String claim() {
        return "queues are bounded: one claim about each member that there is news of";
    }

    @Override
    public void changed(Change change, Report report) {
        News news = lives.computeIfAbsent(change.observer().life(), life -> new News());
        news.advance(change.moment().at(), change.observer());
        news.lastByName.put(change.name(), news.clock);
    }

    @Override
    public void looked(Moment moment, Report report) {
        for (Sight sight : moment.sights()) {
            News news = lives.computeIfAbsent(sight.life(), life -> new News());
            news.advance(moment.at(), sight);
            if (sight.claimsQueued() > 1 && sight.claimsQueued() != news.lastDepth) {
                long allowed = allowed(sight, news);
                if (sight.claimsQueued() > allowed) {
                    report.violated(
                            this,
                            sight.life() + " has " + sight.claimsQueued() + " claims queued, but only " + allowed
                                    + " are news");
                }
            }
            news.lastDepth = sight.claimsQueued();
            int intentsMax = bounds.serf().queueBound(sight.picture().records().size());
            if (sight.intentsQueued() > intentsMax) {
                report.violated(this, sight.life() + " has " + sight.intentsQueued() + " intents of " + intentsMax);
            }
        }
    }

    private long allowed(Sight sight, News news) {
        Duration since = news.clock.minus(bounds.drain(sight.picture().poolSize(), sight.claimsQueued()));
        long allowed = 0;
        for (Map.Entry<String, Duration> last : news.lastByName.entrySet()) {
            if (last.getValue().compareTo(since) >= 0) {
                allowed += last.getKey().equals(sight.name()) ? 2 : 1;
            } else {
                allowed += sight.picture()
                                .find(last.getKey())
                                .filter(record -> isRepeated(record, sight))
                                .isPresent()
                        ? 1
                        : 0;
            }
        }
        return allowed;
    }

    /**
     * What changes nothing that others see: confirmations of a suspicion are passed on, and who has refuted once says so
     * again to whoever accuses it of an earlier incarnation.
     */
    private static boolean isRepeated(MemberRecord record, Sight sight) {
        return record.name().equals(sight.name())
                ? record.incarnation() > 1
                : record.pooled() && record.state() == NodeState.SUSPECT;
    }

    /** What was news to one process, on a clock that runs only while its queue can empty. */
    private static final class News {
        private final Map<String, Duration> lastByName = new HashMap<>();
        private Duration clock = Duration.ZERO;
        private Duration at = Duration.ZERO;
        private boolean runs;
        private int lastDepth;

        void advance(Duration now, Sight sight) {
            if (runs) {
                clock = clock.plus(now.minus(at));
            }
            at = now;
            runs = sight.awake() && sight.picture().hasCompany();
        }
    }
}
