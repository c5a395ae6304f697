package io.sotto.membership.upshift.drive;

import java.time.Duration;
import java.util.Optional;

/**
 * Where one member stands on the ladder, as of one moment, and how that is known.
 *
 * @param stage the highest one that it has wholly taken; {@code NONE} where nothing is known
 * @param ground how that is known
 * @param quiet for how long it has taken in nothing insecure, where that is known
 * @param hindrance what keeps it from the next stage, in words that follow its name, if something does
 * @param needs the other upshift that has to come first for this member, if that is so
 * @param mend what an operator has to do there: the file to change and the command to run, if that is it
 */
public record Stand(
        UpshiftStage stage,
        Ground ground,
        Optional<Duration> quiet,
        Optional<String> hindrance,
        Optional<UpshiftKind> needs,
        Optional<String> mend) {
    /** Of one that needs no other upshift first. */
    public Stand(
            UpshiftStage stage,
            Ground ground,
            Optional<Duration> quiet,
            Optional<String> hindrance,
            Optional<String> mend) {
        this(stage, ground, quiet, hindrance, Optional.empty(), mend);
    }

    /** Nothing is known of it, for this reason. */
    public static Stand unknown(String why) {
        return new Stand(
                UpshiftStage.NONE,
                Ground.UNKNOWN,
                Optional.empty(),
                Optional.of(why),
                Optional.empty(),
                Optional.empty());
    }

    Stand vouched(UpshiftStage by) {
        return new Stand(by, Ground.VOUCHED, quiet, hindrance, needs, mend);
    }

    /** How it is known. */
    public enum Ground {
        /** Its own report over a connection that proved who it is. */
        REPORT,
        /** What its traffic shows: it is an agent of another kind. */
        TRAFFIC,
        /** An operator has vouched for it. */
        VOUCHED,
        /** It is not known. */
        UNKNOWN
    }
}
