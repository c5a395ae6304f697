package io.sotto.gossip.rotation;

import io.sotto.gossip.keys.KeyOperation;
import io.sotto.gossip.keys.KeyReport;
import java.util.Optional;

/** The one question that is under way, and what has come of it: from the members of the pool, and from elsewhere. One owner. */
final class Asked {
    /** What all said. */
    record Answer(KeyReport report, OtherRings.Told elsewhere) {}

    private Optional<KeyOperation> operation = Optional.empty();
    private Optional<KeyReport> report = Optional.empty();
    private Optional<OtherRings.Told> elsewhere = Optional.empty();
    private long question;

    /**
     * All are asked this; answers to what was asked before count no more.
     *
     * @return the number of the question
     */
    long begin(KeyOperation what, boolean isAlsoElsewhere) {
        operation = Optional.of(what);
        report = Optional.empty();
        elsewhere = isAlsoElsewhere ? Optional.empty() : Optional.of(OtherRings.Told.nothing());
        return ++question;
    }

    /** The pool has answered, if this answers what was asked last. */
    void reported(KeyReport answer) {
        if (report.isEmpty() && operation.filter(answer.operation()::equals).isPresent()) {
            report = Optional.of(answer);
        }
    }

    void told(long which, OtherRings.Told answer) {
        if (which == question && elsewhere.isEmpty()) {
            elsewhere = Optional.of(answer);
        }
    }

    /** All there is to be had, once. */
    Optional<Answer> take() {
        if (operation.isEmpty() || report.isEmpty() || elsewhere.isEmpty()) {
            return Optional.empty();
        }
        operation = Optional.empty();
        return Optional.of(new Answer(report.get(), elsewhere.get()));
    }
}
