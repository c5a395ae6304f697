package io.sotto.gossip.rotation;

import io.sotto.membership.rotation.RotationCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Says when a rotation is due without being asked for, and when the operator is to be told of the budget. Pure; one owner.
 *
 * <p>One member drives: the first of those that may and are there. A budget is each member's own, and others do not know that it
 * is spent; so where that is the reason, each waits for those before it to have had the time to do it.
 */
final class Calendar {
    /** What the log is to say of the budget. */
    enum Notice {
        NONE,
        /** A part of it is spent. */
        WARN,
        /** All of it is. */
        SPENT
    }

    private static final Duration TURN = Duration.ofMinutes(5);
    private static final Duration AGAIN = Duration.ofHours(1);
    private static final Duration HINDERED = Duration.ofMinutes(1);

    private final RotationSettings settings;
    private final String self;
    private Notice noticed = Notice.NONE;
    private Optional<Seals.Spent> spent = Optional.empty();
    private Instant noticedAt = Instant.EPOCH;
    private Instant spentSince = Instant.EPOCH;
    private Instant notBefore = Instant.EPOCH;
    private boolean isHindered;

    Calendar(RotationSettings settings, String self) {
        this.settings = settings;
        this.self = self;
    }

    /** What is to be said of the budget now: at each step once, and every hour while it is spent. */
    Notice notice(Seals.Spent now, Instant at) {
        boolean isSameKey =
                spent.filter(before -> before.key().equals(now.key())).isPresent();
        Notice before = isSameKey ? noticed : Notice.NONE;
        spent = Optional.of(now);
        noticed = now.messages() >= settings.budget().messages()
                ? Notice.SPENT
                : now.messages() >= settings.budget().warnAt() ? Notice.WARN : Notice.NONE;
        if (noticed == Notice.SPENT && before != Notice.SPENT) {
            spentSince = at;
        }
        boolean isNews = noticed.compareTo(before) > 0 || (noticed == Notice.SPENT && isPast(noticedAt, AGAIN, at));
        if (isNews) {
            noticedAt = at;
            return noticed;
        }
        return Notice.NONE;
    }

    /**
     * Why to begin a rotation now, if there is a reason.
     *
     * @param sotto the members that are there and are sotto's, in the order of their names
     */
    Optional<RotationCause> due(Seals.Spent now, List<String> sotto, Instant at) {
        Optional<Integer> turn = turn(sotto);
        if (turn.isEmpty() || at.isBefore(notBefore)) {
            return Optional.empty();
        }
        boolean isSpent = settings.budget().action() == NonceBudget.Action.ROTATE
                && now.messages() >= settings.budget().messages()
                && isPast(spentSince, TURN.multipliedBy(turn.get()), at);
        if (isSpent) {
            return Optional.of(RotationCause.BUDGET);
        }
        boolean isOld = !settings.every().isZero() && turn.get() == 0 && isPast(now.since(), settings.every(), at);
        return isOld ? Optional.of(RotationCause.AGE) : Optional.empty();
    }

    /** One has ended, or could not begin: the next is not due at once. */
    void tried(Instant at) {
        isHindered = false;
        Duration least = settings.every().isZero() || settings.every().compareTo(AGAIN) > 0 ? AGAIN : settings.every();
        notBefore = at.plus(least);
    }

    /**
     * The one that is due may not begin yet: it is due again before long.
     *
     * @return whether that is news, which is told once
     */
    boolean hindered(Instant at) {
        notBefore = at.plus(HINDERED);
        boolean isNews = !isHindered;
        isHindered = true;
        return isNews;
    }

    /** How many members drive before this one; empty if it does not. */
    private Optional<Integer> turn(List<String> sotto) {
        List<String> drivers = settings.drivers().isEmpty()
                ? sotto
                : settings.drivers().stream().filter(sotto::contains).toList();
        int at = drivers.indexOf(self);
        return at < 0 ? Optional.empty() : Optional.of(at);
    }

    private static boolean isPast(Instant since, Duration time, Instant now) {
        return !now.isBefore(since.plus(time));
    }
}
