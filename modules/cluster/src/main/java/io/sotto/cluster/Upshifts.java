package io.sotto.cluster;

import io.sotto.cluster.upshift.OutsideEvidence;
import io.sotto.cluster.upshift.UpshiftAuthority;
import io.sotto.membership.upshift.drive.UpshiftKind;
import io.sotto.membership.upshift.drive.UpshiftPlan;
import io.sotto.membership.upshift.drive.UpshiftProgress;
import io.sotto.membership.upshift.drive.UpshiftRecord;
import io.sotto.membership.upshift.drive.UpshiftStage;
import io.sotto.wire.metrics.Metric;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Takes the whole pool from plaintext gossip to enforced encryption, or its calls from no TLS to verified TLS: stage by stage,
 * each begun only when every member has confirmed the one before.
 *
 * <pre>{@code
 * sotto.upshift().run(UpshiftRequest.of(UpshiftKind.TLS)).runForeach(step -> log.info("{}", step), system);
 * }</pre>
 *
 * <p>One node drives it; what it does and what members confirm is written down by all of them, so that it goes on after a restart
 * of the driver, and can be taken over by any other. Members that are agents of another kind are seen by their traffic, and their
 * operators told what to change. Nothing here fails because of the network or of members: what stands in the way is in the
 * progress. May be called from any thread. Whoever calls is taken for allowed to.
 */
public interface Upshifts {
    /** What one would do, and what stands in its way; changes nothing. */
    CompletionStage<UpshiftPlan> plan(UpshiftKind kind);

    /**
     * Begins one, follows the one that this node drives, has it go on to the end if it went stepwise, or takes over the one that
     * another drives, at each run of the source. It ends with the upshift, or with an element that says that it was refused, and
     * goes on when nobody follows it any more. A slow follower loses the oldest elements, never the last.
     */
    Source<UpshiftProgress, NotUsed> run(UpshiftRequest request);

    /** Begins one that waits after each stage, or has it take the next; completes once that has begun, or with why it has not. */
    CompletionStage<UpshiftProgress> next(UpshiftRequest request);

    /** Where it stands: asks all members, whoever drives it. */
    CompletionStage<UpshiftProgress> status(UpshiftKind kind);

    /** The last that this node took part in, as it knows it without asking anybody: the end of one may have passed it by. */
    Optional<UpshiftRecord> last(UpshiftKind kind);

    /** Calls it off: everybody goes back to the last stage that all have confirmed. */
    CompletionStage<UpshiftProgress> abort(UpshiftKind kind, String token);

    /**
     * Goes on without these members, which is written down.
     *
     * @param by who says so
     */
    CompletionStage<UpshiftProgress> without(UpshiftKind kind, Set<String> members, String by, String token);

    /** Takes an operator's word that these members, which cannot be seen from here, stand at this stage. */
    CompletionStage<UpshiftProgress> vouch(UpshiftKind kind, Set<String> members, UpshiftStage stage, String token);

    /** Who may order this node to take a stage besides servers, from now on, in place of what {@code upshift.token-hashes} says. */
    void authorise(UpshiftAuthority authority);

    /** How members are seen that give no report, from now on. */
    void look(OutsideEvidence evidence);

    /** Every figure of upshifts by name, zeros included. */
    List<Metric> metrics();
}
