package io.sotto.membership.upshift.drive;

import io.sotto.membership.upshift.SelfReport;
import io.sotto.membership.upshift.UpshiftGate;
import io.sotto.membership.upshift.drive.Stand.Ground;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a report puts the member that gave it. A report counts only if the connection that it came over proved who was at its other
 * end, and speaks of that member only. Stateless; source: ours.
 */
public final class Stands {
    private static final Duration LONG = UpshiftGate.LATELY;

    private Stands() {}

    /**
     * What a report shows.
     *
     * @param member who was asked
     * @param isProven whether the certificate at the other end of the connection was verified, and is one that speaks for {@code
     *     member}; true for this node itself
     * @param keyId of a gossip upshift; if it is empty, the key that the member seals with
     * @param now by this node's clock
     */
    public static Stand of(
            String member, boolean isProven, UpshiftReport report, UpshiftKind kind, String keyId, Instant now) {
        if (!isProven) {
            return Stand.unknown("has answered, but its connection did not prove that it is " + member);
        }
        if (!report.member().equals(member)) {
            return Stand.unknown("has answered in the name of " + report.member());
        }
        return switch (kind) {
            case GOSSIP -> gossip(report, keyId, now);
            case TLS -> tls(report, now);
        };
    }

    /** The stage of this kind that a member is at by its own settings. */
    public static UpshiftStage stage(UpshiftReport report, UpshiftKind kind, String keyId, Instant now) {
        return of(report.member(), true, report, kind, keyId, now).stage();
    }

    private static Stand gossip(UpshiftReport report, String keyId, Instant now) {
        Optional<String> unready = unready(report.tls(), now);
        Optional<UpshiftKind> needs = unready.map(why -> UpshiftKind.TLS);
        if (report.gossip().isEmpty()) {
            return stand(
                    UpshiftStage.NONE,
                    Optional.empty(),
                    unready.map(why -> why + ", so no key can be sent to it: upshift tls comes first"),
                    needs);
        }
        SelfReport own = report.gossip().get();
        String key = keyId.isEmpty() ? own.primary() : keyId;
        Optional<Duration> quiet = quiet(own.lastPlaintext(), own.reportedAt());
        boolean isSealing = own.verifyOutgoing() && own.primary().equals(key);
        if (!own.keys().contains(key)) {
            String why = "seals with key " + own.primary() + " and lacks " + key;
            return stand(UpshiftStage.NONE, quiet, own.verifyOutgoing() ? Optional.of(why) : unready, needs);
        }
        if (!isSealing) {
            Optional<String> hindrance = own.verifyOutgoing()
                    ? Optional.of("seals with key " + own.primary() + ", not with " + key)
                    : own.verifyIncoming()
                            ? Optional.of("refuses plaintext already, which it sends itself: turn its"
                                    + " encrypt_verify_incoming off until it seals")
                            : Optional.empty();
            return stand(UpshiftStage.READY, quiet, hindrance, needs);
        }
        return own.verifyIncoming()
                ? stand(UpshiftStage.ENFORCED, quiet, Optional.empty(), Optional.empty())
                : stand(UpshiftStage.SENDING, quiet, loud(quiet, "plaintext"), needs);
    }

    private static Stand tls(UpshiftReport report, Instant now) {
        TlsReport own = report.tls();
        Optional<Duration> quiet = quiet(own.lastPlainCall(), report.reportedAt());
        Optional<String> unready = unready(own, now);
        if (unready.isPresent()) {
            return stand(UpshiftStage.NONE, quiet, unready, Optional.empty());
        }
        if (!own.verifyOutgoing()) {
            return stand(
                    UpshiftStage.READY,
                    quiet,
                    own.verifyIncoming()
                            ? Optional.of("refuses plain calls already, while it makes them itself: turn its"
                                    + " verify_incoming off until it calls by TLS only")
                            : Optional.empty(),
                    Optional.empty());
        }
        return own.verifyIncoming()
                ? stand(UpshiftStage.ENFORCED, quiet, Optional.empty(), Optional.empty())
                : stand(UpshiftStage.SENDING, quiet, loud(quiet, "a plain call"), Optional.empty());
    }

    /** Why it cannot take part in calls by TLS yet. */
    private static Optional<String> unready(TlsReport own, Instant now) {
        if (!own.hasCertificate()) {
            return Optional.of("has no certificate: set cert_file and key_file, or have it ask for one");
        }
        if (!own.hasAuthority()) {
            return Optional.of("has no authority to judge certificates by: set ca_file");
        }
        if (own.fault().isPresent()) {
            return Optional.of(
                    "has a certificate that will not do: " + own.fault().get());
        }
        return own.certificateEnds()
                .filter(end -> !end.isAfter(now))
                .map(end -> "has a certificate that ended at " + end + ": renew it");
    }

    private static Stand stand(
            UpshiftStage stage, Optional<Duration> quiet, Optional<String> hindrance, Optional<UpshiftKind> needs) {
        return new Stand(stage, Ground.REPORT, quiet, hindrance, needs, Optional.empty());
    }

    /** Both by the member's own clock. */
    private static Optional<Duration> quiet(Optional<Instant> last, Instant reportedAt) {
        return last.map(at -> at.isAfter(reportedAt) ? Duration.ZERO : Duration.between(at, reportedAt))
                .filter(time -> time.compareTo(LONG) < 0);
    }

    private static Optional<String> loud(Optional<Duration> quiet, String what) {
        return quiet.filter(time -> time.compareTo(UpshiftGate.QUIET) < 0)
                .map(time -> "took " + what + " in " + time.toSeconds() + " s ago, from somebody");
    }
}
