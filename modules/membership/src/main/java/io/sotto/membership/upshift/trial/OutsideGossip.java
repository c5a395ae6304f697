package io.sotto.membership.upshift.trial;

import io.sotto.membership.upshift.UpshiftGate;
import io.sotto.membership.upshift.drive.Stand;
import io.sotto.membership.upshift.drive.UpshiftStage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a member that gives no report stands on the ladder of gossip, by a trial and by what came from its address.
 *
 * <pre>
 *   READY      it answers what the key seals
 *   SENDING    its answers are sealed with the key, and nothing plain came from it for {@link UpshiftGate#QUIET}
 *   ENFORCED   it leaves plain pings unanswered besides
 * </pre>
 *
 * <p>Source: ours.
 */
public final class OutsideGossip {
    private OutsideGossip() {}

    /**
     * What a finding and the traffic come to.
     *
     * @param lastPlain when plaintext last came from its address and was taken in
     * @param now by the clock of both
     */
    public static Stand stand(KeyFinding finding, Optional<Instant> lastPlain, Instant now, Optional<String> mend) {
        Optional<Duration> quiet =
                lastPlain.map(at -> Duration.between(at, now)).filter(age -> !age.isNegative());
        return switch (finding.opens()) {
            case UNKNOWN ->
                finding.plain() == KeyFinding.Plain.TAKEN
                        ? seen(UpshiftStage.NONE, quiet, Optional.of("takes plaintext, and there is no key yet"), mend)
                        : new Stand(
                                UpshiftStage.NONE,
                                Stand.Ground.UNKNOWN,
                                quiet,
                                Optional.of("was not reached on its gossip port"),
                                mend);
            case REFUSED ->
                seen(UpshiftStage.NONE, quiet, Optional.of("does not answer what is sealed with the key"), mend);
            case PROVEN -> proven(finding, quiet, mend);
        };
    }

    private static Stand proven(KeyFinding finding, Optional<Duration> quiet, Optional<String> mend) {
        return switch (finding.seals()) {
            case NOT, UNKNOWN ->
                seen(UpshiftStage.READY, quiet, Optional.of("holds the key and does not seal what it sends"), mend);
            case WITH_ANOTHER ->
                seen(UpshiftStage.READY, quiet, Optional.of("holds the key and seals with another one"), mend);
            case WITH_KEY -> sealing(finding, quiet, mend);
        };
    }

    private static Stand sealing(KeyFinding finding, Optional<Duration> quiet, Optional<String> mend) {
        Optional<Duration> recent = quiet.filter(age -> age.compareTo(UpshiftGate.QUIET) < 0);
        if (recent.isPresent()) {
            return seen(
                    UpshiftStage.READY,
                    quiet,
                    Optional.of("seals now, and sent plaintext " + recent.get().toSeconds() + " s ago"),
                    mend);
        }
        return finding.plain() == KeyFinding.Plain.REFUSED
                ? seen(UpshiftStage.ENFORCED, quiet, Optional.empty(), Optional.empty())
                : seen(UpshiftStage.SENDING, quiet, Optional.of("still takes plaintext in"), mend);
    }

    private static Stand seen(
            UpshiftStage stage, Optional<Duration> quiet, Optional<String> hindrance, Optional<String> mend) {
        return new Stand(stage, Stand.Ground.TRAFFIC, quiet, hindrance, mend);
    }
}
