package io.sotto.membership.doubt;

import io.sotto.membership.Caution;
import io.sotto.membership.probe.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Whether this node can trust what it sees: how long it could not hear, and which failed probes it holds against itself.
 *
 * <p>A failed probe is an observation of two: the target and this node. Only somebody else's testimony that it reached this
 * node meanwhile tells them apart. So a probe that failed while no helper answered, or where no helper could, while nobody
 * was heard at all, is excused; and the time of a pause or of a silence is no time in which a suspect could have been heard
 * refuting. Both have an end: what has been excused for {@link Caution#patience} without one answer in between is believed,
 * so that members that stop all at once are still found.
 *
 * <p>Feed it in the order of {@code now}. One owner. Source: ours.
 */
public final class SelfDoubt {
    /** Below this there is nobody who could testify. */
    private static final int OTHERS_MIN = 2;
    /** One answer gives back this part of the patience. */
    private static final int PATIENCE_PARTS = 4;

    private final Supplier<Caution> caution;
    private Instant lastHeard;
    /** All that is accounted for up to here. */
    private Instant settled;

    private Duration paused = Duration.ZERO;
    private Duration deaf = Duration.ZERO;
    private Duration spent = Duration.ZERO;

    /** @param caution gives the one in force */
    public SelfDoubt(Supplier<Caution> caution, Instant now) {
        this.caution = caution;
        this.lastHeard = now;
        this.settled = now;
    }

    /** Something came from another member, whatever it was. */
    public void heard(Instant now) {
        if (now.isAfter(lastHeard)) {
            deaf = deaf.plus(silence(now));
            lastHeard = now;
            settle(now);
        }
    }

    /** The process stood still. What came just before is not lost, and what waits is given a moment to be read. */
    public void paused(PauseWatch.Pause pause) {
        Instant from = later(pause.from(), settled);
        if (from.isBefore(pause.to())) {
            paused = paused.plus(Duration.between(from, pause.to()));
            settle(pause.to());
        }
        paused = paused.plus(caution.get().grace());
    }

    /**
     * All the time so far in which this node could not hear.
     *
     * @param others members alive or suspect besides this node; silence says nothing where there is but one
     */
    public Duration lost(int others, Instant now) {
        return others < OTHERS_MIN ? paused : paused.plus(deaf).plus(silence(now));
    }

    /** A target answered, in time or late: this node reaches others and hears them. */
    public void answered() {
        Duration left = spent.minus(caution.get().patience().dividedBy(PATIENCE_PARTS));
        spent = left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * What a probe comes to that began at {@code since} and ended without an answer.
     *
     * @param others members alive or suspect besides this node
     */
    public Verdict weigh(Verdict.Failed failed, Instant since, int others, Instant now) {
        if (!caution.get().asksForTestimony() || others < OTHERS_MIN) {
            return failed;
        }
        boolean heard = !lastHeard.isBefore(since);
        Verdict.Failed fair = failed.withHealthDelta(healthDelta(failed, heard));
        if (failed.asked() > 0 ? failed.witnesses() > 0 : heard) {
            return fair;
        }
        spent = spent.plus(Duration.between(since, now));
        return isPatient() ? new Verdict.Excused(failed.target(), Verdict.Excuse.DEAF, fair.healthDelta()) : fair;
    }

    /**
     * Nacks that are missing speak against this node's health, unless most helpers answered: then it is the others that are
     * silent. Where it heard anybody at all meanwhile, they count as one.
     */
    private static int healthDelta(Verdict.Failed failed, boolean heard) {
        if (failed.witnesses() * 2 > failed.asked()) {
            return 0;
        }
        return heard ? Math.min(1, failed.healthDelta()) : failed.healthDelta();
    }

    private boolean isPatient() {
        return spent.compareTo(caution.get().patience()) < 0;
    }

    /** The silence up to now that is not yet accounted for. */
    private Duration silence(Instant now) {
        if (caution.get().deafAfter().isZero() || !isPatient()) {
            return Duration.ZERO;
        }
        boolean silent =
                Duration.between(lastHeard, now).compareTo(caution.get().deafAfter()) > 0;
        Instant from = later(lastHeard, settled);
        return silent && from.isBefore(now) ? Duration.between(from, now) : Duration.ZERO;
    }

    private void settle(Instant now) {
        settled = later(settled, now);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
