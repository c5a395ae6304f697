package io.sotto.membership.upshift.drive;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One member of a {@link ModelCluster}: where it is on the ladder, and what it keeps. */
final class ModelMember {
    final String name;
    UpshiftStage stage = UpshiftStage.NONE;
    Optional<UpshiftRecord> held = Optional.empty();
    Optional<String> journal = Optional.empty();
    Optional<ModelDriver> driver = Optional.empty();
    boolean isUp = true;
    boolean hasLeft;
    /** Whether it is an agent of another kind, that only its operator moves. */
    boolean isForeign;
    /** It came, came back with nothing, or was left out, and has not caught up yet: nobody can have waited for it. */
    boolean isApart;
    /** Which side of a partition it is on. */
    int side;

    int life;
    Instant startedAt;
    /** When it last came or went, for the others. */
    Instant changedAt;

    Optional<Instant> lastInsecure = Optional.empty();
    /** Why it refuses orders, if it does. */
    String refusal = "";

    ModelMember(String name, Instant now) {
        this.name = name;
        this.startedAt = now;
        this.changedAt = now;
    }

    boolean isLive() {
        return isUp && !hasLeft;
    }

    Stand stand(Instant now) {
        Optional<Duration> quiet = lastInsecure.map(at -> Duration.between(at, now));
        return new Stand(
                stage,
                isForeign ? Stand.Ground.TRAFFIC : Stand.Ground.REPORT,
                quiet,
                Optional.empty(),
                isForeign ? Optional.of("change its file") : Optional.empty());
    }

    OrderAnswer obey(UpshiftEffect.Order order) {
        OrderRule.Verdict verdict = OrderRule.judge(held, stage, order.stage(), order.record());
        if (!verdict.isObeyed()) {
            return OrderAnswer.refused(verdict.why(), held);
        }
        if (!refusal.isEmpty() && verdict.take().isPresent()) {
            return OrderAnswer.refused(refusal, Optional.empty());
        }
        held = Optional.of(order.record());
        stage = verdict.take().orElse(stage);
        return OrderAnswer.taken();
    }
}
