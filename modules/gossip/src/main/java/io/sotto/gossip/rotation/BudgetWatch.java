package io.sotto.gossip.rotation;

import io.sotto.membership.rotation.RotationCause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Looks from time to time at what the present key has sealed: has it written down ahead, tells the operator how much of the
 * budget is spent, and says when a rotation is due. One owner; blocks on the disk.
 */
final class BudgetWatch {
    private final NonceBudget budget;
    private final Seals seals;
    private final Calendar calendar;
    private final Supplier<List<String>> sotto;
    private final Logger log;

    BudgetWatch(NonceBudget budget, Seals seals, Calendar calendar, Supplier<List<String>> sotto, Logger log) {
        this.budget = budget;
        this.seals = seals;
        this.calendar = calendar;
        this.sotto = sotto;
        this.log = log;
    }

    /** Why a rotation is to begin now, if there is a reason. */
    Optional<RotationCause> look(Instant now) {
        seals.writeAhead().ifPresent(fault -> log.warn("{}", fault));
        Optional<Seals.Spent> spent = seals.primary();
        if (spent.isEmpty()) {
            return Optional.empty();
        }
        tell(spent.get(), now);
        return calendar.due(spent.get(), sotto.get(), now);
    }

    /** A rotation has ended, or could not begin. */
    void tried(Instant now) {
        calendar.tried(now);
    }

    /** The one that is due may not begin yet. */
    void hindered(String why, Instant now) {
        if (calendar.hindered(now)) {
            log.info("the rotation that is due waits: {}", why);
        }
    }

    private void tell(Seals.Spent spent, Instant now) {
        switch (calendar.notice(spent, now)) {
            case NONE -> {
                // Nothing new to say.
            }
            case WARN ->
                log.warn(
                        "key {} has sealed {} messages of at most {}: rotate it before long",
                        spent.key(),
                        spent.messages(),
                        budget.messages());
            case SPENT ->
                log.error("key {} has sealed its {} messages: {}", spent.key(), budget.messages(), consequence());
        }
    }

    private String consequence() {
        return switch (budget.action()) {
            case WARN -> "rotate it now";
            case ROTATE -> "it is going to be rotated";
            case REFUSE -> "nothing is sealed or sent any more until the key is another";
        };
    }
}
