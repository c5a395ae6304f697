package io.sotto.membership.upshift.drive;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** The time in which, once all send securely, nobody must have taken in anything that is not, before that is refused. */
final class Silence {
    private final Duration length;
    private Optional<Instant> since = Optional.empty();
    private boolean isForced;

    Silence(Duration length) {
        this.length = length;
    }

    /** Begins anew where somebody does not send securely. */
    void see(Survey survey, Instant now) {
        boolean isBroken = survey.counted().stream()
                .anyMatch(name -> survey.isKnown(name) && !survey.isAtLeast(name, UpshiftStage.SENDING));
        since = isBroken ? Optional.empty() : since.or(() -> Optional.of(now));
    }

    /** Whatever is taken in does not matter this time. */
    void force() {
        isForced = true;
    }

    void forget() {
        isForced = false;
    }

    /** When it is over at the soonest. */
    Instant end(Instant now) {
        return since.orElse(now).plus(length);
    }

    /** Those that took in something too lately. */
    SortedMap<String, String> brokenBy(Survey survey) {
        return survey.loud(length);
    }

    boolean isOver(Survey survey, Instant now) {
        return isForced || (brokenBy(survey).isEmpty() && !now.isBefore(end(now)));
    }
}
